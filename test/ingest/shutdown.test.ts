import { expect, it } from 'vitest'
import { openConnection, requestHead, statuses } from './raw-connection.ts'
import { nectorHeaders, testIngest } from './test-ingest.ts'

const url = '/webhooks/nector/shop'
const head = requestHead('POST', url, { ...nectorHeaders, 'content-length': 2 })

it('running requests are finished, also one whose body is still coming, and what follows on their connections is not taken', async () => {
  const { ingest, log } = testIngest()
  const { port } = await ingest.listen()
  log.hold()
  const connection = await openConnection(port)
  connection.write(`${head}{}`)
  await log.asked(1)
  const half = await openConnection(port)
  half.write(head)
  const other = await openConnection(port)
  other.write(`${head}{}`)
  await log.asked(2)
  let isClosed = false
  const closed = ingest.close().then(() => { isClosed = true })
  connection.write(`${head}{}`)
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(isClosed).toBe(false)
  expect(log.records).toEqual([])

  log.release()
  const answer = await connection.closed
  expect(statuses(answer)).toEqual([200])
  expect(statuses(await other.closed)).toEqual([200])
  half.write('{}')
  expect(statuses(await half.closed)).toEqual([200])
  await closed
  expect(log.records).toHaveLength(3)
})

it('a request on a connection that stays open is told SHUTTING_DOWN', async () => {
  const { ingest, log } = testIngest()
  const { port } = await ingest.listen()
  const connection = await openConnection(port)
  // A request whose headers are not complete counts as running, so its connection stays.
  connection.write(head.slice(0, -2))
  const ready = await openConnection(port)
  ready.write('GET /readyz HTTP/1.1\r\nhost: test\r\n')
  await new Promise((resolve) => setTimeout(resolve, 50))
  const closed = ingest.close()
  connection.write('\r\n{}')
  ready.write('\r\n')
  for (const answer of [await connection.closed, await ready.closed]) {
    expect(statuses(answer)).toEqual([503])
    expect(answer).toMatch(/^connection: close\r$/im)
    expect(answer).toMatch(/^retry-after: 5\r$/im)
    expect(answer).toContain('"code":"SHUTTING_DOWN"')
  }
  await closed
  expect(log.records).toEqual([])
})

it('idle connections do not hold the shutdown up', async () => {
  const { ingest } = testIngest()
  const { port } = await ingest.listen()
  const idle = await openConnection(port)
  idle.write(requestHead('GET', '/livez', {}))
  await idle.received('alive')
  await ingest.close(60_000)
  await idle.closed
})

it('what hangs is cut off at the deadline', async () => {
  const { ingest, log } = testIngest()
  const { port } = await ingest.listen()
  log.hold()
  const connection = await openConnection(port)
  connection.write(`${head}{}`)
  await log.asked(1)
  await ingest.close(50)
  expect(await connection.closed).toBe('')
})

it('a port that is taken is PORT_IN_USE', async () => {
  const { ingest } = testIngest()
  const { port } = await ingest.listen()
  const second = testIngest({ HTTP_PORT: port })
  await expect(second.ingest.listen()).rejects.toMatchObject({ code: 'PORT_IN_USE', message: expect.stringContaining(String(port)) as string })
})
