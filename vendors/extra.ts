import { isPlainObject } from './json/json-text.ts'
import { toText } from './fields.ts'

/** Texts by path. */
export type TextMap = Record<string, string>

/** A plain object is many times faster than one without a prototype; only this one key needs care to be a key like any other. */
function put (target: TextMap, key: string, value: string): void {
  if (key === '__proto__') Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
  else target[key] = value
}

/** Below a path longer than this an object is kept as JSON: a long key over many parts must not be written out for each of them. */
const longestPath = 256

/**
 * What the paths of one map may take together, in characters; past it objects are kept as JSON as well. So a record is hardly larger than the
 * body that it came in, and fits wherever that did.
 */
const pathBudget = 256 * 1024
const spent = new WeakMap<TextMap, number>()

/** Whether the paths of that many parts of an object still fit, which are then spent. */
function mayWriteOut (target: TextMap, path: string, parts: number): boolean {
  const sum = (spent.get(target) ?? 0) + parts * path.length
  if (sum > pathBudget) return false
  spent.set(target, sum)
  return true
}

/** Puts a value under its path; an object under the paths of its parts, `meta.campaign`. Absent values are kept as ''. */
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

/** All of an object as texts by path; what is no object is kept whole under `name`. */
export function textMapOf (value: unknown, name: string, extra: TextMap): TextMap {
  const map: TextMap = {}
  if (isPlainObject(value)) {
    for (const [key, item] of Object.entries(value)) keep(map, key, item)
  } else if (value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0)) {
    // PHP writes an empty map as [], which means the same as {}
    keep(extra, name, value)
  }
  return map
}
