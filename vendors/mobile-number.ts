import { remembering } from './remembering.ts'
import { isSupportedCountry, parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/min'

/** Normalises mobile numbers of one country: every spelling of a number gives the same digits. */
export type ReadMobile = (text: string) => string | null

/** Longer texts are no number, and not worth parsing. */
const longestText = 64

/**
 * The digits of a mobile number with its country code: `919876543210` of `+91 98765 43210`, and of `098765 43210` in a business of country IN.
 * An impossible number keeps its digits; null if it has none. Without a country only numbers with a country code are understood.
 */
export function mobileReader (country: string | undefined): ReadMobile {
  const known = country !== undefined && isSupportedCountry(country) ? country : undefined
  return remembering((text) => digitsOf(text, known))
}

function digitsOf (text: string, country: CountryCode | undefined): string | null {
  const number = text.length > longestText ? undefined : parsePhoneNumberFromString(text, country)
  const digits = number?.isPossible() === true ? number.number.slice(1) : text.replace(/\D/g, '')
  return digits === '' ? null : digits
}
