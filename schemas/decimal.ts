/** Scale and precision of every decimal in schemas/ and landing: money and coins, exact. */
export const decimalScale = 10
export const decimalPrecision = 38

const limit = 10n ** BigInt(decimalPrecision)
const pattern = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/

/** An Avro decimal: the unscaled number in two's complement, big-endian. */
export type AvroDecimal = Buffer

/**
 * The decimal of a text such as `849.54` or `1e3`, rounded half away from zero where it has more than 10 decimals.
 * Undefined where the text is no number or has more than 28 digits before the point.
 */
export function decimalFromText (text: string): { readonly value: AvroDecimal, readonly rounded: boolean } | undefined {
  const match = pattern.exec(text)
  if (match === null) return undefined
  const [, sign, whole = '', fraction = '', exponent = '0'] = match
  if (whole === '' && fraction === '') return undefined
  const digits = (whole + fraction).replace(/^0+/, '')
  if (digits === '') return { value: encodeUnscaled(0n), rounded: false }
  // Digits left of the end of the scaled number; what is further right is rounded off.
  const shift = Number(exponent) + decimalScale - fraction.length
  if (digits.length + shift > decimalPrecision) return undefined
  const kept = shift >= 0 ? digits + '0'.repeat(shift) : digits.slice(0, Math.max(0, digits.length + shift))
  const dropped = shift >= 0 ? '' : digits.slice(Math.max(0, digits.length + shift)).padStart(-shift, '0')
  let unscaled = BigInt(kept === '' ? '0' : kept)
  if (dropped !== '' && dropped.charCodeAt(0) >= 53 /* '5' */) unscaled += 1n
  if (unscaled >= limit) return undefined
  return { value: encodeUnscaled(sign === '-' ? -unscaled : unscaled), rounded: /[1-9]/.test(dropped) }
}

const powers = Array.from({ length: decimalScale + 1 }, (_, exponent) => 10n ** BigInt(exponent))
/** So many digits are exact as a number, and scaled still fit into 64 bits. */
const mostPlainDigits = 15
const mostScaledDigits = 18

/** The same of digits alone, with at most one point in them, which nearly all numbers are: several times faster. Undefined for any other text. */
export function decimalFromPlainText (text: string): AvroDecimal | undefined {
  const { length } = text
  if (length === 0 || length > mostPlainDigits) return undefined
  let digits = 0
  let point = -1
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at)
    if (code >= 48 && code <= 57) digits = digits * 10 + code - 48
    else if (code === 46 && point === -1 && at > 0 && at < length - 1) point = at
    else return undefined
  }
  const power = powers[decimalScale - (point === -1 ? 0 : length - point - 1)]
  const whole = point === -1 ? length : point
  return power === undefined || whole + decimalScale > mostScaledDigits ? undefined : encodeUnscaled(BigInt(digits) * power)
}

/** The shortest text of a decimal, such as `849.54`. */
export function decimalToText (value: AvroDecimal): string {
  const hex = value.toString('hex')
  const unscaled = hex === '' ? 0n : BigInt.asIntN(value.length * 8, BigInt(`0x${hex}`))
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(decimalScale + 1, '0')
  const fraction = digits.slice(-decimalScale).replace(/0+$/, '')
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, -decimalScale)}${fraction === '' ? '' : `.${fraction}`}`
}

function encodeUnscaled (unscaled: bigint): AvroDecimal {
  if (BigInt.asIntN(64, unscaled) === unscaled) {
    const bytes = Buffer.allocUnsafe(8)
    bytes.writeBigInt64BE(unscaled)
    return bytes
  }
  const bytes = Buffer.allocUnsafe(16)
  bytes.writeBigInt64BE(unscaled >> 64n)
  bytes.writeBigUInt64BE(BigInt.asUintN(64, unscaled), 8)
  return bytes
}
