import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type HttpProxy, startHttpProxy } from './http-proxy.ts'

const handled: string[] = []
const server = createServer((request, response) => {
  void text(request).then((body) => {
    handled.push(body)
    response.writeHead(201, { 'x-answer': 'kept' }).end(`got ${body.length}`)
  })
})
let proxy: HttpProxy

beforeEach(async () => {
  handled.length = 0
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  proxy = await startHttpProxy(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
afterEach(async () => {
  await proxy.close()
  server.close()
  server.closeAllConnections()
})

async function post (query: string, body: string): Promise<Response> {
  return await fetch(`${proxy.url}/?${new URLSearchParams({ query }).toString()}`, { method: 'POST', body })
}

test('passes requests and answers on, large ones too', async () => {
  const answer = await post('INSERT INTO t', 'x'.repeat(3_000_000))
  expect([answer.status, answer.headers.get('x-answer'), await answer.text()]).toEqual([201, 'kept', 'got 3000000'])
  expect(proxy.swallowed).toBe(0)
})

test('swallows the answer to one request of the kind, after the server has answered it', async () => {
  const lost = proxy.swallowNext('INSERT INTO landing')
  expect((await post('SELECT 1', 'first')).status).toBe(201)
  await expect(post('INSERT INTO landing.orders', 'second')).rejects.toThrow('fetch failed')
  expect(await lost).toBe(201)
  expect((await post('INSERT INTO landing.orders', 'third')).status).toBe(201)
  expect(handled).toEqual(['first', 'second', 'third'])
  expect(proxy.swallowed).toBe(1)
})

test('keeps answers back until they are let go', async () => {
  const hold = proxy.hold('INSERT INTO landing')
  const inserted = post('INSERT INTO landing.orders', 'first')
  await vi.waitFor(() => { expect(hold.held).toBe(1) })
  expect(await Promise.race([inserted, post('SELECT 1', 'second').then(() => 'not yet')])).toBe('not yet')
  hold.release()
  expect(await (await inserted).text()).toBe('got 5')
  expect((await post('INSERT INTO landing.orders', 'third')).status).toBe(201)
  expect(handled).toEqual(['first', 'second', 'third'])
  expect([hold.held, proxy.swallowed]).toEqual([1, 0])
})

test('closes the connection while the server is away', async () => {
  server.close()
  server.closeAllConnections()
  await expect(post('SELECT 1', 'first')).rejects.toThrow('fetch failed')
  server.listen(0)
})
