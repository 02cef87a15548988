import { schemaIdOf } from '../../schemas/framing.ts'
import type { BatchHandler, LogBatch } from '../log-consumer.ts'
import type { LogRecord, LogWriter } from '../log-writer.ts'
import type { Log } from '../log.ts'
import { toConfluent, toSingleObject } from './confluent-framing.ts'
import type { SchemaIds } from './schema-ids.ts'
import { untilAborted } from './until-aborted.ts'

/**
 * A log whose topics hold Confluent framing, for other consumers; the stages see single-object
 * encoding, as in any log. Records are moved, never decoded. Messages in single-object encoding, written before a
 * registry was configured, pass unchanged.
 */
export function confluentLog (log: Log, ids: SchemaIds): Log {
  return {
    intake: confluentWriter(log.intake, ids),
    internal: confluentWriter(log.internal, ids),
    consume: (options, handler) => log.consume(options, withSingleObjects(handler, ids)),
    lag: () => log.lag(),
    backlog: () => log.backlog(),
    disk: () => log.disk(),
    ends: () => log.ends(),
    close: () => log.close()
  }
}

function confluentWriter (writer: LogWriter, ids: SchemaIds): LogWriter {
  return {
    append: async (records) => { await writer.append(records.map((record) => framed(record, ids))) },
    probe: () => writer.probe()
  }
}

/** A new object: the caller may append the record again. */
function framed ({ topic, key, timestamp, value }: LogRecord, ids: SchemaIds): LogRecord {
  return { topic, key, timestamp, value: toConfluent(value, (fingerprint) => ids.headerOf(topic, fingerprint)) }
}

/**
   * Rejects a batch with an id that the registry could not be asked for, so that only its partition waits. A message whose id the registry does not
   * have stays framed, for the handler to refuse.
   */
function withSingleObjects (handler: BatchHandler, ids: SchemaIds): BatchHandler {
  return async (batch) => {
    const unknown = unknownIds(batch, ids)
    if (unknown.size > 0) await untilAborted(ids.learn(unknown), batch.signal)
    await handler({
      ...batch, records: batch.records.map((record) => {
        const id = schemaIdOf(record.value)
        const fingerprint = id === undefined ? undefined : ids.fingerprintOf(id)
        return fingerprint === undefined ? record : { ...record, value: toSingleObject(record.value, fingerprint) }
      })
    })
  }
}

function unknownIds ({ records }: LogBatch, ids: SchemaIds): ReadonlySet<number> {
  const unknown = new Set<number>()
  for (const { value } of records) {
    const id = schemaIdOf(value)
    if (id !== undefined && ids.fingerprintOf(id) === undefined) unknown.add(id)
  }
  return unknown
}
