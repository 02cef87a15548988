import { decimal, text, timestamp } from '../../fields.ts'
import { joinKey, nectorRecord, ownId, type Fields } from './nector-record.ts'

/** Shared with the review request, which is an order plus a link. */
export const orderFields = {
  entity_id: text,
  lead_id: text,
  reference_order_name: text,
  reference_order_id: text,
  reference_order_source: text,
  activity_id: text,
  currency_code: text,
  reference_cart_token: text,
  fiat_amount: decimal,
  fiat_discount: decimal,
  fiat_tax: decimal,
  payment_source: text,
  payment_medium: text,
  utm_source: text,
  utm_medium: text,
  utm_campaign: text,
  order_driven_by: text,
  couponredeem_driven_by: text,
  status: text,
  financial_status: text,
  delivery_status: text,
  meta_lead_name: text,
  meta_coin_spent: decimal,
  meta_coin_reward: decimal,
  meta_currency_code: text,
  meta_redirect_link: text,
  created_at: timestamp,
  updated_at: timestamp
}

export function orderKey (order: Fields<typeof orderFields>, payload: Readonly<Record<string, unknown>>): string | null {
  return ownId(payload) ?? joinKey(order.reference_order_source, order.reference_order_id) ?? order.reference_order_id
}

export const order = nectorRecord({
  record: 'orders',
  topics: ['order_create', 'order_update'],
  fields: orderFields,
  key: orderKey,
  occurredAt: (order) => order.updated_at ?? order.created_at
})
