import { text } from './define/field.ts'
import { defineRecord } from './define/record.ts'
import { eventColumns, extraColumn } from './event-columns.ts'
import { nectorColumns, nectorTable, userFields } from './nector-columns.ts'
import { orderFields } from './order-fields.ts'

export const reviewRequests = defineRecord({
  name: 'review_requests',
  meaning: 'Requests for a review of an order (reviewrequest_create)',
  table: nectorTable(),
  fields: {
    ...eventColumns,
    ...nectorColumns,
    ...userFields,
    ...orderFields,
    order_review_link: text('Where the customer is sent to write the review'),
    ...extraColumn
  }
})
