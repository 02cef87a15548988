import type { LogRecord } from '../log/log-writer.ts'
import { createCodec, type Codec } from '../schemas/codec.ts'
import { deadLetterCodec } from '../schemas/dead-letter.ts'
import { receiptCodec } from '../schemas/receipt.ts'
import { eventRecords, type EventRecord } from '../schemas/records.ts'
import { deadLettersTopic, eventTopic, receiptsTopic } from '../schemas/topics.ts'
import type { Outcome } from './outcome.ts'

const codecs = Object.fromEntries(eventRecords.map((record) => [record, createCodec(record)])) as Readonly<Record<EventRecord, Codec<unknown>>>

/** The messages of an outcome, the receipt last. */
export function encodeOutcome (outcome: Outcome): LogRecord[] {
  const timestamp = outcome.receipt.received_at
  const messages: LogRecord[] = outcome.records.map(({ record, key, value }) => ({ topic: eventTopic(record), key, timestamp, value: codecs[record].encode(value) }))
  for (const letter of outcome.deadLetters) messages.push({ topic: deadLettersTopic, key: letter.dead_letter_id, timestamp, value: deadLetterCodec.encode(letter) })
  messages.push({ topic: receiptsTopic, key: outcome.receipt.raw_id, timestamp, value: receiptCodec.encode(outcome.receipt) })
  return messages
}
