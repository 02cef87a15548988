import { expect, test } from 'vitest'
import { byFriend, joined } from '../../figures/friends.ts'
import { portionsOf } from '../../figures/portions.ts'

test('a portion has at most so many texts, and all of them are in one, in their order', () => {
  expect([...portionsOf(['a', 'b', 'c', 'd', 'e'], 2)]).toEqual([['a', 'b'], ['c', 'd'], ['e']])
  expect([...portionsOf([], 2)]).toEqual([])
})

test('a portion fits into a parameter of ClickHouse, whatever its texts are', () => {
  const texts = Array.from({ length: 5000 }, (_, index) => 'é'.repeat(index % 90))
  const portions = [...portionsOf(texts, 10_000)]
  expect(portions.flat()).toEqual(texts)
  expect(Math.max(...portions.map((portion) => Buffer.byteLength(JSON.stringify(portion))))).toBeLessThan(128 * 1024)
  expect([...portionsOf(['x'.repeat(200_000), 'y'], 10)]).toEqual([['x'.repeat(200_000)], ['y']])
})

test('the referrals of a friend stay together, each once; one without a friend stands alone', () => {
  const lists = byFriend([{ record: '1', friend: 'f' }, { record: '2', friend: '' }, { record: '3', friend: 'f' }, { record: '1', friend: 'f' }, { record: '4', friend: '' }])
  expect(lists).toEqual([['1', '3'], ['2'], ['4']])
  expect([...joined(lists, 1)]).toEqual([['1', '3'], ['2'], ['4']])
  expect([...joined(lists, 3)]).toEqual([['1', '3', '2'], ['4']])
})
