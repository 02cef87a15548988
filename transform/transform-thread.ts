import { setImmediate as yieldToOthers } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { AppError } from '../runtime/errors.ts'
import { packRecords, unpackValues } from './packed-records.ts'
import { createSources } from '../vendors/source.ts'
import type { ThreadAnswer, ThreadRequest, ThreadStart } from './thread-messages.ts'
import { transformRecords } from './transform-records.ts'
import { runtimeErrors } from '../runtime/runtime-errors.ts'

/** Time slice of one job before another partition's gets its turn. */
const sliceMs = 10

const { businesses, progress } = workerData as ThreadStart
const sources = createSources(businesses)
const at = new Int32Array(progress)
/** Wakes a job that waits for `next`; false ends it. */
const waiting = new Map<number, (goOn: boolean) => void>()

parentPort?.on('message', (request: ThreadRequest) => {
  switch (request.kind) {
    case 'job':
      void work(request)
      break
    case 'next':
    case 'drop':
      waiting.get(request.job)?.(request.kind === 'next')
      break
  }
})

async function work (request: ThreadRequest & { kind: 'job' }): Promise<void> {
  const { job, topic, partition, offsets, timestamps } = request
  const records = unpackValues(request.values).map((value, index) => ({ offset: offsets[index] ?? 0, timestamp: timestamps[index] ?? 0, value }))
  let record = 0
  const tell = (): void => {
    Atomics.store(at, 0, job)
    Atomics.store(at, 1, record)
    Atomics.add(at, 2, 1)
  }
  const onRecord = (index: number): void => {
    record = index
    tell()
  }
  try {
    let sliceEnds = performance.now() + sliceMs
    for (const piece of transformRecords({ topic, partition, records, setAside: new Set(request.setAside), skipped: new Set(request.skipped) }, { sources, now: Date.now, onRecord })) {
      if (piece !== undefined) {
        const packed = packRecords(piece.records)
        const goOn = new Promise<boolean>((resolve) => { waiting.set(job, resolve) })
        answer({ kind: 'piece', job, packed, counts: piece.counts }, [packed.bytes])
        if (!await goOn) return
      } else if (performance.now() >= sliceEnds) {
        await yieldToOthers()
        sliceEnds = performance.now() + sliceMs
      }
      tell()
    }
    answer({ kind: 'done', job })
  } catch (error) {
    answer({ kind: 'failed', job, error: error instanceof AppError ? error.kind : runtimeErrors.INTERNAL, message: error instanceof Error ? error.message : String(error) })
  } finally {
    waiting.delete(job)
  }
}

function answer (message: ThreadAnswer, transfer: readonly ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer)
}

answer({ kind: 'ready' })
