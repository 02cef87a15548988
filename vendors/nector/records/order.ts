import type { SentRow } from '../../../schemas/define/field.ts'
import type { orderFields } from '../../../schemas/order-fields.ts'
import type { Payload } from '../../payload-reader.ts'
import { joinKey, nectorRecord, ownId } from './nector-record.ts'

/** Shared with the review request, which is an order plus a link. */
export function orderKey (order: SentRow<typeof orderFields>, payload: Payload): string | null {
  return ownId(payload) ?? joinKey(order.reference_order_source, order.reference_order_id) ?? order.reference_order_id
}

export const order = nectorRecord({
  record: 'orders',
  topics: ['order_create', 'order_update'],
  key: orderKey,
  occurredAt: (order) => order.updated_at ?? order.created_at
})
