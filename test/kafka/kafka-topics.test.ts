import kafkajs, { type Admin, type ITopicConfig } from 'kafkajs'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createSpace, type LogSpace, settings } from './log-space.ts'
import { describeWithKafka } from './require-kafka.ts'

describeWithKafka('topics of the log', ({ brokers }) => {
  let space: LogSpace
  beforeEach(() => { space = createSpace(brokers) })
  afterEach(async () => { await space.dispose() })

  async function configOf (admin: Admin, name: string): Promise<Record<string, string>> {
    const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name }] })
    return Object.fromEntries((resources[0]?.configEntries ?? []).map(({ configName, configValue }) => [configName, configValue]))
  }

  /** Creates the topic as the log would, but for the differences. */
  async function createBefore (changes: Partial<ITopicConfig>, config: Readonly<Record<string, string>> = {}): Promise<void> {
    const entries = { 'cleanup.policy': 'delete', 'retention.ms': String(settings.retentionMs), 'max.message.bytes': String(settings.maxMessageBytes), ...config }
    await space.inKafka(async (admin) => {
      await admin.createTopics({
        waitForLeaders: false,
        topics: [{ topic: space.prefix + space.topic, numPartitions: 3, replicationFactor: 1, configEntries: Object.entries(entries).map(([name, value]) => ({ name, value })), ...changes }]
      })
    })
  }

  test('are created with the settings', async () => {
    await space.open({ topicSettings: { ...settings, partitions: 5, retentionMs: 7_200_000, maxMessageBytes: 3_000_000 } })
    await space.inKafka(async (admin) => {
      const name = space.prefix + space.topic
      const { topics } = await admin.fetchTopicMetadata({ topics: [name] })
      expect(topics[0]?.partitions.map(({ replicas }) => replicas.length)).toEqual([1, 1, 1, 1, 1])
      expect(await configOf(admin, name)).toMatchObject({
        'min.insync.replicas': '1',
        'retention.ms': '7200000',
        'retention.bytes': '-1',
        'max.message.bytes': '3000000',
        'cleanup.policy': 'delete',
        'unclean.leader.election.enable': 'false',
        'message.timestamp.type': 'CreateTime'
      })
    })
  })

  test('minInsyncReplicas is that of the topic, whatever the default of the brokers', async () => {
    await space.open({ topicSettings: { ...settings, minInsyncReplicas: 2 } })
    await space.inKafka(async (admin) => { expect(await configOf(admin, space.prefix + space.topic)).toMatchObject({ 'min.insync.replicas': '2' }) })
  })

  test.each([
    ['fewer partitions', { numPartitions: 2 }, {}, /expected 3 partitions at least \(KAFKA_PARTITIONS\), got 2; run kafka-topics\.sh --alter --topic \S+ --partitions 3, or set KAFKA_PARTITIONS=2/],
    ['a shorter retention', {}, { 'retention.ms': '60000' }, /expected retention\.ms=3600000, got 60000; run kafka-configs\.sh --alter .+--add-config retention\.ms=3600000/],
    ['smaller messages', {}, { 'max.message.bytes': '1000000' }, /expected max\.message\.bytes=16777216, got 1000000; run kafka-configs\.sh/],
    ['compaction', {}, { 'cleanup.policy': 'compact' }, /expected cleanup\.policy=delete, got compact; run kafka-configs\.sh/],
    ['a limit in bytes', {}, { 'retention.bytes': '1000000' }, /expected retention\.bytes=-1, got 1000000; run kafka-configs\.sh/],
    ['timestamps of the append', {}, { 'message.timestamp.type': 'LogAppendTime' }, /expected message\.timestamp\.type=CreateTime, got LogAppendTime; run kafka-configs\.sh/]
  ])('with %s are refused, and the message says how to go on', async (_name, changes, config, message) => {
    await createBefore(changes, config)
    const refused = space.open()
    await expect(refused).rejects.toMatchObject({ code: 'LOG_TOPIC_UNSUITABLE' })
    await expect(refused).rejects.toThrow(message)
    await expect(refused).rejects.toThrow(space.prefix + space.topic)
  })

  test('name every contradiction at once', async () => {
    await createBefore({ numPartitions: 1 }, { 'cleanup.policy': 'compact', 'retention.ms': '1000' })
    await expect(space.open()).rejects.toThrow(/KAFKA_PARTITIONS[^]+cleanup\.policy[^]+retention\.ms/)
  })

  test('that are larger than asked are fine', async () => {
    await createBefore({ numPartitions: 7 }, { 'retention.ms': '-1', 'max.message.bytes': '33554432' })
    await space.open()
  })

  test('with more replicas than brokers are refused', async () => {
    const there = await space.inKafka(async (admin) => (await admin.describeCluster()).brokers.length)
    const refused = space.open({ topicSettings: { ...settings, replicationFactor: there + 1 } })
    await expect(refused).rejects.toMatchObject({ code: 'LOG_TOPIC_UNSUITABLE' })
    await expect(refused).rejects.toThrow(`expected ${there + 1} brokers for KAFKA_REPLICATION_FACTOR=${there + 1}, got ${there}`)
  })

  test('are created once by processes that start at once', async () => {
    for (let round = 0; round < 5; round++) {
      const prefix = `${space.prefix}${round}.`
      const opened = await Promise.all([1, 2, 3].map(async () => await space.open({ prefix })))
      await Promise.all(opened.map(async ({ log }, i) => { await log.intake.append([{ topic: space.topic, key: 'k', timestamp: Date.now(), value: Buffer.from(String(i)) }]) }))
    }
  })

  test('that are deleted while the process runs make it unready, and end it', async () => {
    const { log, dead } = await space.open({ topicWatch: { checkMs: 200, goneAfterMs: 2_000 } })
    await log.intake.probe()
    await space.inKafka(async (admin) => { await admin.deleteTopics({ topics: [space.prefix + space.topic] }) })
    await vi.waitFor(async () => { await expect(log.intake.probe()).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' }) }, { timeout: 30_000, interval: 200 })
    await vi.waitFor(() => { expect(dead).toMatchObject([{ code: 'LOG_TOPIC_UNSUITABLE' }]) }, { timeout: 60_000, interval: 200 })
  })
})
