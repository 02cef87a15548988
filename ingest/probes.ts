import type { FastifyInstance } from 'fastify'
import type { LogWriter } from '../log/log-writer.ts'
import { sharedProbe } from '../log/shared-probe.ts'
import { AppError } from '../runtime/errors.ts'
import { runtimeErrors } from '../runtime/runtime-errors.ts'

/** `GET /livez`: the process answers. `GET /readyz`: a webhook sent now would be made durable. */
export function probeRoutes (app: FastifyInstance, log: LogWriter, isClosing: () => boolean): void {
  const probe = sharedProbe(log)
  app.get('/livez', (_request, reply) => { reply.send({ status: 'alive' }) })
  app.get('/readyz', async () => {
    if (isClosing()) throw new AppError(runtimeErrors.SHUTTING_DOWN, 'no webhooks are taken any more')
    await probe()
    return { status: 'ready' }
  })
}
