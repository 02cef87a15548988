import type { Consumer, ConsumerCrashEvent, Kafka } from 'kafkajs'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { KafkaAdmin } from '../../../log/kafka/kafka-admin.ts'
import { KafkaSubscription } from '../../../log/kafka/kafka-subscription.ts'
import type { AppError } from '../../../runtime/errors.ts'
import { consumeOptions } from '../log-fixtures.ts'

/** A subscription whose consumer fails when the test says so: kafkajs gives up for good only on errors that no broker can be made to answer. */
async function openSubscription (): Promise<{ readonly subscription: KafkaSubscription, readonly dead: AppError[], crash (error: Error, restart: boolean): void }> {
  const dead: AppError[] = []
  const listeners: Array<(event: ConsumerCrashEvent) => void> = []
  const consumer = {
    events: { CRASH: 'consumer.crash', GROUP_JOIN: 'consumer.group_join', HEARTBEAT: 'consumer.heartbeat' },
    on: (name: string, listener: (event: ConsumerCrashEvent) => void) => { if (name === 'consumer.crash') listeners.push(listener) },
    connect: async () => {},
    subscribe: async () => {},
    run: async () => {},
    disconnect: async () => {}
  }
  const kafka = { consumer: () => consumer as unknown as Consumer } as unknown as Kafka
  const subscription = new KafkaSubscription({
    kafka,
    admin: new KafkaAdmin(kafka),
    group: 'p.load',
    topics: new Map([['p.orders', 'orders']]),
    options: consumeOptions('load', ['orders']),
    handler: async () => {},
    logger: pino({ level: 'silent' }),
    onLost: () => {},
    onDead: (error) => { dead.push(error) }
  })
  await subscription.open()
  return {
    subscription,
    dead,
    crash (error, restart) {
      for (const listener of listeners) listener({ id: '1', type: 'consumer.crash', timestamp: 0, payload: { error, groupId: 'p.load', restart } })
    }
  }
}

test('a consumer that kafkajs does not start again is dead', async () => {
  const { subscription, dead, crash } = await openSubscription()
  crash(Object.assign(new Error('not authorized'), { type: 'GROUP_AUTHORIZATION_FAILED' }), false)
  expect(dead).toMatchObject([{ code: 'LOG_ACCESS_REFUSED' }])
  crash(new Error('no idea'), false)
  expect(dead).toMatchObject([{ code: 'LOG_ACCESS_REFUSED' }, { code: 'LOG_UNAVAILABLE' }])
  expect(dead[1]?.message).toContain('p.load')
  await subscription.close()
})

test('one that kafkajs starts again is not', async () => {
  const { subscription, dead, crash } = await openSubscription()
  crash(new Error('a broker went'), true)
  expect(dead).toEqual([])
  await subscription.close()
})

test('what happens to one that is closed is of no consequence', async () => {
  const { subscription, dead, crash } = await openSubscription()
  await subscription.close()
  crash(new Error('closed'), false)
  expect(dead).toEqual([])
})
