import type { BatchHandler, LogBatch } from '../log/log-consumer.ts'
import type { LogWriter } from '../log/log-writer.ts'
import { AppError, isError } from '../runtime/errors.ts'
import { noPositions, type RecordPositions } from '../config/record-positions.ts'
import { unknownWebhook, type DeadLetter } from '../schemas/dead-letters.ts'
import { deadLettersTopic, topics } from '../schemas/topics.ts'
import type { WarehouseSink } from '../warehouse/warehouse-sink.ts'
import type { LoadMetrics } from './load-metrics.ts'
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
 * Handles batches of one topic: 1. inserts them, bisecting a refused batch down to its bad records,
 * 2. appends those as dead letters, and resolves only when both are durable.
 */
export function createLoadStage ({ sink, log, metrics, now, skip = noPositions }: LoadStageOptions): BatchHandler {
  const targets = new Map(topics.map(({ name, record }) => {
    const codec = codecs[record]
    return [name, { table: record, writerSchemas: codec.writerSchemas, letterId: loadLetterId(record, codec) }]
  }))

  return async (batch) => {
    const target = targets.get(batch.topic)
    if (target === undefined) throw new AppError(runtimeErrors.INTERNAL, `expected a topic of schemas/topics.ts, got ${batch.topic}`)
    const { runs, unreadable } = splitBySchema(batch, target.writerSchemas, skip)
    const refused = [...unreadable]
    for (const run of runs) refused.push(...await insert(target.table, batch, run))
    if (refused.length > 0) await bury(batch, refused, target.letterId)
    const lost = new Set(refused.map(({ message }) => message))
    metrics.loaded(target.table, batch.records.filter((message) => !lost.has(message)).map(({ timestamp }) => timestamp), now())
  }

  async function insert (table: string, batch: LogBatch, run: Run): Promise<readonly Refused[]> {
    try {
      await sink.insert(insertBlock(table, batch, run), batch.signal)
      return []
    } catch (error) {
      if (!isError(error, warehouseErrors.WAREHOUSE_REFUSED_DATA)) throw error
      const [only, ...others] = run.loadables
      if (only !== undefined && others.length === 0) return [{ message: only.message, error }]
      const middle = Math.ceil(run.loadables.length / 2)
      return [
        ...await insert(table, batch, { ...run, loadables: run.loadables.slice(0, middle) }),
        ...await insert(table, batch, { ...run, loadables: run.loadables.slice(middle) })
      ]
    }
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

/** In ClickHouse's own words, which say what was expected and quote what was got. */
function reasonOf (error: AppError): string {
  const words = error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
  return words.slice(0, 2000).toWellFormed()
}
