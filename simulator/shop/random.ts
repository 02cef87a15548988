/** A source of chance that gives the same draws for the same seed, on every machine. Not for secrets. */
export interface Random {
  /** From 0 up to, but not including, 1. */
  next (): number
  chance (probability: number): boolean
  between (minimum: number, maximum: number): number
  /** Both ends included. */
  integer (minimum: number, maximum: number): number
  pick<T> (list: readonly T[]): T
  /** Waiting time until the next of independent happenings that come once in `mean`. */
  exponential (mean: number): number
  hex (length: number): string
  digits (length: number): string
  uuid (): string
}

export function createRandom (seed: number): Random {
  const word = sfc32(seed)
  const next = (): number => word() / 0x1_0000_0000
  const integer = (minimum: number, maximum: number): number => minimum + Math.floor(next() * (maximum - minimum + 1))

  function hex (length: number): string {
    let text = ''
    while (text.length < length) text += word().toString(16).padStart(8, '0')
    return text.slice(0, length)
  }

  return {
    next,
    integer,
    hex,
    chance: (probability) => next() < probability,
    between: (minimum, maximum) => minimum + next() * (maximum - minimum),
    exponential: (mean) => -Math.log(1 - next()) * mean,
    pick (list) {
      const item = list[Math.floor(next() * list.length)]
      if (item === undefined) throw new RangeError('expected a list to pick from, got an empty one')
      return item
    },
    digits (length) {
      let text = ''
      while (text.length < length) text += String(integer(0, 9))
      return text
    },
    uuid () {
      const text = hex(32)
      return `${text.slice(0, 8)}-${text.slice(8, 12)}-4${text.slice(13, 16)}-a${text.slice(17, 20)}-${text.slice(20)}`
    }
  }
}

/** Chris Doty-Humphrey's small fast counting generator: words of 32 bits. */
function sfc32 (seed: number): () => number {
  let [a, b, c, counter] = [0x9e3779b9, seed | 0, Math.floor(seed / 0x1_0000_0000) | 0, 1]
  const word = (): number => {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum | 0
    return sum >>> 0
  }
  // Neighbouring seeds begin alike: their first words are thrown away.
  for (let round = 0; round < 15; round++) word()
  return word
}
