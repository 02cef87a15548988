import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { startKafkaCluster } from '../test/kafka/kafka-cluster.ts'
import { findNodes, here } from '../test/kafka/kafka-source.ts'

export const engineNames = ['embedded', 'kafka'] as const
export type EngineName = typeof engineNames[number]

/** What the log runs on while it is measured. */
export interface Engine {
  readonly name: EngineName
  /** Settings for a log of this kind that is empty. */
  emptyLog (): Readonly<Record<string, string>>
  /** CPU time that brokers of ours have taken, in seconds; undefined where there is none of ours. */
  brokerSeconds (): Promise<number | undefined>
  stop (): Promise<void>
}

/** KAFKA_BROKERS where that is set, else one broker of our own (Java and Maven). */
export async function startEngine (name: EngineName): Promise<Engine> {
  if (name === 'embedded') return { name, emptyLog: () => ({}), brokerSeconds: async () => undefined, stop: async () => {} }
  const given = process.env['KAFKA_BROKERS'] ?? ''
  if (given !== '') return { name, emptyLog: () => settingsFor(given), brokerSeconds: async () => undefined, stop: async () => {} }
  const source = await findNodes(here)
  if (source.kind !== 'java') throw new Error(source.kind === 'none' ? source.reason : 'expected Java and Maven')
  const cluster = await startKafkaCluster(source.kafka, { nodes: 1 })
  return {
    name,
    emptyLog: () => settingsFor(cluster.brokers.join(',')),
    brokerSeconds: async () => {
      const seconds = await Promise.all(cluster.nodes.map(async ({ pid }) => pid === undefined ? 0 : await cpuSeconds(pid)))
      return seconds.reduce((sum, one) => sum + one)
    },
    stop: async () => { await cluster.stop() }
  }
}

function settingsFor (brokers: string): Record<string, string> {
  return { KAFKA_BROKERS: brokers, KAFKA_PREFIX: `bench-${randomUUID()}.`, KAFKA_REPLICATION_FACTOR: '1', KAFKA_MIN_INSYNC_REPLICAS: '1' }
}

/** CPU time of a process of this machine, as the kernel counts it in hundredths of a second. */
async function cpuSeconds (pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  // the name, in brackets, may hold anything
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}
