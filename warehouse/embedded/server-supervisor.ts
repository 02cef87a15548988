import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { AppError } from '../../runtime/errors.ts'
import type { ServerChild, ServerExit } from './server-child.ts'
import { warehouseErrors } from '../warehouse-errors.ts'
import { backoffMs } from '../../runtime/backoff.ts'

const backoff = { firstMs: 200, longestMs: 10_000 } as const

/** CANNOT_OPEN_FILE, ClickHouse's error when another server holds the data directory. */
const dataDirectoryHeld = 76

export interface SupervisorOptions {
  readonly spawn: () => Promise<ServerChild>
  /** Resolves when the server answers; rejects when the signal is aborted. */
  readonly ready: (signal: AbortSignal) => Promise<void>
  readonly logger: Logger
  readonly dataPath: string
  /** How long a predecessor that is still stopping may hold the data directory, in milliseconds. */
  readonly graceMs: number
}

const startTimeoutMs = 60_000
const stopTimeoutMs = 20_000
/** A shorter run counts as a failed start, which increases the back-off. */
const quickDeathMs = 10_000
const errorAfterQuickDeaths = 3

/** Keeps one server process running from `start` to `close`. */
export class ServerSupervisor {
  readonly #options: SupervisorOptions
  readonly #closing = new AbortController()
  #child: ServerChild | undefined
  #keeping: Promise<void> = Promise.resolve()

  constructor (options: SupervisorOptions) {
    this.#options = options
  }

  get pid (): number | undefined {
    return this.#child?.pid
  }

  /** Resolves when the server answers. A failed start is not retried, except while another server holds the directory. */
  async start (): Promise<void> {
    const until = performance.now() + this.#options.graceMs
    for (;;) {
      const child = await this.#spawn()
      const exit = await this.#readyOrExit(child)
      if (exit === undefined) {
        this.#keeping = this.#keepRunning(child)
        return
      }
      this.#closing.signal.throwIfAborted()
      if (exit.clickHouseCode !== dataDirectoryHeld || performance.now() >= until) throw startFailure(exit, this.#options.dataPath)
      await sleep(200, undefined, { signal: this.#closing.signal })
    }
  }

  /** Stops cleanly, after 20 seconds by force. Resolves when the process is gone. May be called more than once. */
  async close (): Promise<void> {
    this.#closing.abort(new AppError(warehouseErrors.EMBEDDED_WAREHOUSE_FAILED, 'the embedded ClickHouse was closed'))
    const child = this.#child
    if (child !== undefined) await stopChild(child, this.#options.logger)
    await this.#keeping
  }

  async #spawn (): Promise<ServerChild> {
    const child = await this.#options.spawn()
    this.#child = child
    // Closed while starting: `close` has not seen this process.
    if (this.#closing.signal.aborted) child.kill()
    return child
  }

  /** Undefined when the server answers, otherwise how it ended. */
  async #readyOrExit (child: ServerChild): Promise<ServerExit | undefined> {
    const given = new AbortController()
    const timeout = AbortSignal.timeout(startTimeoutMs)
    const signal = AbortSignal.any([this.#closing.signal, given.signal, timeout])
    try {
      return await Promise.race([child.exited, this.#options.ready(signal).then(() => undefined)])
    } catch {
      child.kill()
      const exit = await child.exited
      return timeout.aborted ? { ...exit, lastWords: `no answer within ${startTimeoutMs / 1000} s` } : exit
    } finally {
      given.abort()
    }
  }

  async #keepRunning (first: ServerChild): Promise<void> {
    const { logger } = this.#options
    let child = first
    let quickDeaths = 0
    for (;;) {
      const exit = await child.exited
      if (this.#closing.signal.aborted) return

      quickDeaths = performance.now() - child.startedAt < quickDeathMs ? quickDeaths + 1 : 0
      const waitMs = Math.round(backoffMs(backoff, quickDeaths + 1))
      const fields = { exitCode: exit.code, signal: exit.signal, reason: exit.lastWords, waitMs, quickDeaths }
      if (quickDeaths >= errorAfterQuickDeaths) logger.error(fields, 'embedded ClickHouse keeps crashing; loading has stopped, nothing is lost')
      else logger.warn(fields, 'embedded ClickHouse ended unexpectedly; restarting it')

      try {
        await sleep(waitMs, undefined, { signal: this.#closing.signal })
      } catch {
        return
      }
      child = await this.#spawn().catch(endedBeforeItBegan)
      if (await this.#readyOrExit(child) === undefined) logger.info({ serverPid: child.pid }, 'embedded ClickHouse is back')
    }
  }
}

/** A process that could not be spawned, as on a full disk, counts as one that died at once. */
function endedBeforeItBegan (error: unknown): ServerChild {
  const exit = { code: undefined, signal: undefined, lastWords: String(error), clickHouseCode: undefined }
  return { pid: undefined, startedAt: performance.now(), exited: Promise.resolve(exit), stop () {}, kill () {} }
}

function startFailure (exit: ServerExit, dataPath: string): AppError {
  const reason = exit.lastWords === '' ? `exit code ${exit.code ?? 'none'}, signal ${exit.signal ?? 'none'}` : exit.lastWords
  const message = exit.clickHouseCode === dataDirectoryHeld
    ? `${dataPath} is already in use by another running server, or cannot be opened: stop the other one or set DATA_DIR (${reason})`
    : `the embedded ClickHouse did not start: ${reason}`
  return new AppError(warehouseErrors.EMBEDDED_WAREHOUSE_FAILED, message, { fields: { dataPath } })
}

async function stopChild (child: ServerChild, logger: Logger): Promise<void> {
  const force = setTimeout(() => {
    logger.warn({ serverPid: child.pid }, 'embedded ClickHouse did not stop in time and was killed; nothing is lost')
    child.kill()
  }, stopTimeoutMs)
  child.stop()
  await child.exited
  clearTimeout(force)
}
