import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import kafkajs from 'kafkajs'
import { packageRoot } from '../../runtime/package-root.ts'
import type { JavaKafka } from './kafka-source.ts'
import { startWatched, type WatchedProcess } from './watched-process.ts'

const run = promisify(execFile)
const logging = pathToFileURL(join(packageRoot, 'test/kafka/log4j2.properties')).href
const startLimitMs = 90_000

/** One broker, a process of its own, that keeps its data and ports from one start to the next. */
export interface KafkaNode {
  readonly id: number
  /** Its own address, past its proxy. */
  readonly broker: string
  /** The broker's process; undefined while it is not running. */
  readonly pid: number | undefined
  /** SIGKILL; resolves when the process is gone. The others fence it within 9 s, 16 s when it was the controller. */
  kill (): Promise<void>
  /** SIGSTOP: it keeps its connections and does not answer; the others fence it as above. */
  freeze (): Promise<void>
  /** SIGCONT. */
  thaw (): Promise<void>
  /** Kills what may still run and starts it again; resolves when clients can use it. */
  restart (): Promise<void>
}

export interface NodeOptions {
  readonly id: number
  readonly port: number
  /** The cluster's id and what its storage begins with, as arguments of Kafka's storage tool. */
  readonly format: readonly string[]
  readonly properties: string
  readonly folder: string
  readonly heapMegabytes: number
}

/** Formats the storage of a new node and starts its process, which may take seconds more to serve: `whenServing`. */
export async function startNode (kafka: JavaKafka, options: NodeOptions): Promise<KafkaNode> {
  const { id, port, folder } = options
  const propertiesFile = join(folder, 'server.properties')
  const logFile = join(folder, 'node.txt')
  const jvm = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', `-Dlog4j2.configurationFile=${logging}`, '-cp', join(kafka.jars, '*')]
  await mkdir(folder, { recursive: true })
  await writeFile(propertiesFile, options.properties)
  await run(kafka.java, [...jvm, 'kafka.tools.StorageTool', 'format', '-c', propertiesFile, ...options.format], { cwd: folder })

  const broker = `127.0.0.1:${port}`
  let running: WatchedProcess | undefined

  async function start (): Promise<void> {
    const started = await startWatched(logFile, folder, kafka.java, [`-Xmx${options.heapMegabytes}m`, ...jvm, 'kafka.Kafka', propertiesFile])
    running = started
    void started.exited.then(() => { if (running === started) running = undefined })
  }

  async function kill (): Promise<void> {
    await running?.signal('SIGKILL')
  }

  await start()
  const node: KafkaNode = {
    id,
    broker,
    get pid () { return running?.pid },
    kill,
    freeze: async () => { await running?.signal('SIGSTOP') },
    thaw: async () => { await running?.signal('SIGCONT') },
    async restart () {
      await kill()
      await start()
      await whenServing(node, [id], logFile)
    }
  }
  return node
}

/** Resolves when this node names all of these as brokers that serve; rejects, with the end of its log, when it ends or that takes too long. */
export async function whenServing (node: KafkaNode, ids: readonly number[], logFile: string): Promise<void> {
  const begun = Date.now()
  for (;;) {
    const serving = await brokersAt(node.broker)
    if (ids.every((id) => serving.includes(id))) return
    if (node.pid === undefined || Date.now() - begun > startLimitMs) {
      const log = await readFile(logFile, 'utf8').catch(String)
      throw new Error(`Kafka node ${node.id} ${node.pid === undefined ? 'ended' : `did not serve within ${startLimitMs / 1000} s`}. The end of its log:\n${log.slice(-4000)}`)
    }
    await sleep(100)
  }
}

async function brokersAt (broker: string): Promise<number[]> {
  const admin = new kafkajs.Kafka({ brokers: [broker], logLevel: kafkajs.logLevel.NOTHING, connectionTimeout: 1000, requestTimeout: 3000, retry: { retries: 0 } }).admin()
  try {
    await admin.connect()
    return (await admin.describeCluster()).brokers.map(({ nodeId }) => nodeId)
  } catch {
    return []
  } finally {
    await admin.disconnect().catch(() => {})
  }
}
