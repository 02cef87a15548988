const longest = 64
const withCurrency = /^([+-]?)\s*(\p{Sc}|[A-Za-z]{2,3}\.?(?=[\s\d]))?\s*([+-]?)(.*?)\s*(\p{Sc}|[A-Za-z]{3})?$/u
/** ISO 4217, and how rupees are written. */
const currencies = new Set([...Intl.supportedValuesOf('currency'), 'RS', 'RS.'])

/** Ways to group digits, each with the character of its groups and that of its decimals. */
const groupings: ReadonlyArray<readonly [RegExp, RegExp | undefined, string]> = [
  // 1299.5
  [/^\d+(?:\.\d+)?$/, undefined, '.'],
  // 1,299.00 and, in India, 1,00,000.00
  [/^\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d+)?$/, /,/g, '.'],
  // 1.299,00
  [/^\d{1,3}(?:\.\d{3})+,\d{1,2}$/, /\./g, ','],
  // 1 299,00 and 1'299.00
  [/^\d{1,3}(?:[ \u00a0\u202f'’]\d{3})+(?:[.,]\d{1,2})?$/, /[ \u00a0\u202f'’]/g, ','],
  // 12,50: no group has two digits
  [/^\d+,\d{1,2}$/, undefined, ',']
]

/**
 * The digits of a number that was written for people: `1,299.00`, `1,00,000`, `₹1,299`, `Rs. 12.50`, `1.299,00`. Undefined where that is not certain,
 * as in `1.299.0`, `5%` or `XL 12`.
 */
export function plainNumber (text: string): string | undefined {
  if (text.length > longest) return undefined
  const match = withCurrency.exec(text.trim())
  if (match === null) return undefined
  const [, before = '', prefix, after = '', digits = '', suffix] = match
  if ((before !== '' && after !== '') || !isCurrency(prefix) || !isCurrency(suffix)) return undefined
  for (const [pattern, group, point] of groupings) {
    if (!pattern.test(digits)) continue
    const ungrouped = group === undefined ? digits : digits.replace(group, '')
    return `${before}${after}${ungrouped.replace(point, '.')}`
  }
  return undefined
}

/** A sign such as ₹, a code such as INR, or nothing. */
function isCurrency (text: string | undefined): boolean {
  return text === undefined || !/^[A-Za-z]/.test(text) || currencies.has(text.toUpperCase())
}
