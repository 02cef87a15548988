import { keep, type TextMap } from '../../extra.ts'
import { fieldReaders, readText } from '../../fields.ts'
import { personOf } from '../../identifiers.ts'
import { personColumns, type NectorRecord } from './nector-record.ts'

/**
 * Any other topic: a dashboard trigger can fire one with free fields, so nothing is required and all is kept by path. The customer is read
 * from the fields that every webhook may have, the tier and type also under the names that a lead has them by (viptier_create).
 */
export const otherEvent: NectorRecord = {
  topics: [],
  read (payload, { sentAt }, source) {
    const createdAt = fieldReaders.timestamp.read(payload['created_at']) ?? null
    return {
      key: null,
      occurredAt: fieldReaders.timestamp.read(payload['updated_at']) ?? createdAt ?? sentAt,
      createdAt: null,
      unreadable: [],
      complete (columns, { record_key: key }) {
        const extra: TextMap = {}
        for (const [name, value] of Object.entries(payload)) keep(extra, name, value)
        const leadId = readText(payload['lead_id'])
        const person = personOf({ customerId: readText(payload['user_customer_id']), email: readText(payload['user_email']), mobile: readText(payload['user_mobile']), leadId }, source)
        const value = {
          ...personColumns(person),
          lead_id: leadId,
          tier: readText(payload['user_tier']) ?? readText(payload['tier']),
          type: readText(payload['user_type']) ?? readText(payload['type']),
          extra
        }
        return { record: 'other_events', key, value: Object.assign(value, columns) }
      }
    }
  }
}
