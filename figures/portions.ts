/** A list in pieces of at most so many. */
export function * portionsOf<T> (items: readonly T[], most: number): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += most) yield items.slice(start, start + most)
}
