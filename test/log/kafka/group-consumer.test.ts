import type { Consumer, Kafka } from 'kafkajs'
import { pino } from 'pino'
import { expect, test, vi } from 'vitest'
import { GroupConsumer } from '../../../log/kafka/group-consumer.ts'
import type { AppError } from '../../../runtime/errors.ts'

/** A consumer group in which the n-th consumer, from 1, begins as the test says. */
function groupThat (begin: (consumer: number) => Promise<void>): { readonly group: GroupConsumer, readonly ended: number[], readonly dead: AppError[], consumers (): number } {
  const ended: number[] = []
  const dead: AppError[] = []
  let consumers = 0
  const kafka = {
    consumer: () => {
      const number = ++consumers
      return {
        events: { CRASH: 'crash', GROUP_JOIN: 'join', HEARTBEAT: 'heartbeat', END_BATCH_PROCESS: 'end' },
        on: () => {},
        connect: async () => { await begin(number) },
        subscribe: async () => {},
        run: async () => {},
        disconnect: async () => { ended.push(number) }
      } as unknown as Consumer
    }
  } as unknown as Kafka
  const group = new GroupConsumer({
    kafka,
    config: { groupId: 'load' },
    topics: ['orders'],
    logger: pino({ level: 'silent' }),
    onAssigned: () => {},
    onFetched: async () => {},
    onSkipped: () => {},
    onAlive: () => {},
    onDead: (error) => { dead.push(error) },
    firstBackoffMs: 1
  })
  group.start()
  return { group, ended, dead, consumers: () => consumers }
}

const refusal = Object.assign(new Error('no'), { type: 'GROUP_AUTHORIZATION_FAILED' })

test('a refusal again and again needs a person', async () => {
  const { group, dead, ended } = groupThat(async () => { throw refusal })
  await vi.waitFor(() => { expect(dead).toMatchObject([{ code: 'LOG_ACCESS_REFUSED' }]) })
  expect(ended).toEqual([1, 2, 3, 4, 5])
  await group.close()
})

test('a topic that is gone for long needs another start, which creates it', async () => {
  const { group, dead, consumers } = groupThat(async () => { throw Object.assign(new Error('not here'), { type: 'UNKNOWN_TOPIC_OR_PARTITION' }) })
  await vi.waitFor(() => { expect(dead).toMatchObject([{ code: 'LOG_TOPIC_UNSUITABLE' }]) }, { timeout: 10_000 })
  expect(consumers()).toBe(10)
  await group.close()
})

test('a single refusal is taken for a broker that restarts, and Kafka away is waited for', async () => {
  const { group, dead, consumers } = groupThat(async (consumer) => {
    if (consumer < 9) throw consumer === 4 ? refusal : new Error('away')
  })
  await vi.waitFor(() => { expect(consumers()).toBe(9) })
  expect(dead).toEqual([])
  await group.close()
})

test('the close does not wait for one that is still beginning, and ends it once it has', async () => {
  let begin = (): void => {}
  const { group, ended } = groupThat(async () => { await new Promise<void>((resolve) => { begin = resolve }) })
  await group.close()
  expect(ended).toEqual([1])
  begin()
  await vi.waitFor(() => { expect(ended).toEqual([1, 1]) })
})
