import type { SentRow } from '../../../schemas/define/field.ts'
import type { orderFields } from '../../../schemas/order-fields.ts'
import type { Payload } from '../../payload-reader.ts'
import { joinKey, nectorRecord, ownId } from './nector-record.ts'

/** Shared with the review request, which is an order plus a link. */
export function orderKey (order: SentRow<typeof orderFields>, payload: Payload): string | null {
  return ownId(payload) ?? joinKey(order.reference_order_source, order.reference_order_id) ?? order.reference_order_id
}

/** States, of the order or of its payment, in which nothing was sold in the end. Shops spell them as they like. */
const undone = new Set(['cancelled', 'canceled', 'refunded', 'voided', 'failed', 'declined', 'expired', 'trash'])

function isUndone (state: string | null): boolean {
  return state !== null && undone.has(state.trim().toLowerCase())
}

export const order = nectorRecord({
  record: 'orders',
  topics: ['order_create', 'order_update'],
  key: orderKey,
  occurredAt: (order) => order.updated_at ?? order.created_at,
  derive: (order) => ({ counts_as_revenue: !isUndone(order.status) && !isUndone(order.financial_status) })
})
