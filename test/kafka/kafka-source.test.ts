import { describe, expect, test } from 'vitest'
import { findBroker, findNodes, type Surroundings } from './kafka-source.ts'
import { judge } from './require-kafka.ts'

const nothing: Surroundings = { environment: { PATH: '' }, dockerAnswers: async () => false }

describe('where a Kafka is looked for', () => {
  test('KAFKA_BROKERS comes first, then Docker', async () => {
    const environment = { PATH: '', KAFKA_BROKERS: 'one:9092, two:9092' }
    expect(await findBroker({ environment, dockerAnswers: async () => true })).toEqual({ kind: 'given', brokers: ['one:9092', 'two:9092'] })
    expect(await findBroker({ environment: { PATH: '' }, dockerAnswers: async () => true })).toEqual({ kind: 'docker' })
  })

  test('brokers to kill and freeze are never somebody else\'s', async () => {
    expect(await findNodes({ environment: { PATH: '', KAFKA_BROKERS: 'one:9092' }, dockerAnswers: async () => true })).toMatchObject({ kind: 'none' })
  })

  test('where there is none, the suite is skipped and says what to install', async () => {
    const source = await findBroker(nothing)
    const reason = expect.stringMatching(/no Kafka to test with: install a JDK of 17 or later \(found no java\) and Maven, or start Docker, or set KAFKA_BROKERS/) as string
    expect(source).toEqual({ kind: 'none', reason })
    expect(judge(source, {})).toEqual({ kind: 'skip', reason })
  })

  test('REQUIRE_KAFKA=1 makes that a failure', async () => {
    expect(judge(await findBroker(nothing), { REQUIRE_KAFKA: '1' })).toMatchObject({ kind: 'fail', reason: expect.stringContaining('REQUIRE_KAFKA=1, but there is no Kafka') as string })
  })

  test('a Kafka that does not start is a failure, not a reason to skip', () => {
    expect(judge({ kind: 'failed', reason: 'the end of its log' }, {})).toEqual({ kind: 'fail', reason: 'the end of its log' })
  })
})
