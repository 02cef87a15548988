import { expect, test } from 'vitest'
import { positionsOf, readPositions } from '../../../log/kafka/kafka-positions.ts'

const at = (partition: number) => ({ topic: 'orders', partition, committed: undefined, low: 0, high: 5 })

test('of all positions those that are asked for', () => {
  expect(positionsOf([{ topic: 'orders', partition: 1 }], [at(0), at(1)])).toEqual([at(1)])
})

test('a partition that Kafka leaves out is no partition to pass over', () => {
  expect(() => positionsOf([{ topic: 'orders', partition: 0 }, { topic: 'orders', partition: 1 }], [at(0)])).toThrow(expect.objectContaining({ code: 'LOG_UNAVAILABLE' }))
})

/** A Kafka with one partition of each of two topics, whose answers take their time. */
function adminThat (committed: Readonly<Record<string, string>>) {
  const underWay = { now: 0, most: 0 }
  async function answer<T> (value: T): Promise<T> {
    underWay.most = Math.max(underWay.most, ++underWay.now)
    await new Promise((resolve) => { setImmediate(resolve) })
    underWay.now--
    return value
  }
  return {
    underWay,
    fetchTopicOffsets: async () => await answer([{ partition: 0, offset: '9', high: '9', low: '2' }]),
    fetchOffsets: async () => await answer(Object.entries(committed).map(([topic, offset]) => ({ topic, partitions: [{ partition: 0, offset, metadata: null }] })))
  }
}

test('one request at a time tells what is held and what is committed', async () => {
  const admin = adminThat({ orders: '5', leads: '-1' })
  expect(await readPositions(admin, 'load', ['orders', 'leads'])).toEqual([
    { topic: 'orders', partition: 0, committed: 5, low: 2, high: 9 },
    { topic: 'leads', partition: 0, committed: undefined, low: 2, high: 9 }
  ])
  expect(admin.underWay.most).toBe(1)
})

test('an offset that Kafka leaves out is not taken for none, which would read all of the partition again', async () => {
  await expect(readPositions(adminThat({ orders: '5' }), 'load', ['orders', 'leads'])).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' })
})
