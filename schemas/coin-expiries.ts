import { decimal, keyword, text, timestamp } from './define/field.ts'
import { defineRecord } from './define/record.ts'
import { eventColumns, extraColumn } from './event-columns.ts'
import { nectorColumns, nectorTable, userFields } from './nector-columns.ts'

export const coinExpiries = defineRecord({
  name: 'coin_expiries',
  meaning: 'Forecasts of coins about to expire (coinexpirynotify_create)',
  table: nectorTable(),
  fields: {
    ...eventColumns,
    ...nectorColumns,
    ...userFields,
    entity_id: text('Nector\'s id of the business'),
    lead_id: text('Nector\'s id of the customer'),
    wallet_expiry_unit: keyword('What expires, such as coins'),
    wallet_expiry_amount: decimal('Coins that are to expire'),
    wallet_expiry_notify_generated_on: timestamp('When the notice was made'),
    wallet_expiry_estimated_on: timestamp('When they are to expire'),
    wallet_expiry_formatted_estimated_on: text('When they are to expire, as shown to the customer'),
    ...extraColumn
  }
})
