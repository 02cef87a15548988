import { boolean, decimal, keyword, text, timestamp } from './define/field.ts'
import { defineRecord } from './define/record.ts'
import { eventColumns, extraColumn } from './event-columns.ts'
import { nectorColumns, nectorTable, userFields } from './nector-columns.ts'

export const reviews = defineRecord({
  name: 'reviews',
  meaning: 'Product reviews (review_create, review_update)',
  table: nectorTable(),
  fields: {
    ...eventColumns,
    ...nectorColumns,
    ...userFields,
    entity_id: text('Nector\'s id of the business'),
    lead_id: text('Nector\'s id of the customer'),
    order_id: text('Order that the product came with'),
    activity_id: text('Nector\'s id of the activity'),
    reference_product_name: text('Name of the product in the shop'),
    reference_product_source: keyword('The shop\'s platform'),
    reference_product_id: text('Id of the product in the shop'),
    reference_product_redirect_link: text('Page of the product'),
    reference_review_source: keyword('Platform that the review was written on'),
    reference_review_id: text('Id of the review there'),
    type: keyword('Type of the review'),
    name: text('Name of who wrote it', { personal: true }),
    rating: decimal('Stars'),
    title: text('Headline'),
    description: text('Text'),
    reply_to: text('Review that it answers'),
    meta_coin_reward: text('Coins given for it, as sent', { path: 'meta.coin_reward' }),
    meta_is_rewarded: boolean('Whether coins were given for it', { path: 'meta.is_rewarded' }),
    is_verified: boolean('Whether the purchase is verified'),
    is_approved: boolean('Whether it may be shown'),
    is_featured: boolean('Whether it is shown first'),
    created_at: timestamp('When it was written'),
    updated_at: timestamp('When it last changed'),
    ...extraColumn
  }
})
