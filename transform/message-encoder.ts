import type { LogRecord } from '../log/log-writer.ts'
import { createCodec, type Codec } from '../schemas/codec.ts'
import { deadLetterCodec, type DeadLetter } from '../schemas/dead-letter.ts'
import { receiptCodec, type Receipt } from '../schemas/receipt.ts'
import { eventRecords, type EventRecord } from '../schemas/records.ts'
import { deadLettersTopic, eventTopic, receiptsTopic } from '../schemas/topics.ts'
import type { TypedRecord } from '../vendors/event-outcome.ts'

const codecs = Object.fromEntries(eventRecords.map((record) => [record, createCodec(record)])) as Readonly<Record<EventRecord, Codec<unknown>>>

/** `timestamp`: epoch milliseconds at which the webhook arrived. */
export function encodeRecord ({ record, key, value }: TypedRecord, timestamp: number): LogRecord {
  return { topic: eventTopic(record), key, timestamp, value: codecs[record].encode(value) }
}

export function encodeDeadLetter (letter: DeadLetter, timestamp: number): LogRecord {
  return { topic: deadLettersTopic, key: letter.dead_letter_id, timestamp, value: deadLetterCodec.encode(letter) }
}

export function encodeReceipt (receipt: Receipt): LogRecord {
  return { topic: receiptsTopic, key: receipt.raw_id, timestamp: receipt.received_at, value: receiptCodec.encode(receipt) }
}
