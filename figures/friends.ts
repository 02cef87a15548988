/** Referrals in the order of their friends, and those whose own list must not be cut: an order counts for one referral of a friend. */
export function byFriend (referrals: ReadonlyArray<{ readonly record: string, readonly friend: string }>): ReadonlyArray<readonly string[]> {
  const friends = new Map<string, Set<string>>()
  for (const { record, friend } of referrals) {
    // whose friend is unknown has no others
    const name = friend === '' ? `\n${record}` : friend
    const own = friends.get(name)
    if (own === undefined) friends.set(name, new Set([record]))
    else own.add(record)
  }
  return [...friends.values()].map((own) => [...own])
}

/** Lists joined into pieces of about so many texts: a list is never cut. */
export function * joined (lists: ReadonlyArray<readonly string[]>, most: number): Generator<readonly string[]> {
  let piece: string[] = []
  for (const list of lists) {
    piece.push(...list)
    if (piece.length < most) continue
    yield piece
    piece = []
  }
  if (piece.length > 0) yield piece
}
