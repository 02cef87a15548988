/** Texts that forms and scripts send where they know nothing. */
const nobody = new Set(['null', 'undefined', 'nan', 'none', 'nil', 'n/a', 'na', 'false', 'unknown', 'anonymous', 'guest', '-', '0'])

/** Names that no mailbox of a person has. */
const nobodysMailbox = /^(?:no[-_.]?e?mail|no[-_.]?reply|do[-_.]?not[-_.]?reply|null|undefined|none|na|dummy|unknown|anonymous)$/

/** Whether a text in the place of an identifier identifies nobody. */
export function isNobody (text: string): boolean {
  return nobody.has(text.trim().toLowerCase())
}

/** Whether a text in the place of an e-mail is none, or a placeholder such as `noemail@shop.example`. `email` is trimmed and in lower case. */
export function isNobodysEmail (email: string): boolean {
  const at = email.lastIndexOf('@')
  return at < 1 || at === email.length - 1 || nobodysMailbox.test(email.slice(0, at))
}

/** Whether digits in the place of a mobile number are a placeholder: one digit again and again behind a country code at most, or counted up. */
export function isNobodysMobile (digits: string): boolean {
  return /^\d{0,3}(\d)\1{6,}$/.test(digits) || /^\d{0,3}(?:0?123456789|1234567890|0123456789)$/.test(digits)
}
