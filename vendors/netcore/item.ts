import { z } from 'zod'
import { keep, type TextMap } from '../extra.ts'
import { decimal, isRounded, text } from '../fields.ts'
import { parameterName } from './parameter-name.ts'

const fields = {
  prid: text,
  prqt: decimal,
  price: decimal,
  name: text,
  category: text,
  brand: text,
  variant: text,
  image: text,
  produrl: text,
  currency: text,
  dateofpurchase: text
}
const schema = z.object(fields)
const names = new Set(Object.keys(fields))

export interface ItemReading {
  readonly values: z.output<typeof schema>
  readonly extra: TextMap
}

/** Reads an item by its known names, with or without suffix; what is unknown keeps its own key. Says why where it is no item. */
export function readItem (item: Readonly<Record<string, unknown>>): ItemReading | { readonly reason: string } {
  const given: Record<string, unknown> = {}
  const extra: TextMap = {}
  for (const [key, value] of Object.entries(item)) {
    const name = parameterName(key)
    if (names.has(name) && !Object.hasOwn(given, name)) {
      given[name] = value
      if ((name === 'price' || name === 'prqt') && isRounded(value)) keep(extra, key, value)
    } else {
      keep(extra, key, value)
    }
  }
  const parsed = schema.safeParse(given)
  if (parsed.success) return { values: parsed.data, extra }
  return { reason: parsed.error.issues.map((issue) => `${issue.path.map(String).join('.')}: ${issue.message}`).join('; ') }
}

/** A single item may be given by parameters of the activity itself: it is one where it names, prices or counts a product. */
export function isBareItem (parameters: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(parameters).some((key) => bareItemNames.has(parameterName(key)))
}

const bareItemNames = new Set(['prid', 'prqt', 'price'])
