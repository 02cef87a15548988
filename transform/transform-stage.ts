import { setImmediate as yieldToOthers } from 'node:timers/promises'
import type { BatchHandler } from '../log/log-consumer.ts'
import type { LogRecord, LogWriter } from '../log/log-writer.ts'
import { AppError } from '../runtime/errors.ts'
import { deadLetterCodec, type DeadLetter } from '../schemas/dead-letter.ts'
import { rawWebhookCodec } from '../schemas/raw-webhook.ts'
import { deadLettersTopic } from '../schemas/topics.ts'
import { deterministicId } from './event-id.ts'
import type { Outcome, Position } from './outcome.ts'
import { encodeOutcome } from './outcome-encoder.ts'
import type { Sources } from './source.ts'
import type { TransformMetrics } from './transform-metrics.ts'
import { transform } from './transform.ts'

export interface TransformStageOptions {
  readonly log: LogWriter
  readonly sources: Sources
  readonly metrics: TransformMetrics
  readonly now: () => number
}

/** Time after which other work of the process, such as answering webhooks, gets its turn. */
const sliceMs = 10

/**
 * Handles batches of raw records: 1. transforms each, 2. appends all that they became, and resolves only when that is durable.
 * A crash before then repeats the batch, which gives the same records again (transform is pure) and so changes no figure.
 */
export function createTransformStage ({ log, sources, metrics, now }: TransformStageOptions): BatchHandler {
  return async ({ topic, partition, records, signal }) => {
    const messages: LogRecord[] = []
    const outcomes: Outcome[] = []
    let sliceEnds = now() + sliceMs
    for (const { offset, timestamp, value } of records) {
      const position: Position = { topic, partition, offset }
      const outcome = transformMessage(value, position)
      if ('dead_letter_id' in outcome) {
        messages.push({ topic: deadLettersTopic, key: outcome.dead_letter_id, timestamp, value: deadLetterCodec.encode(outcome) })
        metrics.rejected(outcome)
      } else {
        for (const message of encodeOutcome(outcome)) messages.push(message)
        outcomes.push(outcome)
      }
      if (now() >= sliceEnds) {
        await yieldToOthers(undefined, { signal })
        sliceEnds = now() + sliceMs
      }
    }
    await log.append(messages)
    for (const outcome of outcomes) metrics.transformed(outcome)
  }

  function transformMessage (value: Buffer, position: Position): Outcome | DeadLetter {
    try {
      return transform(rawWebhookCodec.decode(value), position, sources, now())
    } catch (error) {
      if (!(error instanceof AppError) || error.retryable) throw error
      return unreadable(value, position, error)
    }
  }

  /** Something else than a webhook was put into the raw topic: nothing is known of it but its bytes. */
  function unreadable (payload: Buffer, position: Position, error: AppError): DeadLetter {
    const id = deterministicId('transform', position.topic, String(position.partition), String(position.offset), payload.toString('base64'))
    return {
      dead_letter_id: id,
      vendor: null,
      business: null,
      source: null,
      topic: null,
      delivery_id: null,
      stage: 'transform',
      code: error.code,
      reason: error.message,
      received_at: null,
      failed_at: now(),
      raw_id: null,
      log_topic: position.topic,
      log_partition: position.partition,
      log_offset: position.offset,
      log_index: -1,
      payload
    }
  }
}
