import { boolean, decimal, text, timestamp } from '../../fields.ts'
import { joinKey, nectorRecord, ownId } from './nector-record.ts'

export const review = nectorRecord({
  record: 'reviews',
  topics: ['review_create', 'review_update'],
  fields: {
    entity_id: text,
    lead_id: text,
    order_id: text,
    activity_id: text,
    reference_product_name: text,
    reference_product_source: text,
    reference_product_id: text,
    reference_product_redirect_link: text,
    reference_review_source: text,
    reference_review_id: text,
    type: text,
    name: text,
    rating: decimal,
    title: text,
    description: text,
    reply_to: text,
    meta_coin_reward: text,
    meta_is_rewarded: boolean,
    is_verified: boolean,
    is_approved: boolean,
    is_featured: boolean,
    created_at: timestamp,
    updated_at: timestamp
  },
  key: (review, payload) => ownId(payload) ?? joinKey(
    review.lead_id,
    joinKey(review.reference_product_source, review.reference_product_id) ?? review.reference_product_id ?? review.reference_product_name,
    review.created_at === null ? null : new Date(review.created_at).toISOString()
  ),
  occurredAt: (review) => review.updated_at ?? review.created_at
})
