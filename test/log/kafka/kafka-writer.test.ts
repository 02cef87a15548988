import type { TopicMessages } from 'kafkajs'
import { expect, test } from 'vitest'
import type { KafkaProducer } from '../../../log/kafka/kafka-producer.ts'
import { KafkaWriter } from '../../../log/kafka/kafka-writer.ts'
import { AppError } from '../../../runtime/errors.ts'
import { record } from '../log-fixtures.ts'
import { logErrors } from '../../../log/log-errors.ts'

/** A producer whose sends the test lets through, one by one. */
class HeldProducer {
  readonly sends: Array<{ readonly messages: readonly TopicMessages[], readonly resolve: () => void, readonly reject: (error: Error) => void }> = []
  closed = false

  async send (messages: readonly TopicMessages[]): Promise<void> {
    await new Promise<void>((resolve, reject) => { this.sends.push({ messages, resolve, reject }) })
  }

  async close (): Promise<void> { this.closed = true }

  /** Sizes of the values of the n-th send, by topic. */
  values (send: number): Record<string, string[]> {
    return Object.fromEntries((this.sends[send]?.messages ?? []).map(({ topic, messages }) => [topic, messages.map(({ value }) => String(value))]))
  }

  async until (count: number): Promise<void> {
    while (this.sends.length < count) await new Promise((resolve) => setImmediate(resolve))
  }
}

function writerOn (producer: HeldProducer, limits: { readonly maxMessageBytes?: number, readonly waitingLimitBytes?: number } = {}): KafkaWriter {
  return new KafkaWriter({
    producer: producer as unknown as KafkaProducer,
    topics: new Map([['a', 'shop.a'], ['b', 'shop.b']]),
    probeTopic: 'shop.probes',
    maxMessageBytes: 10_000,
    waitingLimitBytes: Infinity,
    ...limits
  })
}

test('callers that come while a send is under way go together with the next, in their order', async () => {
  const producer = new HeldProducer()
  const writer = writerOn(producer)
  const first = writer.append([record('a', '1')])
  await producer.until(1)
  const others = Promise.all([writer.append([record('a', '2'), record('b', '3')]), writer.append([record('a', '4')])])
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(producer.sends).toHaveLength(1)
  producer.sends[0]?.resolve()
  await first
  await producer.until(2)
  producer.sends[1]?.resolve()
  await others
  expect([producer.values(0), producer.values(1)]).toEqual([{ 'shop.a': ['1'] }, { 'shop.a': ['2', '4'], 'shop.b': ['3'] }])
})

test('a failed send rejects all who were in it, and nobody else', async () => {
  const producer = new HeldProducer()
  const writer = writerOn(producer)
  const together = [writer.append([record('a', '1')]), writer.append([record('b', '2')])]
  await producer.until(1)
  const later = writer.append([record('a', '3')])
  producer.sends[0]?.reject(new AppError(logErrors.LOG_UNAVAILABLE, 'no answer'))
  expect(await Promise.allSettled(together)).toMatchObject([{ reason: { code: 'LOG_UNAVAILABLE' } }, { reason: { code: 'LOG_UNAVAILABLE' } }])
  await producer.until(2)
  producer.sends[1]?.resolve()
  await later
})

test('a send is no larger than one message of Kafka may be, even where one caller brings more', async () => {
  const producer = new HeldProducer()
  const writer = writerOn(producer)
  const big = 'x'.repeat(4_000)
  const done = Promise.all([writer.append([record('a', big), record('a', big), record('a', big)]), writer.append([record('a', 'small')])])
  const sizes: number[] = []
  for (let send = 0; send < 3; send++) {
    await producer.until(send + 1)
    sizes.push(producer.values(send)['shop.a']?.join('').length ?? 0)
    producer.sends[send]?.resolve()
  }
  await done
  expect(sizes).toEqual([8_000, 4_000, 5])
})

test('a record that Kafka would refuse is refused alone', async () => {
  const producer = new HeldProducer()
  const writer = writerOn(producer)
  const fine = writer.append([record('a', 'fine')])
  await expect(writer.append([record('a', 'x'.repeat(10_000))])).rejects.toMatchObject({ code: 'LOG_RECORD_TOO_LARGE', message: expect.stringContaining('10000') as string })
  await producer.until(1)
  producer.sends[0]?.resolve()
  await fine
})

test('while Kafka does not keep up, intake is refused beyond its limit', async () => {
  const producer = new HeldProducer()
  const writer = writerOn(producer, { waitingLimitBytes: 2_000 })
  const first = writer.append([record('a', 'first')])
  await producer.until(1)
  const waiting = writer.append([record('a', 'x'.repeat(3_000))])
  await expect(writer.append([record('a', 'one more')])).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' })
  producer.sends[0]?.resolve()
  await producer.until(2)
  producer.sends[1]?.resolve()
  await Promise.all([first, waiting])
})

test('a probe writes to its own topic, and waits for it', async () => {
  const producer = new HeldProducer()
  const writer = writerOn(producer)
  let probed = false
  const probe = writer.probe().then(() => { probed = true })
  await producer.until(1)
  expect(Object.keys(producer.values(0))).toEqual(['shop.probes'])
  expect(probed).toBe(false)
  producer.sends[0]?.resolve()
  await probe
})

test('what was appended before the close still goes; what comes after is refused', async () => {
  const producer = new HeldProducer()
  const writer = writerOn(producer)
  const before = writer.append([record('a', 'before')])
  const closing = writer.close()
  await expect(writer.append([record('a', 'after')])).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' })
  await producer.until(1)
  expect(producer.closed).toBe(false)
  producer.sends[0]?.resolve()
  await Promise.all([before, closing])
  expect(producer.closed).toBe(true)
})
