const shortest = 8
/** One that the environment has no value for is a problem of its own. */
const reference = /\$\{\w+\}/

/** Whether a text may be a secret or a password of ours: long enough, and not pasted with blanks around it. */
export function isSecret (text: string): boolean {
  return reference.test(text) || (text.length >= shortest && text.trim() === text)
}
