import { AppError, isError } from '../../runtime/errors.ts'
import type { Logger } from '../../runtime/logger.ts'
import { pause } from '../../runtime/pause.ts'
import { repeatedLines } from '../../runtime/repeated-lines.ts'
import type { Log, TopicDefinition } from '../log.ts'
import type { LogEnd, TopicLag } from '../log-lag.ts'
import { KafkaAdmin } from './kafka-admin.ts'
import { createKafka, type KafkaConnection } from './kafka-connection.ts'
import { nextOffset, readPositions } from './kafka-positions.ts'
import { KafkaProducer } from './kafka-producer.ts'
import { KafkaSubscription } from './kafka-subscription.ts'
import { prepareTopics, type TopicSettings } from './kafka-topics.ts'
import { KafkaWriter } from './kafka-writer.ts'
import { watchTopics } from './topic-watch.ts'
import { logErrors } from '../log-errors.ts'
import { runtimeErrors } from '../../runtime/runtime-errors.ts'

const retryMs = 2_000
/** A broker that restarts during a login looks like one that refuses it; this many in a row are a refusal. */
const refusalsToBelieve = 3
/** Request timeouts. A write may wait until a dead follower leaves the in-sync replicas, which takes Kafka nine seconds. */
const readTimeoutMs = 5_000
const writeTimeoutMs = 10_000
/** Pending webhooks beyond this are refused: they are in memory and not yet accepted. */
const intakeLimitBytes = 64 * 1024 * 1024
/** Receives readiness probes; nobody reads it. */
const probeTopic = 'probes'
const probeRetentionMs = 3_600_000

export interface KafkaLogOptions {
  readonly connection: KafkaConnection
  /** Prefix of topic and group names. */
  readonly prefix: string
  readonly topics: readonly TopicDefinition[]
  readonly topicSettings: TopicSettings
  readonly logger: Logger
  /** Ends the wait for an unavailable Kafka. */
  readonly signal: AbortSignal
  /** Kafka's retention deleted records before the group read them. */
  readonly onLost: (topic: string, group: string, records: number) => void
  /** A consumer has stopped for good: the process must end, so that its supervisor starts another. */
  readonly onDead: (error: AppError) => void
  /** Poll interval of the topic watch, and the absence that counts as deletion, in milliseconds. */
  readonly topicWatch?: { readonly checkMs: number, readonly goneAfterMs: number }
}

/**
 * The log in Kafka. Any number of processes may open it; members of one group share its partitions.
 * Waits while Kafka is unavailable; rejects with LOG_ACCESS_REFUSED or LOG_TOPIC_UNSUITABLE if a person is needed, and with SHUTTING_DOWN
 * when the signal ends the wait.
 */
export async function openKafkaLog ({ connection, prefix, topics, topicSettings, logger, signal, onLost, onDead, topicWatch }: KafkaLogOptions): Promise<Log> {
  const kafka = createKafka(connection, readTimeoutMs, logger)
  const kafkaToWrite = createKafka(connection, writeTimeoutMs, logger)
  const admin = new KafkaAdmin(kafka)
  const inKafka = new Map(topics.map(({ name }) => [name, prefix + name]))
  const subscriptions = new Set<KafkaSubscription>()

  await onceThere(async () => {
    await admin.run('its topics', async (client) => {
      await prepareTopics(client, [...inKafka.values()], topicSettings)
      await prepareTopics(client, [prefix + probeTopic], { ...topicSettings, partitions: 1, retentionMs: probeRetentionMs })
    })
  })
  /** Rejects if one is missing. */
  const describeTopics = async (): Promise<void> => {
    await admin.run('its topics', async (client) => { await client.fetchTopicMetadata({ topics: [...inKafka.values()] }) })
  }
  const watching = new AbortController()
  watchTopics({ ...topicWatch, signal: watching.signal, describe: describeTopics, onGone: onDead })

  const intake = writer(intakeLimitBytes)
  const internal = writer(Infinity)
  let closed: Promise<void> | undefined

  function writer (waitingLimitBytes: number): KafkaWriter {
    const { maxMessageBytes } = topicSettings
    return new KafkaWriter({ producer: new KafkaProducer(kafkaToWrite), topics: inKafka, probeTopic: prefix + probeTopic, maxMessageBytes, waitingLimitBytes })
  }

  async function onceThere (work: () => Promise<void>): Promise<void> {
    const lines = repeatedLines(logger)
    for (let refusals = 0; ;) {
      try {
        await work()
        return
      } catch (err) {
        const refused = isError(err, logErrors.LOG_ACCESS_REFUSED)
        refusals = refused ? refusals + 1 : 0
        if (!(err instanceof AppError) || (err.code !== 'LOG_UNAVAILABLE' && !refused) || refusals === refusalsToBelieve) {
          await admin.close()
          throw err
        }
        lines.say(err.code, 'warn', { err, brokers: connection.brokers }, refused ? 'Kafka refuses; it is asked again, as a broker that restarts looks like that' : 'Kafka is unavailable; waiting for it')
        await pause(retryMs, signal)
        if (signal.aborted) {
          await admin.close()
          throw new AppError(runtimeErrors.SHUTTING_DOWN, 'the wait for Kafka was given up', { cause: err })
        }
      }
    }
  }

  /** Probes have a topic of their own and do not touch the others. */
  async function probe (to: KafkaWriter): Promise<void> {
    await to.probe()
    await describeTopics()
  }

  function requireOpen (): void {
    if (closed !== undefined) throw new AppError(logErrors.LOG_UNAVAILABLE, 'expected an open log, got one that is closed or closing')
  }

  async function close (): Promise<void> {
    watching.abort()
    // 1. refuse new webhooks
    await intake.close()
    // 2. end handlers; their appends are still accepted
    await Promise.all([...subscriptions].map((subscription) => subscription.close()))
    // 3. refuse all appends
    await internal.close()
    await admin.close()
  }

  async function lagOf (group: string): Promise<readonly TopicLag[]> {
    const read = topics.filter(({ groups }) => groups.includes(group)).map(({ name }) => name)
    const positions = await admin.run(`the lag of ${group}`, async (client) => await readPositions(client, prefix + group, read.map((name) => prefix + name)))
    return read.map((topic) => {
      const name = prefix + topic
      const records = positions.filter((position) => position.topic === name).reduce((sum, position) => sum + Math.max(0, position.high - nextOffset(position)), 0)
      const heads = [...subscriptions].flatMap((subscription) => subscription.group === group ? subscription.oldestTimestamp(name) ?? [] : [])
      return { topic, group, records, oldestTimestamp: records === 0 || heads.length === 0 ? undefined : Math.min(...heads) }
    })
  }

  return {
    intake: { append: async (records) => { await intake.append(records) }, probe: async () => { await probe(intake) } },
    internal: { append: async (records) => { await internal.append(records) }, probe: async () => { await probe(internal) } },
    async consume (options, handler) {
      requireOpen()
      const unknown = options.topics.find((topic) => !inKafka.has(topic))
      if (unknown !== undefined) throw new AppError(runtimeErrors.INTERNAL, `expected a topic of this log, got ${unknown}`)
      const subscription = new KafkaSubscription({
        kafka,
        admin,
        group: prefix + options.group,
        topics: new Map(options.topics.map((topic) => [prefix + topic, topic])),
        options,
        maxMessageBytes: topicSettings.maxMessageBytes,
        handler,
        logger,
        onLost,
        onDead
      })
      subscriptions.add(subscription)
      subscription.open()
      return {
        async close () {
          await subscription.close()
          subscriptions.delete(subscription)
        }
      }
    },
    async lag () {
      requireOpen()
      const groups = [...new Set(topics.flatMap((topic) => topic.groups))]
      return (await Promise.all(groups.map(lagOf))).flat()
    },
    async backlog () {
      requireOpen()
      // retention is by time, not by size
      return undefined
    },
    async disk () {
      return undefined
    },
    async ends () {
      requireOpen()
      return await admin.run('the ends of the topics', async (client) => {
        const ends: LogEnd[] = []
        // sequentially: see readPositions
        for (const { name } of topics) {
          for (const { partition, high } of await client.fetchTopicOffsets(prefix + name)) ends.push({ topic: name, partition, next: Number(high) })
        }
        return ends
      })
    },
    close () {
      closed ??= close()
      return closed
    }
  }
}
