import kafkajs, { type Admin } from 'kafkajs'
import type { Role } from '../../app/roles.ts'
import { loadGroup, transformGroup } from '../../schemas/topics.ts'
import type { EmbeddedServer } from '../../warehouse/embedded/embedded-server.ts'
import type { Deployment } from '../e2e/deployment.ts'
import { createHome, eventually, rowsOf, startPipeline, type Home, type Pipeline } from '../e2e/pipeline-process.ts'
import { uniqueName } from '../log/log-fixtures.ts'
import { newDataDir, removeDataDir, startTestServer } from '../warehouse/server-fixture.ts'
import { freePorts } from './free-ports.ts'

/** On Kafka and a ClickHouse server of its own, each role in processes of its own. */
export interface KafkaDeployment extends Deployment {
  readonly server: EmbeddedServer
  /** What `KAFKA_PREFIX` is: before the names of topics and groups. */
  readonly prefix: string
  /** Its running processes of a role. */
  processes (role: Role): readonly Pipeline[]
  /** One process more. */
  add (role: Role): Promise<Pipeline>
  /** Takes one away: SIGTERM, and rejects where it does not end in good order; or SIGKILL. */
  take (process: Pipeline, how: 'SIGTERM' | 'SIGKILL'): Promise<void>
  /** Resolves when as many processes of the role as are running have shared the partitions out. */
  shared (role: 'transform' | 'load'): Promise<void>
}

export interface KafkaDeploymentOptions {
  /** Where the deployment begins, as in KAFKA_BROKERS. */
  readonly brokers: readonly string[]
  /** Copies of a topic; of 3, 2 must be written. */
  readonly copies: 1 | 3
  readonly settings: Readonly<Record<string, string>>
  /** What its processes take for ClickHouse, such as a proxy before it. */
  readonly warehouseUrl?: (url: string) => Promise<string>
  /** For questions to Kafka; default `brokers`. */
  readonly admins?: readonly string[]
}

/** Two transformers and two loaders: with two partitions a topic, each has one of every topic. */
const everyRole: readonly Role[] = ['ingest', 'transform', 'transform', 'load', 'load']
const partitions = '2'

/** Resolves when all of it runs and both transformers and both loaders have their part. */
export async function startKafkaDeployment ({ brokers, copies, settings, warehouseUrl = async (url) => url, admins = brokers }: KafkaDeploymentOptions): Promise<KafkaDeployment> {
  const kafka = new kafkajs.Kafka({ brokers: [...admins], logLevel: kafkajs.logLevel.NOTHING, requestTimeout: 5_000 })
  const dataDir = await newDataDir()
  const server = await startTestServer({ dataDir, biPassword: 'bi-password', ...(settings['CRM_PASSWORD'] === undefined ? {} : { crmPassword: settings['CRM_PASSWORD'] }) })
  const prefix = uniqueName('e2e') + '.'
  const home = await createHome({
    KAFKA_BROKERS: brokers.join(','),
    KAFKA_PREFIX: prefix,
    KAFKA_PARTITIONS: partitions,
    KAFKA_REPLICATION_FACTOR: String(copies),
    KAFKA_MIN_INSYNC_REPLICAS: copies === 3 ? '2' : '1',
    HTTP_PORT: String((await freePorts(1))[0]),
    CLICKHOUSE_URL: await warehouseUrl(server.url),
    CLICKHOUSE_USER: server.user,
    CLICKHOUSE_PASSWORD: server.password,
    LOG_LEVEL: 'warn',
    // fewer and larger inserts, for machines of two cores
    LOAD_MAX_WAIT_MS: '1500',
    ...settings
  })
  const running = new Map<Pipeline, Role>()
  const printed: Array<readonly [Role, Pipeline]> = []

  async function add (role: Role): Promise<Pipeline> {
    const pipeline = await startPipeline(home, ['start', '--roles', role])
    running.set(pipeline, role)
    printed.push([role, pipeline])
    return pipeline
  }

  async function start (): Promise<void> {
    const started = await Promise.allSettled(everyRole.map(add))
    for (const one of started) if (one.status === 'rejected') throw one.reason
  }

  async function take (pipeline: Pipeline, how: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    running.delete(pipeline)
    if (how === 'SIGKILL') return await pipeline.killAll()
    const code = await pipeline.stop()
    if (code !== 0) throw new Error(`expected an end in good order, got exit code ${code}:\n${pipeline.output()}`)
  }

  async function takeAll (how: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    await Promise.all([...running.keys()].map(async (pipeline) => { await take(pipeline, how) }))
  }

  function processes (role: Role): readonly Pipeline[] {
    return [...running].filter(([, one]) => one === role).map(([pipeline]) => pipeline)
  }

  async function shared (role: 'transform' | 'load'): Promise<void> {
    const group = prefix + { transform: transformGroup, load: loadGroup }[role]
    await eventually(async () => {
      await withAdmin(kafka, async (admin) => {
        const [described] = (await admin.describeGroups([group])).groups
        const expected = processes(role).length
        if (described?.state !== 'Stable' || described.members.length !== expected) {
          throw new Error(`expected ${expected} members of ${group} that share it, got ${described?.members.length}, ${described?.state}`)
        }
      })
    })
  }

  async function remove (): Promise<void> {
    await takeAll('SIGKILL')
    await server.close()
    await removeDataDir(dataDir)
    await home.remove()
    // the brokers may have been taken away by the test itself
    await withAdmin(kafka, async (admin) => {
      await admin.deleteTopics({ topics: (await admin.listTopics()).filter((topic) => topic.startsWith(prefix)) })
    }).catch(() => {})
  }

  const deployment: KafkaDeployment = {
    home,
    server,
    prefix,
    get url () { return urlOf(home) },
    clickHouseUrl: server.url,
    start,
    add,
    take,
    processes,
    shared,
    async stop () { await takeAll('SIGTERM') },
    async killAll () {
      // it may be between two lives of its own
      await killServer(server).catch(() => {})
      await takeAll('SIGKILL')
    },
    async killWarehouse () { await eventually(async () => { await killServer(server) }) },
    query: async (sql) => await rowsOf(server, sql),
    metrics: async () => await Promise.all([...running.keys()].map(async ({ adminUrl }) => await (await fetch(`${adminUrl}/metrics`)).text())),
    output: () => printed.map(([role, pipeline]) => `--- ${role} ${pipeline.child.pid}\n${withoutBanner(pipeline.output()).slice(-3000)}`).join('\n'),
    remove
  }
  try {
    await start()
    await Promise.all([shared('transform'), shared('load')])
  } catch (error) {
    console.error(deployment.output())
    await remove()
    throw error
  }
  return deployment
}

function urlOf ({ environment }: Home): string {
  return `http://127.0.0.1:${environment['HTTP_PORT']}`
}

/** It is started again by its supervisor, as a server of one's own would be. */
async function killServer ({ pid }: EmbeddedServer): Promise<void> {
  if (pid === undefined) throw new Error('expected ClickHouse to run')
  process.kill(pid, 'SIGKILL')
}

function withoutBanner (text: string): string {
  return text.split('\n').filter((line) => line.startsWith('{') || line.startsWith('loyalty-warehouse:') || line.startsWith('    at ')).join('\n')
}

async function withAdmin<T> (kafka: kafkajs.Kafka, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka.admin({ retry: { retries: 2 } })
  try {
    await admin.connect()
    return await work(admin)
  } finally {
    await admin.disconnect().catch(() => {})
  }
}
