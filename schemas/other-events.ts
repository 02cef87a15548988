import { optional } from './define/field.ts'
import { defineRecord } from './define/record.ts'
import { eventColumns, extraColumn, precedence } from './event-columns.ts'
import { personColumns } from './nector-columns.ts'

export const otherEvents = defineRecord({
  name: 'other_events',
  meaning: 'Nector topics without a table of their own, all fields in extra',
  table: { orderBy: ['business', 'topic', 'event_id'], version: 'precedence', materialized: precedence },
  fields: {
    ...eventColumns,
    ...personColumns,
    lead_id: optional('text', 'Nector\'s id of the customer'),
    tier: optional('keyword', 'Customer\'s tier in the programme, as this event names it'),
    type: optional('keyword', 'Type of customer, as this event names it'),
    ...extraColumn
  }
})
