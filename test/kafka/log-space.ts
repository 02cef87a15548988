import { Writable } from 'node:stream'
import kafkajs, { type Admin } from 'kafkajs'
import { pino } from 'pino'
import { vi } from 'vitest'
import type { AppError } from '../../runtime/errors.ts'
import { createKafka } from '../../log/kafka/kafka-connection.ts'
import { partitionOf } from '../../log/kafka/kafka-producer.ts'
import type { TopicSettings } from '../../log/kafka/kafka-topics.ts'
import { type KafkaLogOptions, openKafkaLog } from '../../log/kafka/open-kafka-log.ts'
import type { Log } from '../../log/log.ts'
import type { LogBatch } from '../../log/log-consumer.ts'
import { type Gate, uniqueName } from '../log/log-fixtures.ts'

export const settings: TopicSettings = { partitions: 3, replicationFactor: 1, minInsyncReplicas: 1, retentionMs: 3_600_000, maxMessageBytes: 16 * 1024 * 1024 }

/** An open log and what it said. */
export interface OpenedLog {
  readonly log: Log
  /** `topic group records` of each call. */
  readonly lost: readonly string[]
  readonly dead: readonly AppError[]
}

/** Logs that share a prefix which is nobody else's, as processes of one installation do. */
export interface LogSpace {
  readonly prefix: string
  readonly topic: string
  readonly group: string
  /** What the logs wrote, warnings and worse: messages, and those of errors. */
  readonly logged: readonly string[]
  open (changes?: Partial<KafkaLogOptions>): Promise<OpenedLog>
  inKafka <T> (work: (admin: Admin) => Promise<T>): Promise<T>
  /** Resolves when the group has this many members, each with partitions. */
  members (count: number): Promise<void>
  /** Resolves when all groups have acknowledged all. */
  read (log: Log): Promise<void>
  /** Closes the logs and removes the topics. */
  dispose (): Promise<void>
}

/** One topic and one group, where the test does not say otherwise. */
export function createSpace (brokers: readonly string[], partitions = 3): LogSpace {
  const prefix = uniqueName('adapter.')
  const [topic, group] = ['orders', 'load']
  const opened: Log[] = []
  const logged: string[] = []
  const lines = new Writable({
    write (line: Buffer, _encoding, done) {
      const { msg, err } = JSON.parse(line.toString()) as { readonly msg: string, readonly err?: { readonly message: string } }
      logged.push(err === undefined ? msg : `${msg}: ${err.message}`)
      done()
    }
  })

  async function inKafka <T> (work: (admin: Admin) => Promise<T>): Promise<T> {
    const admin = new kafkajs.Kafka({ brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING }).admin()
    await admin.connect()
    try {
      return await work(admin)
    } finally {
      await admin.disconnect()
    }
  }

  return {
    prefix,
    topic,
    group,
    logged,
    inKafka,
    async open (changes = {}) {
      const lost: string[] = []
      const dead: AppError[] = []
      const log = await openKafkaLog({
        connection: { brokers },
        prefix,
        topics: [{ name: topic, groups: [group] }],
        topicSettings: { ...settings, partitions },
        logger: pino({ level: 'warn' }, lines),
        signal: new AbortController().signal,
        onLost: (...said) => { lost.push(said.join(' ')) },
        onDead: (error) => { dead.push(error) },
        ...changes
      })
      opened.push(log)
      return { log, lost, dead }
    },
    async members (count) {
      await vi.waitFor(async () => {
        const { groups } = await inKafka(async (admin) => await admin.describeGroups([prefix + group]))
        const [{ state, members } = { state: 'none', members: [] }] = groups
        const busy = members.filter(({ memberAssignment }) => Object.keys(kafkajs.AssignerProtocol.MemberAssignment.decode(memberAssignment)?.assignment ?? {}).length > 0)
        if (state !== 'Stable' || members.length !== count || busy.length !== count) throw new Error(`expected ${count} busy members, got ${busy.length} of ${members.length}, ${state}`)
      }, { timeout: 60_000, interval: 200 })
    },
    async read (log) {
      await vi.waitFor(async () => {
        const behind = (await log.lag()).filter(({ records }) => records > 0)
        if (behind.length > 0) throw new Error(`expected all to be acknowledged, got ${JSON.stringify(behind)}`)
      }, { timeout: 60_000, interval: 100 })
    },
    async dispose () {
      await Promise.all(opened.map(async (log) => { await log.close() }))
      await inKafka(async (admin) => {
        const topics = (await admin.listTopics()).filter((name) => name.startsWith(prefix))
        if (topics.length > 0) await admin.deleteTopics({ topics })
      })
    }
  }
}

/** Holds a handler; rejects when its batch is no longer to be handled. */
export async function untilOpen (gate: Gate, { signal }: LogBatch): Promise<void> {
  const aborted = new Promise<never>((_resolve, reject) => { signal.addEventListener('abort', () => { reject(new Error('the batch is no longer ours')) }) })
  await Promise.race([gate.opened, aborted])
}

/** A key that goes to the partition. */
export function keyFor (partition: number, partitions: number): string {
  for (let i = 0; ; i++) {
    const key = `key ${i}`
    if (partitionOf(key, partitions) === partition) return key
  }
}

/** A client as the log has it, silent. */
export function silentKafka (brokers: readonly string[]): kafkajs.Kafka {
  return createKafka({ brokers }, 10_000, pino({ level: 'silent' }))
}
