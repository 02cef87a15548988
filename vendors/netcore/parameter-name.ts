const suffix = /_(?:s|sm|i|f|d)$/

/** Cached: activities repeat few keys. Bounded in number and length, because vendors may send any. */
const names = new Map<string, string>()
const mostNames = 10_000
const longestName = 64

/** Netcore appends `_s`, `_sm`, `_i`, `_f` or `_d` to a parameter's name; the suffix does not give the type (domain.md). */
export function parameterName (key: string): string {
  const known = names.get(key)
  if (known !== undefined) return known
  const name = key.replace(suffix, '')
  if (names.size < mostNames && key.length <= longestName) names.set(key, name)
  return name
}
