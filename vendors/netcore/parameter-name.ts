const suffix = /_(?:s|sm|i|f|d)$/

/** The same few keys come with every activity. Bounded in number and length, as a vendor can send any. */
const names = new Map<string, string>()
const mostNames = 10_000
const longestName = 64

/** Netcore puts `_s`, `_sm`, `_i`, `_f` or `_d` behind a parameter's name; it does not tell the type (domain.md). */
export function parameterName (key: string): string {
  const known = names.get(key)
  if (known !== undefined) return known
  const name = key.replace(suffix, '')
  if (names.size < mostNames && key.length <= longestName) names.set(key, name)
  return name
}
