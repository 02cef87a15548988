import { endOfJsonString } from './json-string.ts'

/**
 * The entries of the JSON object that a text is, each value as its own text, in order. JSON.parse keeps only the last of equal keys. The text must be valid
 * JSON.
 */
export function objectEntries (text: string): ReadonlyArray<readonly [string, string]> {
  const entries: Array<readonly [string, string]> = []
  let key: string | undefined
  let depth = 0
  let start = 0
  const end = (index: number): void => {
    if (key !== undefined) entries.push([key, text.slice(start, index)])
    key = undefined
  }
  for (let index = 0; index < text.length; index++) {
    switch (text.charCodeAt(index)) {
      case 0x22: { // "
        const close = endOfJsonString(text, index)
        if (depth === 1 && key === undefined) {
          key = JSON.parse(text.slice(index, close + 1)) as string
          start = text.indexOf(':', close) + 1
        }
        index = close
        break
      }
      case 0x5b: // [
      case 0x7b: // {
        depth++
        break
      case 0x5d: // ]
      case 0x7d: // }
        if (depth === 1) end(index)
        depth--
        break
      case 0x2c: // ,
        if (depth === 1) end(index)
    }
  }
  return entries
}

/** The position after the JSON object or array that a text begins with; undefined where it has none, or no end. */
export function endOfJson (text: string): number | undefined {
  let depth = 0
  for (let index = 0; index < text.length; index++) {
    switch (text.charCodeAt(index)) {
      case 0x22: // "
        index = endOfJsonString(text, index)
        break
      case 0x5b: // [
      case 0x7b: // {
        depth++
        break
      case 0x5d: // ]
      case 0x7d: // }
        if (--depth === 0) return index + 1
        break
      default:
        if (depth === 0 && text.charCodeAt(index) > 0x20) return undefined
    }
  }
  return undefined
}
