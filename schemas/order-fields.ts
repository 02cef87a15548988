import { decimal, keyword, text, timestamp } from './define/field.ts'

/** Shared by the order and the review request, which is an order plus a link. */
export const orderFields = {
  entity_id: text('Nector\'s id of the business'),
  lead_id: text('Nector\'s id of the customer'),
  reference_order_name: text('Name of the order in the shop, such as #1001'),
  reference_order_id: text('Id of the order in the shop'),
  reference_order_source: keyword('The shop\'s platform'),
  activity_id: text('Nector\'s id of the activity'),
  currency_code: keyword('Currency of the amounts'),
  reference_cart_token: text('Token of the cart in the shop'),
  fiat_amount: decimal('What was paid'),
  fiat_discount: decimal('Discount'),
  fiat_tax: decimal('Tax'),
  payment_source: keyword('How it was paid'),
  payment_medium: keyword('By which means it was paid'),
  utm_source: keyword('Campaign source'),
  utm_medium: keyword('Campaign medium'),
  utm_campaign: keyword('Campaign name'),
  order_driven_by: keyword('What Nector says brought the order'),
  couponredeem_driven_by: keyword('What Nector says made the customer redeem a coupon'),
  status: keyword('pending, processing, completed, cancelled, refunded, unknown or whatever else Nector sends'),
  financial_status: keyword('State of the payment'),
  delivery_status: keyword('State of the delivery'),
  meta_lead_name: text('Customer\'s name', { path: 'meta.lead_name', personal: true }),
  meta_coin_spent: decimal('Coins spent on it', { path: 'meta.coin_spent' }),
  meta_coin_reward: decimal('Coins earned with it', { path: 'meta.coin_reward' }),
  meta_currency_code: keyword('Currency of the coins\' value', { path: 'meta.currency_code' }),
  meta_redirect_link: text('Page of the order', { path: 'meta.redirect_link' }),
  created_at: timestamp('When it was placed'),
  updated_at: timestamp('When it last changed')
}
