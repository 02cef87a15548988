import { text } from '../../fields.ts'
import { nectorRecord } from './nector-record.ts'
import { orderFields, orderKey } from './order.ts'

/** A request for a review of an order: it happened when it was sent, not when the order last changed. */
export const reviewRequest = nectorRecord({
  record: 'review_requests',
  topics: ['reviewrequest_create'],
  fields: { ...orderFields, order_review_link: text },
  key: orderKey,
  occurredAt: (request, { sentAt }) => sentAt ?? request.updated_at ?? request.created_at
})
