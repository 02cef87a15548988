import { keep, type TextMap } from '../extra.ts'
import { activityItems, itemFields } from '../../schemas/activity-items.ts'
import { payloadReader, type Reading } from '../payload-reader.ts'
import { parameterName } from './parameter-name.ts'

const readFields = payloadReader(itemFields, { columns: activityItems.fields })
const names = new Set(Object.keys(itemFields))

export type ItemReading = Reading<typeof itemFields>

/** Reads an item by its known names, with or without suffix; unknown names keep their own key. */
export function readItem (item: Readonly<Record<string, unknown>>): ItemReading {
  const given: Record<string, unknown> = {}
  const keys: Record<string, string> = {}
  const extra: TextMap = {}
  for (const [key, value] of Object.entries(item)) {
    const name = parameterName(key)
    if (names.has(name) && !Object.hasOwn(given, name)) {
      given[name] = value
      keys[name] = key
    } else {
      keep(extra, key, value)
    }
  }
  const reading = readFields(given)
  for (const [name, value] of Object.entries(reading.extra)) keep(extra, keys[name] ?? name, value)
  return { row: reading.row, extra, unreadable: reading.unreadable }
}

/** Parameters of an activity are a single item if they name, price or count a product. */
export function isBareItem (parameters: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(parameters).some((key) => bareItemNames.has(parameterName(key)))
}

const bareItemNames = new Set(['prid', 'prqt', 'price'])
