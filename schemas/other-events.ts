import { defineRecord } from './define/record.ts'
import { eventColumns, extraColumn, precedence } from './event-columns.ts'

export const otherEvents = defineRecord({
  name: 'other_events',
  meaning: 'Nector topics without a table of their own, all fields in extra',
  table: { orderBy: ['business', 'topic', 'event_id'], version: 'precedence', materialized: precedence },
  fields: { ...eventColumns, ...extraColumn }
})
