import type { LogRecord } from '../log/log-writer.ts'
import { codecs } from '../schemas/codecs.ts'
import type { DeadLetter } from '../schemas/dead-letters.ts'
import type { Receipt } from '../schemas/receipts.ts'
import type { EventRecord } from '../schemas/records.ts'
import { deadLettersTopic, eventTopic, receiptsTopic } from '../schemas/topics.ts'
import type { TypedRecordOf } from '../vendors/event-outcome.ts'

/** `timestamp`: epoch milliseconds at which the webhook arrived. */
export function encodeRecord<R extends EventRecord> ({ record, key, value }: TypedRecordOf<R>, timestamp: number): LogRecord {
  return { topic: eventTopic(record), key, timestamp, value: codecs[record].encode(value) }
}

export function encodeDeadLetter (letter: DeadLetter, timestamp: number): LogRecord {
  return { topic: deadLettersTopic, key: letter.dead_letter_id, timestamp, value: codecs.dead_letters.encode(letter) }
}

export function encodeReceipt (receipt: Receipt): LogRecord {
  return { topic: receiptsTopic, key: receipt.raw_id, timestamp: receipt.received_at, value: codecs.receipts.encode(receipt) }
}
