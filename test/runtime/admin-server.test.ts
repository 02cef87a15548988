import { createServer } from 'node:net'
import { once } from 'node:events'
import { Registry } from 'prom-client'
import { expect, onTestFinished, test } from 'vitest'
import { startAdminServer } from '../../app/admin-server.ts'
import { AppError } from '../../runtime/errors.ts'
import { requireFreePort } from '../../app/require-free-port.ts'
import { logErrors } from '../../log/log-errors.ts'

test('the admin port tells whether the process can do its work, and the code of what is missing, without its words', async () => {
  let failure: Error | undefined = new AppError(logErrors.LOG_DISK_FULL, '/secret/path')
  const admin = await startAdminServer({ host: '127.0.0.1', port: 0, registry: new Registry(), ready: async () => { if (failure !== undefined) throw failure } })
  onTestFinished(() => admin.close())
  const ask = async () => {
    const answer = await fetch(`${admin.url}/readyz`)
    return [answer.status, await answer.json()]
  }
  expect(await ask()).toEqual([503, { status: 'not ready', code: 'LOG_DISK_FULL' }])
  failure = new Error('nobody thought of it')
  expect(await ask()).toEqual([503, { status: 'not ready', code: 'INTERNAL' }])
  failure = undefined
  expect(await ask()).toEqual([200, { status: 'ready' }])
})

test('a port that is taken is told with its setting', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => { other.close() })
  await once(other, 'listening')
  const address = other.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  await expect(requireFreePort('HTTP_PORT', '127.0.0.1', port)).rejects.toMatchObject({ code: 'PORT_IN_USE', message: expect.stringContaining(`HTTP_PORT ${port}`) as string })
  await requireFreePort('HTTP_PORT', '127.0.0.1', 0)
})
