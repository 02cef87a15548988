import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { fetchKafka } from './fetch-kafka.ts'

const run = promisify(execFile)

/** A JVM and the jars to run in it. */
export interface JavaKafka {
  readonly java: string
  readonly jars: string
}

/** Where a Kafka can be had from, or why it cannot. */
export type KafkaSource =
  | { readonly kind: 'given', readonly brokers: readonly string[] }
  | { readonly kind: 'docker' }
  | { readonly kind: 'java', readonly kafka: JavaKafka }
  | { readonly kind: 'none', readonly reason: string }

export interface Surroundings {
  readonly environment: NodeJS.ProcessEnv
  readonly dockerAnswers: () => Promise<boolean>
}

export const here: Surroundings = { environment: process.env, dockerAnswers }

/** Where one broker comes from that somebody else may look after: KAFKA_BROKERS, else Docker, else Java and Maven. */
export async function findBroker (surroundings: Surroundings): Promise<KafkaSource> {
  const brokers = (surroundings.environment['KAFKA_BROKERS'] ?? '').split(',').map((broker) => broker.trim()).filter((broker) => broker !== '')
  if (brokers.length > 0) return { kind: 'given', brokers }
  if (await surroundings.dockerAnswers()) return { kind: 'docker' }
  return await findNodes(surroundings)
}

/** Where brokers come from that a test may kill, freeze and restart: Java and Maven only. */
export async function findNodes ({ environment }: Surroundings): Promise<KafkaSource> {
  const home = environment['JAVA_HOME'] ?? ''
  const java = home === '' ? 'java' : `${home}/bin/java`
  const version = await javaVersion(java, environment)
  if (version < 17) {
    const got = version === 0 ? 'no java' : `Java ${version}`
    return { kind: 'none', reason: `there is no Kafka to test with: install a JDK of 17 or later (found ${got}) and Maven, or start Docker, or set KAFKA_BROKERS (one broker only, and no tests of failover)` }
  }
  try {
    return { kind: 'java', kafka: { java, jars: await fetchKafka(environment) } }
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    return { kind: 'none', reason: `there is no Kafka to test with: Maven (mvn) must be installed and must reach Maven Central; it said: ${text.replaceAll(/\s+/g, ' ').slice(0, 500)}` }
  }
}

/** The major version; 0 where there is none. */
async function javaVersion (java: string, environment: NodeJS.ProcessEnv): Promise<number> {
  try {
    const { stderr } = await run(java, ['-version'], { env: environment })
    return Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0)
  } catch {
    return 0
  }
}

async function dockerAnswers (): Promise<boolean> {
  const { getContainerRuntimeClient } = await import('testcontainers')
  try {
    await getContainerRuntimeClient()
    return true
  } catch {
    return false
  }
}
