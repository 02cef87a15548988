import { hash } from 'node:crypto'
import { AppError } from '../runtime/errors.ts'
import type { Codec } from '../schemas/codec.ts'
import type { RecordName } from '../schemas/records.ts'
import { uuidOfHash } from '../schemas/uuid.ts'

/**
 * The id of a dead letter of this stage: the record's identity, which transform derived from source and content, so that an event that
 * is sent again, or delivered under another offset, adds no second letter. For an unreadable message, a hash of its bytes.
 */
export function loadLetterId (record: RecordName, codec: Pick<Codec<Readonly<Record<string, unknown>>>, 'decode'>): (value: Buffer) => string {
  return (value) => {
    const fields = readable(codec, value)
    const identity = fields?.['event_id'] ?? fields?.['dead_letter_id'] ?? fields?.['raw_id']
    const parts = typeof identity === 'string'
      ? [record, 'id', fields?.['source'] ?? '', identity, fields?.['item_index'] ?? '']
      : [record, 'bytes', hash('sha256', value)]
    return uuidOfHash(hash('sha256', JSON.stringify(['load', ...parts])))
  }
}

function readable (codec: Pick<Codec<Readonly<Record<string, unknown>>>, 'decode'>, value: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    return codec.decode(value)
  } catch (error) {
    // written by another version: not readable here
    if (error instanceof AppError) return undefined
    throw error
  }
}
