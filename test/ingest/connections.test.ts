import { describe, expect, test } from 'vitest'
import { createBodyBudget } from '../../ingest/body-budget.ts'
import { openConnection, requestHead, statuses, type RawConnection } from './raw-connection.ts'
import { formHeaders, nectorHeaders, testIngest, token, type TestIngest } from './test-ingest.ts'

const body = '{"name":"value"}'
const good = requestHead('POST', '/webhooks/nector/shop', { ...nectorHeaders, 'content-length': body.length }) + body
const live = requestHead('GET', '/livez', {})

async function listening (settings: Record<string, unknown>): Promise<TestIngest & { readonly port: number }> {
  const opened = testIngest(settings)
  return { ...opened, port: (await opened.ingest.listen()).port }
}

async function openMany (port: number, count: number): Promise<readonly RawConnection[]> {
  const connections: RawConnection[] = []
  for (let n = 0; n < count; n++) connections.push(await openConnection(port))
  return connections
}

async function sends (port: number): Promise<RawConnection> {
  const vendor = await openConnection(port)
  vendor.write(good)
  expect(statuses(await vendor.received('accepted'))).toEqual([200])
  return vendor
}

describe.each([
  ['of all', { MAX_CONNECTIONS: 20 }, 'limit'],
  ['of one address', { MAX_CONNECTIONS_PER_ADDRESS: 20 }, 'address_limit']
])('the limit %s', (_name, settings, reason) => {
  test('idle connections without credentials lock no vendor out: the oldest of them closes', async () => {
    const { port, registry } = await listening(settings)
    const idle = await openMany(port, 20)
    for (let n = 0; n < 3; n++) await sends(port)
    expect(await idle[0]?.closed).toBe('')
    expect(await registry.metrics()).toContain(`loyalty_ingest_connections_closed_total{reason="${reason}"} 3`)
    expect(await registry.metrics()).toContain('loyalty_ingest_connections 20')
  })

  test('nor do those that ask for /livez again and again', async () => {
    const { port } = await listening(settings)
    const probing = await openMany(port, 20)
    for (const connection of probing) connection.write(live)
    for (const connection of probing) await connection.received('alive')
    for (let round = 0; round < 3; round++) {
      await sends(port)
      for (const connection of probing.slice(4)) connection.write(live)
    }
  })

  test('a webhook that is under way keeps its connection, and of senders the one that was idle longest closes', async () => {
    const { port, log } = await listening(settings)
    log.hold()
    const underWay = await openConnection(port)
    underWay.write(good)
    await log.asked(1)
    const idle = await openMany(port, 19)
    const others = await openMany(port, 40)
    expect(await idle[18]?.closed).toBe('')
    expect(await others[0]?.closed).toBe('')
    log.release()
    expect(statuses(await underWay.received('accepted'))).toEqual([200])
  })

  test('where every connection is at work for a sender, the newcomer is closed', async () => {
    const { port, log } = await listening(settings)
    log.hold()
    const underWay = await openMany(port, 20)
    for (const connection of underWay) connection.write(good)
    await log.asked(20)
    expect(await (await openConnection(port)).closed).toBe('')
    log.release()
    for (const connection of underWay) expect(statuses(await connection.received('accepted'))).toEqual([200])
    // those that are idle again make room
    await sends(port)
  })
})

test('behind a trusted proxy one address may have all connections', async () => {
  const { port, registry } = await listening({ MAX_CONNECTIONS_PER_ADDRESS: 2, TRUSTED_PROXIES: '127.0.0.1' })
  const connections = await openMany(port, 10)
  for (const connection of connections) connection.write(live)
  for (const connection of connections) await connection.received('alive')
  expect(await registry.metrics()).not.toContain('reason="address_limit"')
})

describe('bodies under way', () => {
  const form = 'data=%7B%22p%22%3A%5B%5D%7D'
  const url = `/webhooks/netcore/panel?token=${token}`
  const mebibyte = 1024 * 1024

  test('have a common budget: over it 503 with Retry-After, and all of it is given back', async () => {
    const { port } = await listening({ IN_FLIGHT_BODY_BYTES: 16 * mebibyte })
    const uploads = await openMany(port, 60)
    for (const upload of uploads) upload.write(requestHead('POST', url, { ...formHeaders, 'content-length': 8 * mebibyte }))
    // the first two are let in and wait for their bodies
    const refused = await Promise.all(uploads.slice(2).map(async (upload) => await upload.received('"}}')))
    for (const answer of refused) {
      expect(statuses(answer)).toEqual([503])
      expect(answer).toContain('"code":"BODIES_OVER_BUDGET"')
      expect(answer.toLowerCase()).toContain('retry-after: 5')
      expect(answer.toLowerCase()).toContain('connection: close')
    }
    const small = requestHead('POST', url, { ...formHeaders, 'content-length': form.length }) + form
    const third = await openConnection(port)
    third.write(small)
    expect(statuses(await third.received('"}}'))).toEqual([503])

    // one goes away in the middle, one is answered 400: both give theirs back
    uploads[0]?.end()
    await uploads[0]?.closed
    uploads[1]?.write(Buffer.alloc(8 * mebibyte, 'a'))
    expect(statuses(await uploads[1]?.received('"}}') ?? '')).toEqual([400])
    for (let n = 0; n < 3; n++) {
      const chunked = await openConnection(port)
      chunked.write(requestHead('POST', url, { ...formHeaders, 'transfer-encoding': 'chunked' }) + `${form.length.toString(16)}\r\n${form}\r\n0\r\n\r\n`)
      expect(statuses(await chunked.received('accepted'))).toEqual([200])
    }
  })

  test('chunks, whose length nobody knows before, count as the largest body', async () => {
    const { port } = await listening({ IN_FLIGHT_BODY_BYTES: 16 * mebibyte })
    const uploads = await openMany(port, 2)
    for (const upload of uploads) upload.write(requestHead('POST', url, { ...formHeaders, 'transfer-encoding': 'chunked', expect: '100-continue' }))
    for (const upload of uploads) await upload.received('100 Continue')
    const third = await openConnection(port)
    third.write(requestHead('POST', url, { ...formHeaders, 'content-length': 8 * mebibyte }))
    expect(statuses(await third.received('"}}'))).toEqual([503])
  })

  test('a stranger reserves nothing', async () => {
    const { port } = await listening({ IN_FLIGHT_BODY_BYTES: 16 * mebibyte })
    const strangers = await openMany(port, 10)
    for (const stranger of strangers) stranger.write(requestHead('POST', '/webhooks/netcore/panel', { ...formHeaders, authorization: 'Bearer another', 'content-length': 8 * mebibyte }))
    for (const stranger of strangers) expect(statuses(await stranger.received('"}}'))).toEqual([401])
    await sends(port)
  })

  test('never reserve more than the budget', () => {
    const budget = createBodyBudget(100)
    const closing: Array<() => void> = []
    const response = { once: (_event: string, listener: () => void) => { closing.push(listener) } } as unknown as Parameters<typeof budget.reserve>[1]
    budget.reserve(60, response)
    expect(() => { budget.reserve(41, response) }).toThrow(expect.objectContaining({ code: 'BODIES_OVER_BUDGET' }) as Error)
    budget.reserve(40, response)
    expect(budget.reservedBytes).toBe(100)
    closing.forEach((close) => { close() })
    expect(budget.reservedBytes).toBe(0)
  })
})
