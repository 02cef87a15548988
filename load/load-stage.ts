import type { BatchHandler, LogBatch } from '../log/log-consumer.ts'
import type { LogWriter } from '../log/log-writer.ts'
import { AppError, isError } from '../runtime/errors.ts'
import { noPositions, type RecordPositions } from '../config/record-positions.ts'
import { unknownWebhook, type DeadLetter } from '../schemas/dead-letters.ts'
import { changesTopic, deadLettersTopic, loadedTopics } from '../schemas/topics.ts'
import type { WarehouseSink } from '../warehouse/warehouse-sink.ts'
import type { LoadMetrics } from './load-metrics.ts'
import { createChangeNotes } from './change-notes.ts'
import { changesOf, type Changes, type ReadChanges } from './changes.ts'
import { loadLetterId } from './load-letter-id.ts'
import { insertBlock, splitBySchema, type Refused, type Run } from './loadable.ts'
import { codecs } from '../schemas/codecs.ts'
import { runtimeErrors } from '../runtime/runtime-errors.ts'
import { warehouseErrors } from '../warehouse/warehouse-errors.ts'

export interface LoadStageOptions {
  /** Retries transient failures itself, so that a rejection is about the data or about shutdown. */
  readonly sink: WarehouseSink
  readonly log: LogWriter
  readonly metrics: LoadMetrics
  readonly now: () => number
  /** Records that become dead letters unread. */
  readonly skip?: RecordPositions
}

/**
 * Handles batches of one topic: 1. notes in the warehouse what their rows will change, so that no figure is taken for complete meanwhile,
 * 2. inserts them, bisecting a refused batch down to its bad records, 3. appends those as dead letters, 4. appends what has changed for the stage
 * that works it out. Resolves only when all are durable.
 */
export function createLoadStage ({ sink, log, metrics, now, skip = noPositions }: LoadStageOptions): BatchHandler {
  const notes = createChangeNotes(sink)
  const targets = new Map(loadedTopics.map(({ name, record }) => {
    const codec = codecs[record]
    return [name, { table: record, writerSchemas: codec.writerSchemas, letterId: loadLetterId(record, codec), readChanges: changesOf(record) }]
  }))

  return async (batch) => {
    const target = targets.get(batch.topic)
    if (target === undefined) throw new AppError(runtimeErrors.INTERNAL, `expected a topic of schemas/topics.ts, got ${batch.topic}`)
    const { runs, unreadable } = splitBySchema(batch, target.writerSchemas, skip)
    const refused = [...unreadable]
    const noted: Changes[] = []
    for (const run of runs) refused.push(...await insert(target, batch, run, noted))
    if (refused.length > 0) await bury(batch, refused, target.letterId)
    for (const changes of noted) await tell(changes)
    const lost = new Set(refused.map(({ message }) => message))
    metrics.loaded(target.table, batch.records.filter((message) => !lost.has(message)).map(({ timestamp }) => timestamp), now())
  }

  interface Target {
    readonly table: string
    readonly readChanges: ReadChanges | undefined
  }

  async function insert (target: Target, batch: LogBatch, run: Run, noted: Changes[]): Promise<readonly Refused[]> {
    const block = insertBlock(target.table, batch, run)
    const changes = target.readChanges?.(run, block.token, latestOf(run))
    if (changes !== undefined && changes.changes.length > 0) {
      await notes.note(changes.changes, batch.signal)
      // also where the rows are refused: what is noted must be worked out, or it would wait for ever
      noted.push(changes)
    }
    try {
      await sink.insert(block, batch.signal)
      return []
    } catch (error) {
      if (!isError(error, warehouseErrors.WAREHOUSE_REFUSED_DATA)) throw error
      const [only, ...others] = run.loadables
      if (only !== undefined && others.length === 0) return [{ message: only.message, error }]
      const middle = Math.ceil(run.loadables.length / 2)
      return [
        ...await insert(target, batch, { ...run, loadables: run.loadables.slice(0, middle) }, noted),
        ...await insert(target, batch, { ...run, loadables: run.loadables.slice(middle) }, noted)
      ]
    }
  }

  async function tell ({ changes, told }: Changes): Promise<void> {
    await log.append(changes.map((change) => ({ topic: changesTopic, key: change.business, timestamp: change.arrived_at, value: codecs.changes.encode(change) })))
    told()
  }

  async function bury (batch: LogBatch, refused: readonly Refused[], letterId: (value: Buffer) => string): Promise<void> {
    const stuck = refused.find(({ error }) => batch.topic === deadLettersTopic && error.code === 'WAREHOUSE_REFUSED_DATA')
    // The dead letter of a dead letter would be refused again, for ever: needs a person, so the partition waits.
    if (stuck !== undefined) throw new AppError(warehouseErrors.WAREHOUSE_UNAVAILABLE, 'expected landing.dead_letters to take every dead letter, got a refusal; is its table as the migrations made it?', { cause: stuck.error })
    const letters = refused.map((entry) => ({ letter: deadLetterOf(batch, entry, letterId(entry.message.value)), timestamp: entry.message.timestamp }))
    await log.append(letters.map(({ letter, timestamp }) => ({ topic: deadLettersTopic, key: letter.dead_letter_id, timestamp, value: codecs.dead_letters.encode(letter) })))
    letters.forEach(({ letter }) => { metrics.rejected(letter) })
  }

  function deadLetterOf ({ topic, partition }: LogBatch, { message, error }: Refused, id: string): DeadLetter {
    return {
      dead_letter_id: id,
      ...unknownWebhook,
      stage: 'load',
      code: error.code,
      reason: reasonOf(error),
      received_at: message.timestamp,
      failed_at: now(),
      log_topic: topic,
      log_partition: partition,
      log_offset: message.offset,
      payload: message.value
    }
  }
}

/** When the last webhook behind these rows arrived. */
function latestOf ({ loadables }: Run): number {
  return loadables.reduce((latest, { message }) => Math.max(latest, message.timestamp), 0)
}

/** In ClickHouse's own words, which say what was expected and quote what was got. */
function reasonOf (error: AppError): string {
  const words = error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
  return words.slice(0, 2000).toWellFormed()
}
