import type { Admin, Kafka } from 'kafkajs'
import { expect, test } from 'vitest'
import { KafkaAdmin } from '../../../log/kafka/kafka-admin.ts'

/** Clients that say what became of them; their requests are those that a test settles. */
function fakeKafka (): { readonly kafka: Pick<Kafka, 'admin'>, readonly said: string[] } {
  const said: string[] = []
  let made = 0
  const admin = (): Admin => {
    const name = `client ${++made}`
    return { connect: async () => { said.push(`${name} connected`) }, disconnect: async () => { said.push(`${name} ended`) } } as unknown as Admin
  }
  return { kafka: { admin }, said }
}

const refused = async (): Promise<never> => { throw new Error('not the leader') }

/** Long enough for every promise that is settled to be heard of. */
const soon = async (): Promise<void> => { await new Promise((resolve) => { setImmediate(resolve) }) }

test('a client is used until it fails, then another one is', async () => {
  const { kafka, said } = fakeKafka()
  const admin = new KafkaAdmin(kafka)
  expect([await admin.run('a', async () => 1), await admin.run('b', async () => 2)]).toEqual([1, 2])
  await expect(admin.run('c', refused)).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' })
  await admin.run('d', async () => {})
  await admin.close()
  expect(said).toEqual(['client 1 connected', 'client 1 ended', 'client 2 connected', 'client 2 ended'])
})

test('a client that failed is ended only when nothing is under way with it: a request that is cut off connects again', async () => {
  const { kafka, said } = fakeKafka()
  const admin = new KafkaAdmin(kafka)
  let finish = (): void => {}
  const underWay = admin.run('slow', async () => { await new Promise<void>((resolve) => { finish = resolve }) })
  await soon()
  await expect(admin.run('fast', refused)).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' })
  await soon()
  expect(said).toEqual(['client 1 connected'])
  finish()
  await underWay
  await soon()
  expect(said).toEqual(['client 1 connected', 'client 1 ended'])
})

test('close cuts off what is under way, and ends once more what that may have opened again', async () => {
  const { kafka, said } = fakeKafka()
  const admin = new KafkaAdmin(kafka)
  let fail = (_: Error): void => {}
  const underWay = admin.run('slow', async () => { await new Promise<void>((_resolve, reject) => { fail = reject }) })
  await soon()
  await admin.close()
  expect(said).toEqual(['client 1 connected', 'client 1 ended'])
  fail(new Error('closed'))
  await expect(underWay).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' })
  await soon()
  expect(said).toEqual(['client 1 connected', 'client 1 ended', 'client 1 ended'])
})
