import { decimal, keyword, required, text } from './define/field.ts'
import { defineRecord } from './define/record.ts'
import { activityColumns, activityPartition, activityPerson } from './activity-columns.ts'
import { eventColumns, extraColumn, precedence } from './event-columns.ts'

/** What is known of an item by name; Netcore sends each with or without a suffix such as `_s`. */
export const itemFields = {
  prid: text('Id of the product'),
  prqt: decimal('Quantity'),
  price: decimal('Price of one'),
  name: text('Name of the product'),
  category: keyword('Category of the product'),
  brand: keyword('Brand of the product'),
  variant: text('Variant of the product'),
  image: text('Picture of the product'),
  produrl: text('Page of the product'),
  currency: keyword('Currency of the price'),
  dateofpurchase: text('When it was bought, as sent')
}

export const activityItems = defineRecord({
  name: 'activity_items',
  meaning: 'Items of Netcore activities, one row an item; event_id is the activity\'s',
  table: { orderBy: ['business', 'activity_id', 'ts', 'event_id', 'item_index'], partitionBy: activityPartition, version: 'precedence', materialized: precedence },
  fields: {
    ...eventColumns,
    ...activityColumns,
    ...activityPerson,
    item_index: required('int', 'Index of the item within its activity, from 0'),
    ...itemFields,
    ...extraColumn
  }
})
