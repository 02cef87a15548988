import { setTimeout as sleep } from 'node:timers/promises'
import kafkajs, { type Admin, type IResourceConfigEntry } from 'kafkajs'
import { AppError } from '../../runtime/errors.ts'
import { protocolError } from './kafka-errors.ts'
import { logErrors } from '../log-errors.ts'

/** Settings of new topics, and the minimum for existing ones. */
export interface TopicSettings {
  readonly partitions: number
  readonly replicationFactor: number
  readonly minInsyncReplicas: number
  readonly retentionMs: number
  readonly maxMessageBytes: number
}

interface Requirement {
  readonly name: string
  readonly value: string
  /** Whether a topic that has `got` keeps the guarantees. */
  readonly isMet: (got: string) => boolean
}

function requirements ({ minInsyncReplicas, retentionMs, maxMessageBytes }: TopicSettings): readonly Requirement[] {
  const exactly = (name: string, value: string): Requirement => ({ name, value, isMet: (got) => got === value })
  const atLeast = (name: string, least: number, unlimited?: string): Requirement => ({ name, value: String(least), isMet: (got) => got === unlimited || Number(got) >= least })
  return [
    // Compaction keeps the last record per key; a size limit or an unclean leader loses unread records.
    exactly('cleanup.policy', 'delete'),
    exactly('retention.bytes', '-1'),
    exactly('unclean.leader.election.enable', 'false'),
    // the only compression that kafkajs reads
    { name: 'compression.type', value: 'producer', isMet: (got) => ['producer', 'uncompressed', 'gzip'].includes(got) },
    // Arrival of the webhook, not append time: log/kafka/record-time.ts.
    exactly('message.timestamp.type', 'CreateTime'),
    atLeast('retention.ms', retentionMs, '-1'),
    atLeast('min.insync.replicas', minInsyncReplicas),
    atLeast('max.message.bytes', maxMessageBytes)
  ]
}

/**
 * Creates missing topics and checks existing ones. Rejects with LOG_TOPIC_UNSUITABLE, which names every
 * contradiction and its remedy. Safe for concurrent processes.
 */
export async function prepareTopics (admin: Admin, names: readonly string[], settings: TopicSettings): Promise<void> {
  const there = new Set(await admin.listTopics())
  const missing = names.filter((name) => !there.has(name))
  if (missing.length > 0) await create(admin, missing, settings)
  const existing = names.filter((name) => there.has(name))
  if (existing.length === 0) return
  const problems = [...await countProblems(admin, existing, settings), ...await configProblems(admin, existing, settings)]
  if (problems.length > 0) {
    throw new AppError(logErrors.LOG_TOPIC_UNSUITABLE, `topics in Kafka contradict the settings:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`)
  }
}

async function create (admin: Admin, names: readonly string[], settings: TopicSettings): Promise<void> {
  const configEntries: IResourceConfigEntry[] = requirements(settings).map(({ name, value }) => ({ name, value }))
  try {
    await admin.createTopics({
      topics: names.map((topic) => ({ topic, numPartitions: settings.partitions, replicationFactor: settings.replicationFactor, configEntries })),
      // kafkajs would ask one broker, which may not know the topics yet, and fail
      waitForLeaders: false
    })
  } catch (error) {
    const type = firstOf(error)
    if (type === 'TOPIC_AUTHORIZATION_FAILED' || type === 'CLUSTER_AUTHORIZATION_FAILED') {
      const configs = configEntries.map(({ name, value }) => `--config ${name}=${value}`).join(' ')
      throw new AppError(logErrors.LOG_ACCESS_REFUSED, `expected the right to create topics, got ${type}; grant Create, or run for each of ${names.join(', ')}: kafka-topics.sh --create --topic <name> --partitions ${settings.partitions} --replication-factor ${settings.replicationFactor} ${configs}`, { cause: error })
    }
    if (type === 'INVALID_REPLICATION_FACTOR') {
      const { brokers } = await admin.describeCluster()
      throw new AppError(logErrors.LOG_TOPIC_UNSUITABLE, `expected ${settings.replicationFactor} brokers for KAFKA_REPLICATION_FACTOR=${settings.replicationFactor}, got ${brokers.length}; set KAFKA_REPLICATION_FACTOR and KAFKA_MIN_INSYNC_REPLICAS to fit, or add brokers`, { cause: error })
    }
    throw error
  }
  await untilLed(admin, names)
}

/** Otherwise the first webhook would meet a topic without a leader. */
async function untilLed (admin: Admin, names: readonly string[]): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      const { topics } = await admin.fetchTopicMetadata({ topics: [...names] })
      if (topics.every(({ partitions }) => partitions.length > 0 && partitions.every(({ leader }) => leader >= 0))) return
    } catch (error) {
      if (protocolError(error) !== 'UNKNOWN_TOPIC_OR_PARTITION' && protocolError(error) !== 'LEADER_NOT_AVAILABLE') throw error
    }
    if (tries === 50) throw new AppError(logErrors.LOG_UNAVAILABLE, `expected leaders for the new topics ${names.join(', ')}, got none yet`)
    await sleep(100)
  }
}

/** kafkajs aggregates errors of several topics. */
function firstOf (error: unknown): string | undefined {
  const errors = (error as { readonly errors?: readonly unknown[] }).errors
  return protocolError(errors?.[0] ?? error)
}

async function countProblems (admin: Admin, names: readonly string[], settings: TopicSettings): Promise<readonly string[]> {
  const { topics } = await admin.fetchTopicMetadata({ topics: [...names] })
  return topics.flatMap(({ name, partitions }) => {
    const problems: string[] = []
    if (partitions.length < settings.partitions) {
      problems.push(`${name}: expected ${settings.partitions} partitions at least (KAFKA_PARTITIONS), got ${partitions.length}; run kafka-topics.sh --alter --topic ${name} --partitions ${settings.partitions}, or set KAFKA_PARTITIONS=${partitions.length}`)
    }
    const copies = Math.min(...partitions.map(({ replicas }) => replicas.length))
    if (copies < settings.replicationFactor) {
      problems.push(`${name}: expected ${settings.replicationFactor} replicas at least (KAFKA_REPLICATION_FACTOR), got ${copies}; run kafka-reassign-partitions.sh, or set KAFKA_REPLICATION_FACTOR=${copies}`)
    }
    return problems
  })
}

async function configProblems (admin: Admin, names: readonly string[], settings: TopicSettings): Promise<readonly string[]> {
  const wanted = requirements(settings)
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: names.map((name) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name, configNames: wanted.map((one) => one.name) }))
  })
  return resources.flatMap(({ resourceName, configEntries }) => wanted.flatMap(({ name, value, isMet }) => {
    const got = configEntries.find((entry) => entry.configName === name)?.configValue
    if (got === undefined || isMet(got)) return []
    return [`${resourceName}: expected ${name}=${value}, got ${got}; run kafka-configs.sh --alter --entity-type topics --entity-name ${resourceName} --add-config ${name}=${value}, or change the setting`]
  }))
}
