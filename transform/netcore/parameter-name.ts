const suffix = /_(?:s|sm|i|f|d)$/

/** Netcore puts `_s`, `_sm`, `_i`, `_f` or `_d` behind a parameter's name; it does not tell the type (domain.md). */
export function parameterName (key: string): string {
  return key.replace(suffix, '')
}
