import { createHash, hash } from 'node:crypto'
import type { ConsumedRecord, LogBatch } from '../log/log-consumer.ts'
import { AppError } from '../runtime/errors.ts'
import type { RecordPositions } from '../config/record-positions.ts'
import type { WriterSchema } from '../schemas/codec.ts'
import { readFrame } from '../schemas/framing.ts'
import { recordSkipped } from '../schemas/skipped.ts'
import type { InsertBlock } from '../warehouse/warehouse-sink.ts'
import type { Change } from '../schemas/changes.ts'
import { codecs } from '../schemas/codecs.ts'
import { avroContainer } from './avro-container.ts'
import { schemaErrors } from '../schemas/schema-errors.ts'

/** A message without its framing. */
export interface Loadable {
  readonly message: ConsumedRecord
  readonly payload: Buffer
}

/** Consecutive messages of one writer schema: the content of one Avro container. */
export interface Run {
  readonly schema: WriterSchema
  readonly loadables: readonly Loadable[]
}

/** A message that cannot be loaded, and why. */
export interface Refused {
  readonly message: ConsumedRecord
  readonly error: AppError
}

/**
 * Removes the framing and splits where the writer schema changes, as it does during the rollout of a new version.
 * Throws SCHEMA_UNKNOWN, which is retryable, for a schema that only a newer version knows. Records of `skip` are rejected unread.
 */
export function splitBySchema (batch: LogBatch, writerSchemas: ReadonlyMap<string, WriterSchema>, skip: RecordPositions): { readonly runs: readonly Run[], readonly unreadable: readonly Refused[] } {
  const runs: Array<{ schema: WriterSchema, loadables: Loadable[] }> = []
  const unreadable: Refused[] = []
  for (const message of batch.records) {
    try {
      if (skip.has(batch.topic, batch.partition, message.offset)) throw recordSkipped()
      const { fingerprint, payload } = readFrame(message.value)
      const schema = writerSchemas.get(fingerprint)
      if (schema === undefined) {
        throw new AppError(schemaErrors.SCHEMA_UNKNOWN, `expected a schema that this version knows, got fingerprint ${fingerprint} in ${batch.topic} at ${batch.partition}:${message.offset}; load with the version that wrote it, or a later one`)
      }
      const last = runs.at(-1)
      if (last?.schema === schema) last.loadables.push({ message, payload })
      else runs.push({ schema, loadables: [{ message, payload }] })
    } catch (error) {
      if (!(error instanceof AppError) || error.retryable) throw error
      unreadable.push({ message, error })
    }
  }
  return { runs, unreadable }
}

/**
 * The insert of a run. Its token hashes topic, partition, offsets and content: equal messages give an equal token
 * at every attempt, and a new log, whose offsets start again, does not collide with the old one.
 */
export function insertBlock (table: string, { topic, partition }: LogBatch, { schema, loadables }: Run): InsertBlock {
  const payloads = loadables.map(({ payload }) => payload)
  const content = createHash('sha256')
  for (const payload of payloads) content.update(payload)
  const first = loadables[0]?.message.offset
  const last = loadables.at(-1)?.message.offset
  return {
    table,
    columns: schema.fields,
    token: `${topic}:${partition}:${first}-${last}:${schema.fingerprint}:${content.digest('hex').slice(0, 32)}`,
    rows: payloads.length,
    container: () => avroContainer(schema, payloads)
  }
}

/** The insert of what another insert changes. */
export function changesBlock (changes: readonly Change[]): InsertBlock {
  const schema = codecs.changes.current
  return {
    table: 'changes',
    columns: schema.fields,
    token: `changes:${hash('sha256', changes.map((change) => change.change_id).join())}`,
    rows: changes.length,
    container: () => avroContainer(schema, changes.map((change) => readFrame(codecs.changes.encode(change)).payload))
  }
}
