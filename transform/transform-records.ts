import type { ConsumedRecord } from '../log/log-consumer.ts'
import type { LogRecord } from '../log/log-writer.ts'
import { AppError } from '../runtime/errors.ts'
import { unknownWebhook, type DeadLetter } from '../schemas/dead-letters.ts'
import type { RawWebhook } from '../schemas/raw-webhooks.ts'
import type { Receipt } from '../schemas/receipts.ts'
import { recordSkipped } from '../schemas/skipped.ts'
import { letterIdOfRecord } from '../vendors/dead-letter-id.ts'
import { encodeDeadLetter, encodeReceipt, encodeRecord } from './message-encoder.ts'
import type { Position } from '../vendors/event-outcome.ts'
import type { EventMessages } from './outcome.ts'
import type { Sources } from '../vendors/source.ts'
import type { TransformCounts } from './transform-metrics.ts'
import { setAside, transformEvents } from './transform.ts'
import { codecs } from '../schemas/codecs.ts'

/** Raw records of one partition. */
export interface RawBatch {
  readonly topic: string
  readonly partition: number
  readonly records: readonly ConsumedRecord[]
  /** Offsets of raw records that ended their thread: each becomes a dead letter. */
  readonly setAside: ReadonlySet<number>
  /** Offsets of SKIP_RECORDS: each becomes a dead letter unread. */
  readonly skipped: ReadonlySet<number>
}

/** Log messages of the raw records, in order; each receipt after the other messages of its raw record. */
export interface Piece {
  readonly records: readonly LogRecord[]
  readonly counts: TransformCounts
}

export interface TransformRecordsOptions {
  readonly sources: Sources
  /** Epoch milliseconds: the time of receipts and dead letters. */
  readonly now: () => number
  /** Called with the index of each raw record before it is transformed. */
  readonly onRecord: (index: number) => void
}

/** Output of large webhooks is appended in pieces of this size. */
const pieceBytes = 8 * 1024 * 1024

/**
 * Transforms raw records event by event: yields each full piece, and finally the rest; yields undefined after any other event, so that
 * other work can run in between. Throws SCHEMA_UNKNOWN and other retryable errors.
 */
export function * transformRecords ({ topic, partition, records, setAside: refused, skipped }: RawBatch, { sources, now, onRecord }: TransformRecordsOptions): Generator<Piece | undefined, void> {
  let piece = emptyPiece()
  for (const [index, { offset, timestamp, value }] of records.entries()) {
    onRecord(index)
    const position: Position = { topic, partition, offset }
    const raw = skipped.has(offset) ? unreadable(value, position, recordSkipped(), now()) : decode(value, position, now())
    if ('dead_letter_id' in raw) {
      piece.bury(raw, timestamp)
      yield undefined
      continue
    }
    const events = refused.has(offset) ? setAside(raw, position, now()) : transformEvents(raw, position, sources, now())
    for (;;) {
      const next = events.next()
      if (next.done === true) {
        piece.records.push(encodeReceipt(next.value))
        piece.count(next.value)
        yield undefined
        break
      }
      piece.put(next.value, timestamp)
      if (piece.bytes < pieceBytes) {
        yield undefined
      } else {
        yield piece
        piece = emptyPiece()
      }
    }
  }
  yield piece
}

interface GrowingPiece extends Piece {
  readonly records: LogRecord[]
  readonly bytes: number
  put (messages: EventMessages, timestamp: number): void
  bury (letter: DeadLetter, timestamp: number): void
  count (receipt: Receipt): void
}

function emptyPiece (): GrowingPiece {
  const records: LogRecord[] = []
  const counts = { records: {} as Record<string, number>, unreadable: {} as Record<string, number>, deadLetters: {} as Record<string, number> }
  let bytes = 0
  const add = (record: LogRecord): void => {
    records.push(record)
    bytes += record.value.length
  }
  const bury = (letter: DeadLetter, timestamp: number): void => {
    add(encodeDeadLetter(letter, timestamp))
    counts.deadLetters[letter.code] = (counts.deadLetters[letter.code] ?? 0) + 1
  }
  return {
    records,
    counts,
    get bytes () { return bytes },
    bury,
    put (messages, timestamp) {
      if (messages.kind === 'dead-letter') bury(messages.letter, timestamp)
      else for (const record of messages.records) add(encodeRecord(record, timestamp))
    },
    count (receipt) {
      for (const kind of ['records', 'unreadable'] as const) {
        for (const [name, count] of Object.entries(receipt[kind])) counts[kind][name] = (counts[kind][name] ?? 0) + count
      }
    }
  }
}

function decode (value: Buffer, position: Position, now: number): RawWebhook | DeadLetter {
  try {
    return codecs.raw_webhooks.decode(value)
  } catch (error) {
    if (!(error instanceof AppError) || error.retryable) throw error
    return unreadable(value, position, error, now)
  }
}

/** The dead letter of an unreadable raw record: only its bytes are known. */
function unreadable (payload: Buffer, position: Position, error: AppError, now: number): DeadLetter {
  return {
    dead_letter_id: letterIdOfRecord(position.topic, payload),
    ...unknownWebhook,
    stage: 'transform',
    code: error.code,
    reason: error.message,
    received_at: null,
    failed_at: now,
    log_topic: position.topic,
    log_partition: position.partition,
    log_offset: position.offset,
    payload
  }
}
