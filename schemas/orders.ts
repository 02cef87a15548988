import { required } from './define/field.ts'
import { defineRecord } from './define/record.ts'
import { eventColumns, extraColumn } from './event-columns.ts'
import { nectorColumns, nectorTable, userFields } from './nector-columns.ts'
import { orderFields } from './order-fields.ts'

export const orders = defineRecord({
  name: 'orders',
  meaning: 'Orders (order_create, order_update)',
  table: nectorTable(),
  fields: {
    ...eventColumns,
    ...nectorColumns,
    ...userFields,
    ...orderFields,
    counts_as_revenue: required('boolean', 'Whether its amount is revenue: not cancelled, refunded, voided or failed, by status or financial_status'),
    currency: required('keyword', 'Currency of the amounts, ISO 4217: currency_code, else business_currency_code, else the currency of CONFIG_FILE'),
    ...extraColumn
  }
})
