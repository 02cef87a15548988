import { decimal, keyword, text, timestamp } from './define/field.ts'
import { defineRecord } from './define/record.ts'
import { eventColumns, extraColumn } from './event-columns.ts'
import { nectorColumns, nectorTable, userFields } from './nector-columns.ts'

export const coupons = defineRecord({
  name: 'coupons',
  meaning: 'Coupons (coupon_create, coupon_update) and nudges about them (unusedcouponrequest_create)',
  // a reminder of a coupon tells nothing newer than the coupon's own times
  table: nectorTable({ reportedAt: 'coalesce(updated_at, created_at, occurred_at)' }),
  fields: {
    ...eventColumns,
    ...nectorColumns,
    ...userFields,
    entity_id: text('Nector\'s id of the business'),
    lead_id: text('Nector\'s id of the customer'),
    activity_id: text('Nector\'s id of the activity that it was given for'),
    offer_id: text('Offer that it comes from'),
    reference_coupon_id: text('Id of the coupon in the shop'),
    reference_coupon_source: keyword('The shop\'s platform'),
    name: text('Name shown to the customer'),
    description: text('Text shown to the customer'),
    type: keyword('Type of the coupon'),
    value: text('The code itself'),
    fiat_class: keyword('amount or percent: what fiat_value means'),
    fiat_value: decimal('Discount, in the currency or in percent'),
    fiat_target: keyword('What the discount applies to, such as cart'),
    minimumcart_amount: decimal('Least amount of the cart'),
    meta_lead_name: text('Customer\'s name', { path: 'meta.lead_name', personal: true }),
    status: keyword('issued, redeemed or whatever else Nector sends'),
    redirect_link: text('Where the customer is sent to redeem it'),
    expire: timestamp('When it ends'),
    formatted_expire: text('When it ends, as shown to the customer'),
    created_at: timestamp('When it was issued'),
    updated_at: timestamp('When it last changed'),
    ...extraColumn
  }
})
