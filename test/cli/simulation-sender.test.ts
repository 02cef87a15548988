import type { ServerResponse } from 'node:http'
import { describe, expect, test, vi } from 'vitest'
import { createPacer } from '../../simulator/send/pacer.ts'
import { createPersistentPost } from '../../simulator/send/persistent-post.ts'
import type { Answer } from '../../simulator/send/http-post.ts'
import { sendWebhooks } from '../../simulator/send/send-webhooks.ts'
import { streamLive } from '../../simulator/send/stream-live.ts'
import type { SimulatedWebhook } from '../../simulator/webhook.ts'
import { accept, endAt, shopConfig, testShop, testTarget } from './simulation-fixture.ts'

// Thousands of events take their time on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const webhooks: readonly SimulatedWebhook[] = [...testShop({ events: 300 })]
const [webhook] = webhooks
if (webhook === undefined) throw new Error('expected a webhook')

/** Whom the target is out of reach for a moment must not be given up by the test. */
const patience = { firstMs: 60_000, laterMs: 60_000 }
const noPatience = { firstMs: 0, laterMs: 0 }

describe('sending', () => {
  test('brings every webhook as it is, over no more connections than asked for, and reports each once', async () => {
    const { url, received } = await testTarget(accept)
    const reported: SimulatedWebhook[] = []
    const summary = await sendWebhooks(webhooks, { url, concurrency: 3, onAccepted: (one) => { reported.push(one) } })

    expect(received.map(({ body }) => body).toSorted()).toEqual(webhooks.map(({ body }) => body).toSorted())
    expect(reported.toSorted((one, two) => webhooks.indexOf(one) - webhooks.indexOf(two))).toEqual(webhooks)
    expect(new Set(received.map(({ port }) => port)).size).toBeLessThanOrEqual(3)
    for (const { request, body } of received) {
      expect(webhooks).toContainEqual(expect.objectContaining({ path: request.url, body }))
      if (request.url?.includes('/nector/') === true) expect(request.headers['x-nector-webhook-hmac']).toMatch(/^[0-9a-f]{64}$/)
    }
    const { nector, netcore } = summary.accepted
    expect(nector.webhooks + netcore.webhooks).toBe(webhooks.length)
    expect(nector.events + netcore.events).toBe(webhooks.reduce((sum, { events }) => sum + events, 0))
    expect(summary).toMatchObject({ aborted: false, retries: 0, repeats: webhooks.filter(({ repeat }) => repeat).length })
  })

  test('keeps a path before the routes, as a proxy may have one', async () => {
    const { url, received } = await testTarget(accept)
    await sendWebhooks([webhook], { url: `${url}/hooks/` })
    expect(received[0]?.request.url).toBe(`/hooks${webhook.path}`)
  })

  test('sends again what was refused with 503 or cut off, and reports only what was accepted', async () => {
    let arrivals = 0
    const { url, received } = await testTarget((request, response) => {
      arrivals += 1
      if (arrivals === 1) response.writeHead(503, { 'retry-after': '0' }).end()
      else if (arrivals === 2) response.destroy()
      else accept(request, response)
    })
    const reported: SimulatedWebhook[] = []
    const reasons: string[] = []
    const summary = await sendWebhooks(webhooks.slice(0, 3), {
      url, concurrency: 1, patience, onAccepted: (one) => { reported.push(one) }, onRetry: (_one, reason) => { reasons.push(reason) }
    })
    expect(received.map(({ body }) => webhooks.findIndex((one) => one.body === body))).toEqual([0, 0, 0, 1, 2])
    expect(reported).toEqual(webhooks.slice(0, 3))
    expect(reasons).toEqual(['HTTP 503', 'ECONNRESET'])
    expect(summary.retries).toBe(2)
  })

  test.each([
    [401, 'CONFIG_FILE'],
    [403, 'allowIps'],
    [404, 'has no'],
    [400, 'perhaps no ingest']
  ])('stops at once at %i and says what to check', async (status, hint) => {
    const { url, received } = await testTarget((_request, response) => { response.writeHead(status).end('{"code":"X"}') })
    await expect(sendWebhooks(webhooks, { url, concurrency: 2 })).rejects.toMatchObject({ code: 'TARGET_REFUSED', message: expect.stringContaining(hint) as string })
    expect(received.length).toBeLessThanOrEqual(4)
  })

  test('says how to start what is not there', async () => {
    await expect(sendWebhooks(webhooks, { url: await closedUrl(), patience: noPatience })).rejects.toMatchObject({
      code: 'TARGET_UNREACHABLE', message: expect.stringContaining('npm start') as string
    })
  })

  test('stops on the signal, waiting for no answer: what was not answered is not reported', { timeout: 20_000 }, async () => {
    const stop = new AbortController()
    let arrivals = 0
    const held: ServerResponse[] = []
    const { url } = await testTarget((request, response) => {
      arrivals += 1
      if (arrivals <= 5) return accept(request, response)
      held.push(response)
      stop.abort()
    })
    const reported: SimulatedWebhook[] = []
    const summary = await sendWebhooks(webhooks, { url, concurrency: 1, signal: stop.signal, onAccepted: (one) => { reported.push(one) } })
    expect(summary.aborted).toBe(true)
    expect(reported).toEqual(webhooks.slice(0, 5))
    expect(held.length).toBe(1)
  })
})

describe('persistence', () => {
  /** Posts once against the given answers; gives the waits between them. */
  async function waitsFor (...answers: ReadonlyArray<Partial<Answer> | Error>): Promise<readonly number[]> {
    const waits: number[] = []
    const left = [...answers]
    const post = createPersistentPost({
      url: 'http://target',
      poster: {
        post () {
          const next = left.shift() ?? { status: 200 }
          return next instanceof Error ? Promise.reject(next) : Promise.resolve({ status: 200, retryAfterMs: undefined, body: '', ...next })
        },
        close () {}
      },
      signal: new AbortController().signal,
      patience,
      onRetry () {},
      sleep (milliseconds) {
        waits.push(milliseconds)
        return Promise.resolve()
      }
    })
    await post(webhook as SimulatedWebhook)
    expect(left).toEqual([])
    return waits
  }

  test('never waits less than Retry-After asks for', async () => {
    const [wait] = await waitsFor({ status: 503, retryAfterMs: 7_000 })
    expect(wait).toBeGreaterThanOrEqual(7_000)
  })

  test('waits longer each time, up to a limit', async () => {
    const waits = await waitsFor(...Array.from({ length: 9 }, (_, index) => index % 2 === 0 ? { status: 503 } : new Error('gone')))
    expect(waits.length).toBe(9)
    expect(waits[4]).toBeGreaterThan(2 * (waits[1] ?? 0))
    expect(Math.max(...waits)).toBeLessThanOrEqual(6_000)
  })
})

describe('pacing', () => {
  /** A clock that only sleeping moves. */
  function testClock () {
    let time = 0
    const sleep = (milliseconds: number): Promise<void> => {
      time += milliseconds
      return Promise.resolve()
    }
    return { now: () => time, sleep, stall: (milliseconds: number) => { time += milliseconds } }
  }

  test('lets events through at the rate, a batch counting as its events', async () => {
    const clock = testClock()
    const pace = createPacer({ eventsPerSecond: 10, ...clock })
    for (const events of [1, 40, 1, 1]) await pace(events)
    expect(clock.now()).toBe(4_200)
  })

  test('does not make up for a stall with a burst', async () => {
    const clock = testClock()
    const pace = createPacer({ eventsPerSecond: 10, ...clock })
    await pace(1)
    clock.stall(60_000)
    for (let turn = 0; turn < 21; turn++) await pace(1)
    expect(clock.now()).toBeGreaterThan(60_000 + 1_700)
  })
})

describe('live', () => {
  test('fills the past first, then goes on in the present until the signal', async () => {
    const { url, received } = await testTarget(accept)
    const stop = new AbortController()
    const sent: SimulatedWebhook[] = []
    let pastCount: number | undefined
    // A clock that is ahead makes the present come at once.
    let clock = endAt
    const summary = await streamLive({
      config: shopConfig(),
      url,
      now: () => clock,
      backfillEvents: 200,
      live: { eventsPerSecond: 50 },
      signal: stop.signal,
      onLive () {
        pastCount = sent.length
        clock = Infinity
      },
      onAccepted (one) {
        sent.push(one)
        if (sent.filter(({ sendAt }) => sendAt > endAt).length === 300) stop.abort()
      }
    })
    expect(summary.aborted).toBe(true)
    expect(pastCount).toBeGreaterThan(0)
    expect(received.length).toBeGreaterThanOrEqual(sent.length)
    const past = sent.filter(({ sendAt, repeat }) => sendAt <= endAt && !repeat)
    expect(past.reduce((sum, { events }) => sum + events, 0)).toBe(200)
    const topics = new Set(sent.filter(({ sendAt }) => sendAt > endAt).map(({ topic }) => topic))
    // What takes days takes minutes.
    expect(topics).toContain('lead_create')
    expect(topics).toContain('order_update')
  })
})

/** An address where nobody listens. */
async function closedUrl (): Promise<string> {
  const { createServer } = await import('node:http')
  const server = createServer()
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  const address = server.address()
  await new Promise((resolve) => { server.close(resolve) })
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
}
