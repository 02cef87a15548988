/** Cache size: bounded, because anybody can send texts that never repeat. */
const cacheSize = 50_000
const longest = 100

/** Memoises a pure function of short texts: a customer comes with many events. */
export function remembering<T> (answer: (text: string) => T, most = cacheSize): (text: string) => T {
  const answers = new Map<string, T>()
  return (text) => {
    const known = answers.get(text)
    if (known !== undefined) return known
    const given = answer(text)
    if (text.length > longest) return given
    if (answers.size >= most) answers.clear()
    answers.set(text, given)
    return given
  }
}
