import type { FastifyInstance } from 'fastify'
import type { LogWriter } from '../log/log-writer.ts'
import { AppError } from '../runtime/errors.ts'
import { answerInTime } from './answer-in-time.ts'

/** A probe writes to disk: however often it is asked for, it is made no more often than this. */
const keepMs = 1_000
const deadlineMs = 2_000

/** `GET /livez`: the process answers. `GET /readyz`: a webhook sent now would be made durable. */
export function probeRoutes (app: FastifyInstance, log: LogWriter, isClosing: () => boolean): void {
  const probe = sharedProbe(log)
  app.get('/livez', (_request, reply) => { reply.send({ status: 'alive' }) })
  app.get('/readyz', async () => {
    if (isClosing()) throw new AppError('SHUTTING_DOWN', 'no webhooks are taken any more')
    await probe()
    return { status: 'ready' }
  })
}

/** One probe for all who ask at the same time and for a moment after. A probe that hangs is waited for, not started again. */
function sharedProbe (log: LogWriter): () => Promise<void> {
  let current: Promise<void> | undefined
  return async () => {
    if (current === undefined) {
      const started = log.probe()
      current = started
      const forget = (): void => {
        setTimeout(() => { current = undefined }, keepMs).unref()
      }
      started.then(forget, forget)
    }
    await answerInTime(current, deadlineMs)
  }
}
