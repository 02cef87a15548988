import { keep, type TextMap } from '../../extra.ts'
import type { NectorRecord } from './nector-record.ts'

/** Any other topic: a dashboard trigger can fire one with free fields, so nothing is required and all is kept by path. */
export const otherEvent: NectorRecord = {
  topics: [],
  read (payload, { sentAt }) {
    return {
      key: null,
      occurredAt: sentAt,
      createdAt: null,
      unreadable: [],
      complete (columns, { record_key: key }) {
        const extra: TextMap = {}
        for (const [name, value] of Object.entries(payload)) keep(extra, name, value)
        return { record: 'other_events', key, value: Object.assign({ extra }, columns) }
      }
    }
  }
}
