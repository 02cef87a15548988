import { expect, it } from 'vitest'
import { AppError } from '../../runtime/errors.ts'
import { testIngest } from './test-ingest.ts'
import { logErrors } from '../../log/log-errors.ts'

it('livez answers whatever the log does', async () => {
  const { ingest, log } = testIngest()
  log.hold()
  log.fail(new AppError(logErrors.LOG_UNAVAILABLE, 'gone'))
  const reply = await ingest.inject({ method: 'GET', url: '/livez' })
  expect([reply.statusCode, reply.json()]).toEqual([200, { status: 'alive' }])
})

it('readyz probes the log, once for all who ask at the same time', async () => {
  const { ingest, log } = testIngest()
  const ask = (method: 'GET' | 'HEAD' = 'GET') => ingest.inject({ method, url: '/readyz' })
  const replies = await Promise.all([ask(), ask(), ask('HEAD'), ...Array.from({ length: 50 }, () => ask())])
  expect(replies.map(({ statusCode }) => statusCode)).toEqual(replies.map(() => 200))
  expect(replies[0]?.json()).toEqual({ status: 'ready' })
  await ask()
  expect(log.probes).toBe(1)
})

it.each([
  ['LOG_UNAVAILABLE', new AppError(logErrors.LOG_UNAVAILABLE, 'secret path')],
  ['LOG_BACKLOG_FULL', new AppError(logErrors.LOG_BACKLOG_FULL, 'secret path')],
  ['LOG_UNAVAILABLE', new Error('secret path')]
])('readyz is 503 %s when the probe fails, and 200 again soon after it succeeds', async (code, failure) => {
  const { ingest, log } = testIngest()
  log.fail(failure)
  const reply = await ingest.inject({ method: 'GET', url: '/readyz' })
  expect(reply.statusCode).toBe(503)
  expect(reply.headers['retry-after']).toBeDefined()
  expect(reply.json()).toMatchObject({ error: { code } })
  expect(reply.body).not.toContain('secret path')
  log.fail(undefined)
  await expect.poll(async () => (await ingest.inject({ method: 'GET', url: '/readyz' })).statusCode, { timeout: 3_000 }).toBe(200)
})

it('readyz is 503 when the probe hangs, and starts no second one', async () => {
  const { ingest, log } = testIngest()
  log.hold()
  const replies = await Promise.all([1, 2].map(() => ingest.inject({ method: 'GET', url: '/readyz' })))
  expect(replies.map(({ statusCode }) => statusCode)).toEqual([503, 503])
  expect(log.probes).toBe(1)
  log.release()
  await expect.poll(async () => (await ingest.inject({ method: 'GET', url: '/readyz' })).statusCode, { timeout: 5_000 }).toBe(200)
})
