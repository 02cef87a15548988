/** ClickHouse takes 128 KiB for a parameter; quotes and commas are counted with each text. */
const mostCharacters = 100_000

/** A list in pieces of at most so many texts, each short enough for one parameter of a statement. */
export function * portionsOf (texts: Iterable<string>, most: number): Generator<readonly string[]> {
  let piece: string[] = []
  let characters = 0
  for (const text of texts) {
    const length = Buffer.byteLength(text) + 3
    if (piece.length >= most || (piece.length > 0 && characters + length > mostCharacters)) {
      yield piece
      piece = []
      characters = 0
    }
    piece.push(text)
    characters += length
  }
  if (piece.length > 0) yield piece
}
