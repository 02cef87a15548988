import { setImmediate as yieldToOthers } from 'node:timers/promises'
import type { BatchHandler } from '../log/log-consumer.ts'
import type { LogRecord, LogWriter } from '../log/log-writer.ts'
import { AppError } from '../runtime/errors.ts'
import { unknownWebhook, type DeadLetter } from '../schemas/dead-letter.ts'
import { rawWebhookCodec, type RawWebhook } from '../schemas/raw-webhook.ts'
import { letterIdOfRecord } from './dead-letter-id.ts'
import { encodeDeadLetter, encodeReceipt, encodeRecord } from './message-encoder.ts'
import type { Position } from './outcome.ts'
import type { Sources } from './source.ts'
import type { TransformMetrics } from './transform-metrics.ts'
import { transformEvents } from './transform.ts'

export interface TransformStageOptions {
  readonly log: LogWriter
  readonly sources: Sources
  readonly metrics: TransformMetrics
  readonly now: () => number
}

/** Time after which other work of the process, such as answering webhooks, gets its turn. */
const sliceMs = 10
/** What a few large webhooks become is appended in pieces of this size. */
const chunkBytes = 8 * 1024 * 1024

/**
 * Handles batches of raw records: transforms each and appends what it became, its receipt last. Resolves only when all of that is
 * durable. A crash before then repeats the batch, which gives the same records again (the transform is pure) and so changes no figure.
 */
export function createTransformStage ({ log, sources, metrics, now }: TransformStageOptions): BatchHandler {
  return async ({ topic, partition, records, signal }) => {
    let chunk: LogRecord[] = []
    let bytes = 0
    let sliceEnds = performance.now() + sliceMs

    for (const { offset, timestamp, value } of records) {
      const position: Position = { topic, partition, offset }
      const raw = decode(value, position)
      if ('dead_letter_id' in raw) {
        await bury(raw, timestamp)
        continue
      }
      const events = transformEvents(raw, position, sources, now())
      for (;;) {
        const next = events.next()
        if (next.done === true) {
          await put(encodeReceipt(next.value))
          metrics.transformed(next.value)
          break
        }
        if (next.value.kind === 'dead-letter') await bury(next.value.letter, timestamp)
        else for (const record of next.value.records) await put(encodeRecord(record, timestamp))
      }
    }
    await log.append(chunk)

    async function bury (letter: DeadLetter, timestamp: number): Promise<void> {
      await put(encodeDeadLetter(letter, timestamp))
      metrics.rejected(letter)
    }

    async function put (message: LogRecord): Promise<void> {
      chunk.push(message)
      bytes += message.value.length
      if (bytes >= chunkBytes) {
        await log.append(chunk)
        chunk = []
        bytes = 0
      }
      if (performance.now() >= sliceEnds) {
        await yieldToOthers(undefined, { signal })
        sliceEnds = performance.now() + sliceMs
      }
    }
  }

  function decode (value: Buffer, position: Position): RawWebhook | DeadLetter {
    try {
      return rawWebhookCodec.decode(value)
    } catch (error) {
      if (!(error instanceof AppError) || error.retryable) throw error
      return unreadable(value, position, error)
    }
  }

  /** Something else than a webhook was put into the raw topic: nothing is known of it but its bytes. */
  function unreadable (payload: Buffer, position: Position, error: AppError): DeadLetter {
    return {
      dead_letter_id: letterIdOfRecord(position.topic, payload),
      ...unknownWebhook,
      stage: 'transform',
      code: error.code,
      reason: error.message,
      received_at: null,
      failed_at: now(),
      log_topic: position.topic,
      log_partition: position.partition,
      log_offset: position.offset,
      payload
    }
  }
}
