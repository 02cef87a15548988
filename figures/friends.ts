/** Referrals in pieces of about so many, those of one friend together: an order counts for one of them. */
export function * byFriend (referrals: ReadonlyArray<{ readonly record: string, readonly friend: string }>, most: number): Generator<readonly string[]> {
  const friends = new Map<string, string[]>()
  for (const { record, friend } of referrals) {
    // whose friend is unknown has no others
    const name = friend === '' ? `\n${record}` : friend
    const own = friends.get(name)
    if (own === undefined) friends.set(name, [record])
    else own.push(record)
  }
  let piece: string[] = []
  for (const own of friends.values()) {
    piece.push(...own)
    if (piece.length < most) continue
    yield piece
    piece = []
  }
  if (piece.length > 0) yield piece
}
