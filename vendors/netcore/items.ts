import { isPlainObject } from '../json/json-text.ts'
import { parseJson } from '../json/parse-json.ts'
import { isBareItem, readItem, type ItemReading } from './item.ts'

export interface Items {
  readonly items: readonly ItemReading[]
  /** The remaining parameters, whatever their shape. */
  readonly parameters: unknown
}

/** The products of an activity: its `items`, or the single one in its own parameters. What is no item stays among the parameters. */
export function readItems (payload: unknown): Items {
  if (!isPlainObject(payload)) return { items: [], parameters: payload }
  const { items: sent, ...parameters } = payload
  const list = listOf(sent)
  if (list === undefined) return { items: isBareItem(payload) ? [readItem(payload)] : [], parameters: payload }
  const items: ItemReading[] = []
  let others: Record<string, unknown> | undefined
  for (const [index, element] of list.entries()) {
    if (isPlainObject(element)) items.push(readItem(element))
    // a product search lists ids
    else if ((typeof element === 'string' && element !== '') || typeof element === 'number') items.push(readItem({ prid: element }))
    else if (element !== null && element !== '') (others ??= {})[String(index)] = element
  }
  return { items, parameters: others === undefined ? parameters : { ...parameters, items: others } }
}

/** How many items a payload may have, without reading them. */
export function countItems (payload: unknown): number {
  const sent = isPlainObject(payload) ? payload['items'] : undefined
  return typeof sent === 'object' && sent !== null ? (Array.isArray(sent) ? sent.length : Object.keys(sent).length) : 0
}

/**
 * A list, in the forms that it comes in: an array; an object with number keys, as PHP writes an array with a gap; one item; an id; or
 * the JSON of any of these. Undefined where there is none.
 */
function listOf (sent: unknown): readonly unknown[] | undefined {
  if (sent === undefined || sent === null || sent === '' || typeof sent === 'boolean') return undefined
  if (Array.isArray(sent)) return sent as readonly unknown[]
  if (isPlainObject(sent)) return Object.keys(sent).every((key) => /^\d+$/.test(key)) ? Object.values(sent) : [sent]
  if (typeof sent === 'string' && /^\s*[[{]/.test(sent)) {
    try {
      return listOf(parseJson(sent))
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
      // no item, and so a parameter like any other
      return undefined
    }
  }
  return [sent]
}
