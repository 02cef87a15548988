import type { Change } from '../schemas/changes.ts'
import type { WarehouseSink } from '../warehouse/warehouse-sink.ts'
import { changesBlock } from './loadable.ts'

/** Notes changes in the warehouse before the rows that they follow from. */
export interface ChangeNotes {
  /** Resolves when they are durably noted; rejects as the sink does, or once the signal is aborted. */
  note (changes: readonly Change[], signal: AbortSignal): Promise<void>
}

interface Waiting {
  readonly changes: readonly Change[]
  readonly signal: AbortSignal
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/**
 * One insert at a time: what many partitions note meanwhile goes together with the next, as each by itself would be a part of its own.
 * An insert is given up only when nobody waits for it any more.
 */
export function createChangeNotes (sink: WarehouseSink): ChangeNotes {
  let waiting: Waiting[] = []
  let isRunning = false

  async function run (): Promise<void> {
    isRunning = true
    while (waiting.length > 0) {
      const taken = waiting
      waiting = []
      const everybody = allAborted(taken.map(({ signal }) => signal))
      try {
        await sink.insert(changesBlock(taken.flatMap(({ changes }) => changes)), everybody.signal)
        for (const { resolve } of taken) resolve()
      } catch (error) {
        for (const { reject } of taken) reject(error)
      } finally {
        everybody.release()
      }
    }
    isRunning = false
  }

  return {
    async note (changes, signal) {
      signal.throwIfAborted()
      let giveUp = (): void => {}
      try {
        await new Promise<void>((resolve, reject) => {
          giveUp = () => { reject(signal.reason as Error) }
          signal.addEventListener('abort', giveUp)
          waiting.push({ changes, signal, resolve, reject })
          if (!isRunning) void run()
        })
      } finally {
        // a signal may outlive many batches
        signal.removeEventListener('abort', giveUp)
      }
    }
  }
}

/** A signal that is aborted once all of these are, and a way to let go of them. */
function allAborted (signals: readonly AbortSignal[]): { readonly signal: AbortSignal, release (): void } {
  const all = new AbortController()
  const check = (): void => { if (signals.every(({ aborted }) => aborted)) all.abort() }
  for (const signal of signals) signal.addEventListener('abort', check)
  check()
  return { signal: all.signal, release () { for (const signal of signals) signal.removeEventListener('abort', check) } }
}
