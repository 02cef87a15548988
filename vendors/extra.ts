import { isPlainObject } from './json/json-text.ts'
import { toText } from './fields.ts'

/** Texts by path. */
export type TextMap = Record<string, string>

/** A plain object is many times faster than one without a prototype; only `__proto__` needs special care. */
function put (target: TextMap, key: string, value: string): void {
  if (key === '__proto__') Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
  else target[key] = value
}

/** Below a longer path an object is kept as JSON: a long key must not be repeated for each of its many parts. */
const longestPath = 256

/**
 * Total length of the paths of one map, in characters; beyond it objects are kept as JSON too. So a record is hardly larger than the
 * body that it came in, and fits wherever that did.
 */
const pathBudget = 256 * 1024
const spent = new WeakMap<TextMap, number>()

/** Whether the paths of that many parts of an object fit into the budget, which they then reduce. */
function mayWriteOut (target: TextMap, path: string, parts: number): boolean {
  const sum = (spent.get(target) ?? 0) + parts * path.length
  if (sum > pathBudget) return false
  spent.set(target, sum)
  return true
}

/** Puts a value under its path; an object under the paths of its parts, `meta.campaign`. Absent values become ''. */
export function keep (target: TextMap, path: string, value: unknown): void {
  if (value === undefined) return
  if (isPlainObject(value) && path.length <= longestPath && mayWriteOut(target, path, Object.keys(value).length)) {
    const entries = Object.entries(value)
    if (entries.length === 0) put(target, toText(path), '{}')
    for (const [key, item] of entries) keep(target, `${path}.${key}`, item)
    return
  }
  put(target, toText(path), value === null ? '' : toText(value))
}

/** An object as texts by path; a value that is no object is kept whole under `name`. */
export function textMapOf (value: unknown, name: string, extra: TextMap): TextMap {
  const map: TextMap = {}
  if (isPlainObject(value)) {
    for (const [key, item] of Object.entries(value)) keep(map, key, item)
  } else if (value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0)) {
    // PHP writes an empty map as []
    keep(extra, name, value)
  }
  return map
}
