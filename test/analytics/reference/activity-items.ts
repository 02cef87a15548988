import { activityColumns } from './activities.ts'
import type { Facts } from './facts.ts'
import { columnsOf } from './records.ts'
import { decimalOf, decimalText, objectOf, textOf, type Payload, type Row } from './values.ts'

const texts = ['prid', 'name', 'category', 'brand', 'variant', 'currency']

export function activityItems (facts: Facts): Row[] {
  return facts.activities.flatMap((activity) => itemsOf(objectOf(activity.content['payload_params'])).map((item, index) => ({
    ...activityColumns(facts, activity),
    item_index: index,
    ...columnsOf(item, texts, textOf),
    ...columnsOf(item, ['prqt', 'price'], (value) => decimalText(decimalOf(value)))
  })))
}

/** The list of items, or the parameters themselves where they name, price or count a product; a suffix of a name says nothing. */
function itemsOf (parameters: Payload): Payload[] {
  const list = parameters['items']
  if (Array.isArray(list)) return list.map((item) => plainNames(objectOf(item)))
  const bare = plainNames(parameters)
  return ['prid', 'prqt', 'price'].some((name) => name in bare) ? [bare] : []
}

function plainNames (item: Payload): Payload {
  return Object.fromEntries(Object.entries(item).map(([key, value]) => [key.replace(/_(s|sm|i|f|d)$/, ''), value]))
}
