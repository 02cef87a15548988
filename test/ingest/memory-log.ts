import type { LogRecord, LogWriter } from '../../log/log-writer.ts'
import type { RawWebhook } from '../../schemas/raw-webhooks.ts'
import { codecs } from '../../schemas/codecs.ts'

/** A log in memory whose disk the test is: it may hold its appends back, or fail. */
export interface MemoryLog extends LogWriter {
  readonly records: readonly LogRecord[]
  /** The appended webhooks, decoded. */
  webhooks (): readonly RawWebhook[]
  readonly probes: number
  /** From now on no append or probe resolves until release(). */
  hold (): void
  release (): void
  /** From now on every append and probe rejects with this; undefined ends it. */
  fail (error: Error | undefined): void
  /** Resolves when this many appends have been asked for in all. */
  asked (count: number): Promise<void>
}

export function createMemoryLog (): MemoryLog {
  const records: LogRecord[] = []
  let gate: Promise<void> | undefined
  let open: () => void = () => {}
  let failure: Error | undefined
  let appends = 0
  let probes = 0
  let waiting: Array<{ readonly count: number, readonly resolve: () => void }> = []

  async function settle (): Promise<void> {
    await gate
    if (failure !== undefined) throw failure
  }

  return {
    records,
    webhooks: () => records.map(({ value }) => codecs.raw_webhooks.decode(value)),
    get probes () { return probes },
    async append (added) {
      appends++
      waiting = waiting.filter(({ count, resolve }) => {
        if (appends >= count) resolve()
        return appends < count
      })
      await settle()
      records.push(...added)
    },
    async probe () {
      probes++
      await settle()
    },
    hold () {
      gate = new Promise((resolve) => { open = resolve })
    },
    release () {
      gate = undefined
      open()
    },
    fail (error) { failure = error },
    asked: (count) => appends >= count ? Promise.resolve() : new Promise((resolve) => { waiting.push({ count, resolve }) })
  }
}
