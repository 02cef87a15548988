const shortest = 8
/** A ${NAME} without a value is reported separately. */
const reference = /\$\{\w+\}/

/** Whether a text may be a secret or a password: long enough, and without blanks around it. */
export function isSecret (text: string): boolean {
  return reference.test(text) || (text.length >= shortest && text.trim() === text)
}
