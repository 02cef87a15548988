import { describe, expect, it } from 'vitest'
import { openConnection, requestHead, statuses, type RawConnection } from './raw-connection.ts'
import { formHeaders, nectorHeaders, testIngest, token, type TestIngest } from './test-ingest.ts'

const nectorUrl = '/webhooks/nector/shop'
const netcoreUrl = '/webhooks/netcore/panel'
const mebibyte = 1024 * 1024
const body = '{"name":"value"}'
const good = requestHead('POST', nectorUrl, { ...nectorHeaders, 'content-length': body.length }) + body

async function listening (settings: Record<string, unknown> = {}): Promise<TestIngest & { readonly port: number }> {
  const test = testIngest(settings)
  return { ...test, port: (await test.ingest.listen()).port }
}

/** The next good request, on a connection of its own and with another way of sending, has to be accepted. */
async function acceptsAnother (port: number): Promise<void> {
  const reply = await fetch(`http://127.0.0.1:${port}${netcoreUrl}?token=${token}`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"panel":[]}'
  })
  expect([reply.status, await reply.text()]).toEqual([200, '{"status":"accepted"}'])
}

describe('what is no HTTP request is refused, and the next good request is accepted', () => {
  it.each<[string, string | Buffer, number]>([
    ['garbage', 'garbage\r\n\r\n', 400],
    ['binary garbage', Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0xff, 0x0d, 0x0a, 0x0d, 0x0a]), 400],
    ['headers without end', `POST ${nectorUrl} HTTP/1.1\r\n${`x-a: ${'b'.repeat(100)}\r\n`.repeat(200)}`, 400],
    ['two lengths', requestHead('POST', nectorUrl, { ...nectorHeaders, 'content-length': 2, 'Content-Length': 3 }) + '{}', 400],
    ['a length and chunks', requestHead('POST', nectorUrl, { ...nectorHeaders, 'content-length': 2, 'transfer-encoding': 'chunked' }) + '0\r\n\r\n', 400],
    ['a negative length', requestHead('POST', nectorUrl, { ...nectorHeaders, 'content-length': -1 }), 400],
    ['broken chunks', requestHead('POST', nectorUrl, { ...nectorHeaders, 'transfer-encoding': 'chunked' }) + 'zz\r\n{}\r\n', 400]
  ])('%s', async (_name, bytes, status) => {
    const { port, log } = await listening()
    const connection = await openConnection(port)
    connection.write(bytes)
    const answer = await connection.closed
    expect(statuses(answer)).toEqual([status])
    expect(answer).toContain('{"error":{"code":"BODY_MALFORMED","message":"expected ')
    expect(log.records).toEqual([])
    await acceptsAnother(port)
  })
})

describe('a refused request is answered whole, and its connection ends with it', () => {
  const post = (url: string, headers: Record<string, string | number>, sent: string | Buffer): Buffer =>
    Buffer.concat([Buffer.from(requestHead('POST', url, { ...headers, 'content-length': sent.length })), Buffer.from(sent)])
  it.each<[string, Buffer, number]>([
    ['a wrong type', post(nectorUrl, { ...nectorHeaders, 'content-type': 'text/plain' }, body), 415],
    ['a malformed body', post(nectorUrl, nectorHeaders, '{'), 400],
    ['a stranger', post(nectorUrl, { 'content-type': 'application/json' }, body), 401],
    ['a stranger with 8 MiB', post(netcoreUrl, { ...formHeaders, authorization: 'Bearer other' }, Buffer.alloc(8 * mebibyte, 'a')), 401],
    ['9 MiB', post(netcoreUrl, formHeaders, Buffer.alloc(9 * mebibyte, 'a')), 413],
    ['2 MiB of Nector', post(nectorUrl, nectorHeaders, Buffer.alloc(2 * mebibyte, 'a')), 413],
    ['an unknown source', post('/webhooks/nector/other', nectorHeaders, body), 404],
    ['another method', Buffer.from(good.replace('POST', 'PUT')), 405],
    ['a method nobody knows', Buffer.from(good.replace('POST', 'PROPFIND')), 405],
    ['a URL that does not decode', post('/webhooks/nector/%ff', nectorHeaders, body), 404]
  ])('%s', async (_name, bytes, status) => {
    const { port, log } = await listening()
    const connection = await openConnection(port)
    connection.write(bytes)
    const answer = await connection.closed
    expect(statuses(answer)).toEqual([status])
    expect(answer).toMatch(/\r\nconnection: close\r\n/i)
    expect(answer).toMatch(/\{"error":\{"code":"[A-Z_]+","message":"[^"]+"\}\}$/)
    // the bytes of an authenticated sender are kept as a dead letter
    expect(log.records.map(({ topic }) => topic)).toEqual(status === 400 ? ['dead-letters'] : [])
    await acceptsAnother(port)
  })
})

it.each(['close', 'keep-alive'])('a sender that reads only after it has sent sees its answer, with connection: %s', async (connectionHeader) => {
  const { port } = await listening()
  const connection = await openConnection(port)
  connection.pause()
  connection.write(requestHead('POST', netcoreUrl, { ...formHeaders, connection: connectionHeader, 'content-length': 9 * mebibyte }))
  for (let sent = 0; sent < 9; sent++) {
    await new Promise((resolve) => setTimeout(resolve, 10))
    connection.write(Buffer.alloc(mebibyte, 'a'))
  }
  connection.resume()
  expect(statuses(await connection.received('"}}'))).toEqual([413])
  await acceptsAnother(port)
})

it('a length over the limit is refused before the body has come', async () => {
  const { port } = await listening()
  const connection = await openConnection(port)
  connection.write(requestHead('POST', netcoreUrl, { ...formHeaders, 'content-length': 9 * mebibyte }))
  expect(statuses(await connection.received('"}}'))).toEqual([413])
  await acceptsAnother(port)
})

it('a stranger is refused before the body has come', async () => {
  const { port } = await listening()
  const connection = await openConnection(port)
  connection.write(requestHead('POST', netcoreUrl, { ...formHeaders, authorization: 'Bearer other', 'content-length': 8 * mebibyte }))
  expect(statuses(await connection.received('"}}'))).toEqual([401])
  await acceptsAnother(port)
})

it('chunks without end are refused at the limit, and cut off', async () => {
  const { port, log } = await listening({ NECTOR_BODY_LIMIT_BYTES: 100_000 })
  const connection = await openConnection(port)
  connection.write(requestHead('POST', nectorUrl, { ...nectorHeaders, 'transfer-encoding': 'chunked' }))
  const chunk = `1000\r\n${'a'.repeat(0x1000)}\r\n`
  const sending = setInterval(() => { connection.write(chunk) }, 1)
  const answer = await connection.closed.finally(() => { clearInterval(sending) })
  expect(statuses(answer)).toEqual([413])
  expect(log.records).toEqual([])
  await acceptsAnother(port)
})

describe('a request that is dripped gets 408 and holds nobody up', () => {
  async function drip (connection: RawConnection, bytes: string): Promise<string> {
    const dripping = setInterval(() => { connection.write(bytes) }, 20)
    return await connection.closed.finally(() => { clearInterval(dripping) })
  }

  it.each([
    ['its body', requestHead('POST', nectorUrl, { ...nectorHeaders, 'content-length': 10_000 })],
    ['its chunks', requestHead('POST', nectorUrl, { ...nectorHeaders, 'transfer-encoding': 'chunked' }) + '2710\r\n'],
    ['its headers', `POST ${nectorUrl} HTTP/1.1\r\nx-a: `]
  ])('%s', async (_name, start) => {
    const { port, log } = await listening({ REQUEST_TIMEOUT_MS: 400 })
    const connection = await openConnection(port)
    connection.write(start)
    const dripped = drip(connection, ' ')
    await acceptsAnother(port)
    const answer = await dripped
    expect(statuses(answer)).toEqual([408])
    expect(answer).toContain('"code":"REQUEST_TIMEOUT"')
    expect(log.webhooks().map(({ vendor }) => vendor)).toEqual(['netcore'])
    await acceptsAnother(port)
  })

  it('counts as refused', async () => {
    const { port, registry } = await listening({ REQUEST_TIMEOUT_MS: 400 })
    const connection = await openConnection(port)
    connection.write(requestHead('POST', nectorUrl, { ...nectorHeaders, 'content-length': 10_000 }))
    await connection.closed
    await expect.poll(() => registry.metrics()).toContain('ingest_refused_total{vendor="nector",code="REQUEST_TIMEOUT"} 1')
  })
})

it('a sender that goes away in the middle of its body leaves nothing behind', async () => {
  const { port, log, registry } = await listening()
  const connection = await openConnection(port)
  connection.write(requestHead('POST', nectorUrl, { ...nectorHeaders, 'content-length': 10 }) + '{}')
  connection.end()
  await connection.closed
  await expect.poll(() => registry.metrics()).toContain('ingest_refused_total{vendor="nector"')
  await acceptsAnother(port)
  expect(log.webhooks().map(({ vendor }) => vendor)).toEqual(['netcore'])
})

it('pipelined requests are answered in order, each on its own merits', async () => {
  const { port, log } = await listening()
  const connection = await openConnection(port)
  const stranger = good.replace(/x-nector-webhook-secret: .{64}/, 'x-a: b')
  connection.write(good + good + stranger + good)
  expect(statuses(await connection.closed)).toEqual([200, 200, 401])
  // what came behind the refused one may be taken, but is not answered: its sender repeats it
  expect([2, 3]).toContain(log.records.length)
})

describe('a header that comes twice', () => {
  const twice = (name: string, first: string, second: string): string => {
    const { [name]: _own, ...others } = { ...nectorHeaders, 'x-nector-webhook-hmac': '', connection: 'close', 'content-length': body.length } as Record<string, string | number>
    return requestHead('POST', nectorUrl, others).replace('\r\n\r\n', `\r\n${name}: ${first}\r\n${name}: ${second}\r\n\r\n`) + body
  }
  const answerTo = async (sent: string): Promise<{ readonly status: readonly number[], readonly log: TestIngest['log'] }> => {
    const { port, log } = await listening()
    const connection = await openConnection(port)
    connection.write(sent)
    return { status: statuses(await connection.closed), log }
  }
  const { 'x-nector-webhook-secret': secretHeader = '' } = nectorHeaders as Readonly<Record<string, string>>

  it.each([['x-nector-topic', 'order_create'], ['x-nector-delivery-id', 'd-1'], ['x-nector-timestamp', '1700000000'], ['x-nector-webhook-secret', secretHeader]])('%s with the same value counts once', async (name, value) => {
    const { status, log } = await answerTo(twice(name, value, value))
    expect(status).toEqual([200])
    if (name === 'x-nector-topic') expect(log.webhooks()[0]).toMatchObject({ topic: value })
    if (name === 'x-nector-delivery-id') expect(log.webhooks()[0]).toMatchObject({ delivery_id: value })
    if (name === 'x-nector-timestamp') expect(log.webhooks()[0]?.headers['x-nector-timestamp']).toBe(value)
  })

  it.each([['x-nector-topic', 'order_create', 'lead_create'], ['x-nector-delivery-id', 'd-1', 'd-2'], ['x-nector-timestamp', '1', '2']])('%s with two values is refused, and its bytes are kept', async (name, first, second) => {
    const { status, log } = await answerTo(twice(name, first, second))
    expect(status).toEqual([400])
    expect(log.records.map(({ topic }) => topic)).toEqual(['dead-letters'])
  })

  it('a value with a comma in it is one value', async () => {
    const { status, log } = await answerTo(requestHead('POST', nectorUrl, { ...nectorHeaders, 'x-nector-topic': 'a, b', connection: 'close', 'content-length': body.length }) + body)
    expect(status).toEqual([200])
    expect(log.webhooks()[0]).toMatchObject({ topic: 'a, b' })
  })
})
