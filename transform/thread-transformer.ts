import { Worker } from 'node:worker_threads'
import type { LogBatch } from '../log/log-consumer.ts'
import { AppError } from '../runtime/errors.ts'
import type { Logger } from '../runtime/logger.ts'
import { noPositions, type RecordPositions } from '../config/record-positions.ts'
import type { BusinessConfig } from '../config/businesses.ts'
import { Mailbox } from './mailbox.ts'
import { packValues, unpackRecords } from './packed-records.ts'
import type { ThreadAnswer, ThreadRequest, ThreadStart } from './thread-messages.ts'
import type { Transformer } from './transformer.ts'
import { runtimeErrors } from '../runtime/runtime-errors.ts'
import { transformErrors } from './transform-errors.ts'

export interface ThreadTransformerOptions {
  readonly businesses: readonly BusinessConfig[]
  /** The built transform-thread.js. */
  readonly file: URL
  readonly logger: Logger
  /** Records that become dead letters unread. */
  readonly skip?: RecordPositions
  /** Longest time on one event, in milliseconds; a slower thread is terminated. */
  readonly stuckMs?: number
  readonly watchMs?: number
}

interface Thread {
  readonly worker: Worker
  /** Job, index of its raw record, and a counter of events. */
  readonly progress: Int32Array
  readonly jobs: Map<number, { readonly batch: LogBatch, readonly mailbox: Mailbox<ThreadAnswer> }>
  isReady: boolean
  cause: unknown
}

/** A raw record that ends this many threads becomes a dead letter. */
const mostDeaths = 2

/**
 * Transforms in a worker thread, so that no webhook delays the response to another. The log stays with the main thread,
 * which alone appends and acknowledges. If the thread dies or hangs, its batches are rejected with TRANSFORM_THREAD_LOST and
 * delivered again, to a new thread; the raw record that was in work becomes a dead letter the second time.
 */
export class ThreadTransformer implements Transformer {
  readonly #options: Required<ThreadTransformerOptions>
  readonly #deaths = new Map<string, number>()
  #thread: Thread | undefined
  #jobs = 0
  #isClosed = false

  constructor (options: ThreadTransformerOptions) {
    this.#options = { skip: noPositions, stuckMs: 60_000, watchMs: 1_000, ...options }
    this.#thread = this.#start()
  }

  async * transform (batch: LogBatch) {
    batch.signal.throwIfAborted()
    if (this.#isClosed) throw new AppError(runtimeErrors.SHUTTING_DOWN, 'expected a transform that runs, got one that is closed')
    const thread = this.#thread ??= this.#start()
    const job = this.#jobs++
    const mailbox = new Mailbox<ThreadAnswer>()
    const abort = (): void => { mailbox.fail(new AppError(runtimeErrors.SHUTTING_DOWN, 'the batch is no longer ours')) }
    batch.signal.addEventListener('abort', abort)
    thread.jobs.set(job, { batch, mailbox })
    try {
      this.#send(thread, job, batch)
      for (;;) {
        const answer = await mailbox.next()
        if (answer.kind === 'done') return
        if (answer.kind === 'failed') throw new AppError(answer.error, answer.message)
        if (answer.kind !== 'piece') continue
        // compute the next piece while this one is being appended
        thread.worker.postMessage({ kind: 'next', job } satisfies ThreadRequest)
        yield { records: unpackRecords(answer.packed), counts: answer.counts }
      }
    } finally {
      batch.signal.removeEventListener('abort', abort)
      thread.jobs.delete(job)
      thread.worker.postMessage({ kind: 'drop', job } satisfies ThreadRequest)
    }
  }

  async close (): Promise<void> {
    this.#isClosed = true
    await this.#thread?.worker.terminate()
  }

  #send ({ worker }: Thread, job: number, { topic, partition, records }: LogBatch): void {
    const values = packValues(records.map(({ value }) => value))
    const request: ThreadRequest = {
      kind: 'job',
      job,
      topic,
      partition,
      offsets: Float64Array.from(records, ({ offset }) => offset),
      timestamps: Float64Array.from(records, ({ timestamp }) => timestamp),
      values,
      setAside: records.flatMap(({ offset }) => (this.#deaths.get(placeOf(topic, partition, offset)) ?? 0) >= mostDeaths ? offset : []),
      skipped: records.flatMap(({ offset }) => this.#options.skip.has(topic, partition, offset) ? offset : [])
    }
    worker.postMessage(request, [values.bytes])
  }

  #start (): Thread {
    const { businesses, file } = this.#options
    const shared = new SharedArrayBuffer(12)
    const workerData: ThreadStart = { businesses, progress: shared }
    // No heap limit: a large allocation beyond it makes V8 end the whole process. Memory is bounded by the body limit.
    const worker = new Worker(file, { workerData })
    const thread: Thread = { worker, progress: new Int32Array(shared), jobs: new Map(), isReady: false, cause: undefined }
    worker.on('message', (answer: ThreadAnswer) => {
      if (answer.kind === 'ready') thread.isReady = true
      else thread.jobs.get(answer.job)?.mailbox.put(answer)
    })
    worker.on('error', (error) => { thread.cause = error })
    const watch = this.#watch(thread)
    worker.once('exit', () => {
      clearInterval(watch)
      if (this.#thread === thread) this.#thread = undefined
      if (!this.#isClosed) this.#lost(thread)
      const error = new AppError(transformErrors.TRANSFORM_THREAD_LOST, 'expected the transform to end a batch, got the end of its thread; the batch is delivered again', { cause: thread.cause })
      for (const { mailbox } of thread.jobs.values()) mailbox.fail(error)
    })
    // the log and the servers keep the process alive
    worker.unref()
    return thread
  }

  /** Terminates a thread that makes no progress on its work. */
  #watch (thread: Thread): NodeJS.Timeout {
    const { stuckMs, watchMs } = this.#options
    let last = { beats: -1, at: performance.now() }
    return setInterval(() => {
      const beats = Atomics.load(thread.progress, 2)
      // a job whose piece was not fetched yet waits for the caller, not the other way round
      const isWorking = thread.isReady && [...thread.jobs.values()].some(({ mailbox }) => mailbox.isEmpty)
      if (beats !== last.beats || !isWorking) last = { beats, at: performance.now() }
      else if (performance.now() - last.at > stuckMs) {
        thread.cause = new Error(`one event took longer than ${stuckMs} ms`)
        void thread.worker.terminate()
      }
    }, watchMs).unref()
  }

  #lost ({ progress, jobs, cause }: Thread): void {
    const { topic, partition, records } = jobs.get(Atomics.load(progress, 0))?.batch ?? {}
    const offset = records?.[Atomics.load(progress, 1)]?.offset
    if (topic !== undefined && partition !== undefined && offset !== undefined) {
      const place = placeOf(topic, partition, offset)
      this.#deaths.set(place, (this.#deaths.get(place) ?? 0) + 1)
    }
    this.#options.logger.error({ err: cause, topic, partition, offset }, 'transform thread ended; its batches are delivered again, and a record that ends it twice becomes a dead letter')
  }
}

function placeOf (topic: string, partition: number, offset: number): string {
  return `${topic}:${partition}:${offset}`
}
