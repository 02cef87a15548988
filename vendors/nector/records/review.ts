import { joinKey, nectorRecord, ownId } from './nector-record.ts'

export const review = nectorRecord({
  record: 'reviews',
  topics: ['review_create', 'review_update'],
  key: (review, payload) => ownId(payload) ?? joinKey(
    review.lead_id,
    joinKey(review.reference_product_source, review.reference_product_id) ?? review.reference_product_id ?? review.reference_product_name,
    review.created_at === null ? null : new Date(review.created_at).toISOString()
  ),
  occurredAt: (review) => review.updated_at ?? review.created_at
})
