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

/** Shops write the same code in capitals or not. */
function currencyOf (code: string | null): string | null {
  const normalised = code?.trim().toUpperCase() ?? ''
  return normalised === '' ? null : normalised
}

export const order = nectorRecord({
  record: 'orders',
  topics: ['order_create', 'order_update'],
  key: orderKey,
  occurredAt: (order) => order.updated_at ?? order.created_at,
  derive: (order, { currency }) => ({
    counts_as_revenue: !isUndone(order.status) && !isUndone(order.financial_status),
    currency: currencyOf(order.currency_code) ?? currencyOf(order.business_currency_code) ?? currency
  })
})
