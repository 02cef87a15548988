import { describe, expect, test } from 'vitest'
import { resolveIdentities } from '../../figures/identity-closure.ts'
import { createRandom } from '../../simulator/shop/random.ts'
import type { IdentityKey, IdentityStore } from '../../warehouse/identity-store.ts'

/** A store in memory. What is seen together is added by `see`. */
function memoryStore (clock: () => number = () => 1000) {
  const sets: Array<readonly string[]> = []
  const rows = new Map<string, IdentityKey>()
  const of = (identifier: string): ReadonlyArray<readonly string[]> => sets.filter((set) => set.includes(identifier))
  const isWeak = (identifier: string): boolean => !identifier.startsWith('customer:')
  const store: IdentityStore = {
    companions: async (_business, identifiers) => identifiers.filter((one) => of(one).length > 0).map((identifier) => {
      const others = [...new Set(of(identifier).flat())].filter((one) => one !== identifier)
      return { identifier, customers: others.filter((one) => !isWeak(one)).slice(0, 2), others: others.filter(isWeak).length }
    }),
    pairs: async (_business, identifiers) => identifiers.flatMap((identifier) => of(identifier).flatMap((set) => set.filter((one) => one !== identifier && isWeak(one)).map((other) => [identifier, other] as const))),
    keys: async (_business, identifiers) => identifiers.flatMap((identifier) => rows.get(identifier) ?? []),
    async save (_business, keys) {
      for (const key of keys) {
        const last = rows.get(key.identifier)
        if (last !== undefined && last.updatedAt >= key.updatedAt) throw new Error(`expected a later row of ${key.identifier}, got ${key.updatedAt} after ${last.updatedAt}`)
        rows.set(key.identifier, key)
      }
    },
    now: async () => clock()
  }
  return {
    async see (...seen: ReadonlyArray<readonly string[]>) {
      sets.push(...seen)
      await resolveIdentities(store, 'acme', [...new Set(seen.flat())])
    },
    keyOf: (identifier: string): string => rows.get(identifier)?.customerKey ?? identifier,
    resolutionOf: (identifier: string): string | undefined => rows.get(identifier)?.resolution,
    rows
  }
}

test('identifiers seen with one customer id are that customer\'s', async () => {
  const store = memoryStore()
  await store.see(['customer:1', 'email:a', 'nector:x'], ['email:a', 'mobile:m'])
  expect(['email:a', 'nector:x', 'mobile:m'].map(store.keyOf)).toEqual(['customer:1', 'customer:1', 'customer:1'])
})

test('two customer ids are two people, whatever they share, and what they share ties nobody', async () => {
  const store = memoryStore()
  await store.see(['customer:1', 'email:a', 'mobile:m'], ['customer:2', 'email:b', 'mobile:m'], ['mobile:m', 'nector:x'])
  expect(store.keyOf('email:a')).toBe('customer:1')
  expect(store.keyOf('email:b')).toBe('customer:2')
  expect([store.keyOf('mobile:m'), store.resolutionOf('mobile:m')]).toEqual(['mobile:m', 'ambiguous'])
  expect(store.keyOf('nector:x')).toBe('nector:x')
})

test('a chain without a customer id is named after its least, and after the customer once one is seen', async () => {
  const store = memoryStore()
  await store.see(['mobile:m', 'nector:x'], ['nector:x', 'email:z'], ['email:z', 'email:a'])
  expect(['mobile:m', 'nector:x', 'email:z'].map(store.keyOf)).toEqual(['email:a', 'email:a', 'email:a'])
  await store.see(['customer:1', 'mobile:m'])
  expect(['mobile:m', 'nector:x', 'email:z', 'email:a'].map(store.keyOf)).toEqual(Array(4).fill('customer:1'))
})

test('a chain between two customers is neither\'s', async () => {
  const store = memoryStore()
  await store.see(['customer:1', 'email:a'], ['email:a', 'nector:x'], ['nector:x', 'email:b'], ['email:b', 'customer:2'])
  expect([store.keyOf('email:a'), store.keyOf('nector:x'), store.keyOf('email:b')]).toEqual(['customer:1', 'nector:x', 'customer:2'])
})

test('what hung on an identifier is looked at again when a second customer shares it', async () => {
  const store = memoryStore()
  await store.see(['customer:1', 'email:a'], ['email:a', 'nector:x'], ['nector:x', 'mobile:m'])
  expect(['nector:x', 'mobile:m'].map(store.keyOf)).toEqual(['customer:1', 'customer:1'])
  await store.see(['customer:2', 'email:a'])
  expect(['email:a', 'nector:x', 'mobile:m'].map(store.keyOf)).toEqual(['email:a', 'mobile:m', 'mobile:m'])
})

test('an identifier that was seen with more than a thousand others ties nobody', async () => {
  const store = memoryStore()
  await store.see(...Array.from({ length: 1001 }, (_, index) => ['mobile:shop', `nector:${index}`]))
  expect(store.resolutionOf('mobile:shop')).toBe('ambiguous')
  expect(store.keyOf('nector:7')).toBe('nector:7')
})

test('nothing is written where nothing has changed, and a clock that was set back brings no old answer back', async () => {
  let now = 5000
  const store = memoryStore(() => now)
  await store.see(['customer:1', 'email:a'])
  const before = store.rows.get('email:a')
  now = 100
  await store.see(['customer:1', 'email:a'])
  expect(store.rows.get('email:a')).toBe(before)
  await store.see(['customer:2', 'email:a'])
  expect(store.rows.get('email:a')).toEqual({ identifier: 'email:a', customerKey: 'email:a', resolution: 'ambiguous', updatedAt: 5001 })
})

describe('whatever the order, and however many at once, the answer is the same', () => {
  test.each(Array.from({ length: 60 }, (_, seed) => seed + 1))('graph %i', async (seed) => {
    const random = createRandom(seed)
    const names = (kind: string, count: number): string[] => Array.from({ length: count }, (_, index) => `${kind}:${index}`)
    const all = [names('email', 4), names('mobile', 4), names('nector', 5)]
    const sets = Array.from({ length: random.integer(3, 25) }, () => [
      ...(random.chance(0.25) ? [`customer:${random.integer(1, 3)}`] : []),
      ...all.flatMap((kind) => random.chance(0.6) ? [random.pick(kind)] : [])
    ]).filter((set) => set.length > 1)

    const atOnce = memoryStore()
    await atOnce.see(...sets)
    const oneByOne = memoryStore()
    for (const set of sets.map((set) => ({ set, place: random.next() })).sort((a, b) => a.place - b.place)) await oneByOne.see(set.set)
    const answers = ({ keyOf, resolutionOf }: typeof atOnce): unknown => all.flat().map((name) => [name, keyOf(name), resolutionOf(name)])
    expect(answers(oneByOne)).toEqual(answers(atOnce))
  })
})
