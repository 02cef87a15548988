import type { Companions, IdentityKey, IdentityStore, Resolution } from '../warehouse/identity-store.ts'
import { groupsOf } from './groups-of.ts'

/** No person has as many identifiers: what was seen with more is a placeholder, or the number of a shop. */
const mostOthers = 1_000

/**
 * Who is who, as far as the changed identifiers reach:
 *
 * - An identifier that was seen with exactly one customer id of the shop leads to that customer.
 * - One that was seen with several leads to none, and ties nothing: two customer ids are two people, whatever else they share.
 * - Those that were seen with none are one person with those of them that they were seen with, however long the chain. They lead to the one
 *   customer that any of them was seen with by an identifier that leads to one; where that is none or several, to the least of themselves.
 *
 * The answer depends on what was ever seen together alone, not on the order. It is worked out for every identifier that a change may
 * reach, and saved where it is another than before: those are returned. Rejects as the store does; a repetition changes nothing.
 */
export async function resolveIdentities (store: IdentityStore, business: string, changed: readonly string[]): Promise<readonly string[]> {
  // customer ids lead to themselves
  const weak = changed.filter((identifier) => !identifier.startsWith('customer:'))
  if (weak.length === 0) return []
  const startedAt = await store.now()
  const known = new Map<string, Companions>()
  const before = new Map<string, IdentityKey>()
  const pairs: Array<readonly [string, string]> = []

  const read = async (identifiers: readonly string[]): Promise<void> => {
    for (const one of await store.companions(business, identifiers)) known.set(one.identifier, one)
    for (const key of await store.keys(business, identifiers)) before.set(key.identifier, key)
  }
  const isConnected = (identifier: string): boolean => resolutionOf(known.get(identifier)) === 'connected'

  // 1. what may have another answer now: the changed ones, and what hangs on those that lead elsewhere than before
  await read(weak)
  const expanded = new Set<string>()
  let frontier = weak.filter((identifier) => isConnected(identifier) || hasMoved(known.get(identifier), before.get(identifier)))
  while (frontier.length > 0) {
    for (const identifier of frontier) expanded.add(identifier)
    const found = await store.pairs(business, frontier)
    pairs.push(...found)
    const others = [...new Set(found.map(([, other]) => other))]
    await read(others.filter((other) => !known.has(other)))
    frontier = others.filter((other) => isConnected(other) && !expanded.has(other))
  }

  // 2. the answers
  const answers = new Map<string, { readonly customerKey: string, readonly resolution: Resolution }>()
  for (const identifier of weak) {
    const resolution = resolutionOf(known.get(identifier))
    if (resolution !== 'connected') answers.set(identifier, { resolution, customerKey: resolution === 'direct' ? known.get(identifier)?.customers[0] ?? identifier : identifier })
  }
  const free = [...expanded].filter(isConnected)
  for (const group of groupsOf(free, pairs.filter(([one, other]) => isConnected(one) && isConnected(other)))) {
    const members = new Set(group)
    const customers = new Set(pairs.flatMap(([one, other]) => {
      const companions = members.has(one) ? known.get(other) : members.has(other) ? known.get(one) : undefined
      return resolutionOf(companions) === 'direct' ? companions?.customers ?? [] : []
    }))
    const [only, ...more] = customers
    const customerKey = only !== undefined && more.length === 0 ? only : group.reduce((least, one) => one < least ? one : least)
    for (const identifier of group) answers.set(identifier, { resolution: 'connected', customerKey })
  }

  // 3. what differs
  const differing = [...answers].flatMap(([identifier, answer]) => {
    const last = before.get(identifier)
    if (last?.customerKey === answer.customerKey && last.resolution === answer.resolution) return []
    // a clock that was set back must not bring the last answer back
    return [{ identifier, ...answer, updatedAt: Math.max(startedAt, (last?.updatedAt ?? 0) + 1) }]
  })
  await store.save(business, differing)
  return differing.map(({ identifier }) => identifier)
}

function resolutionOf (companions: Companions | undefined): Resolution {
  if (companions === undefined) return 'connected'
  if (companions.customers.length > 1 || companions.others > mostOthers) return 'ambiguous'
  return companions.customers.length === 1 ? 'direct' : 'connected'
}

/** Whether others may lead elsewhere because of it. */
function hasMoved (companions: Companions | undefined, before: IdentityKey | undefined): boolean {
  const resolution = resolutionOf(companions)
  return resolution !== before?.resolution || (resolution === 'direct' && companions?.customers[0] !== before.customerKey)
}
