import { nectorRecord } from './nector-record.ts'
import { orderKey } from './order.ts'

/** A request for a review of an order: it happened when it was sent, not when the order last changed. */
export const reviewRequest = nectorRecord({
  record: 'review_requests',
  topics: ['reviewrequest_create'],
  key: orderKey,
  occurredAt: (request, { sentAt }) => sentAt ?? request.updated_at ?? request.created_at
})
