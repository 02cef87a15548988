import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts } from './free-ports.ts'
import { type KafkaNode, startNode, whenServing } from './kafka-node.ts'
import { type KafkaProxy, startKafkaProxy } from './kafka-proxy.ts'
import type { JavaKafka } from './kafka-source.ts'
import { secureListener } from './secured-listener.ts'
import { type NodePorts, serverProperties } from './server-properties.ts'

export interface KafkaCluster {
  readonly brokers: readonly string[]
  /** The same cluster through the proxies; who begins here goes through them to every node. */
  readonly proxiedBrokers: readonly string[]
  readonly nodes: readonly KafkaNode[]
  /** One before each node, in the same order. */
  readonly proxies: readonly KafkaProxy[]
  /** host:port of the nodes' listeners with TLS and passwords, and the certificates to trust in PEM; empty where there are none. */
  readonly secured: { readonly brokers: readonly string[], readonly ca: string }
  /** Kills all of it and removes its data. */
  stop (): Promise<void>
}

export interface ClusterOptions {
  readonly nodes: 1 | 3
  /** With a listener of TLS and passwords beside the plain ones. */
  readonly secured?: boolean
}

/**
 * Starts a cluster in KRaft mode, every node broker and controller. Of three nodes, topics have three replicas and two must have a record.
 * Resolves when all nodes serve.
 */
export async function startKafkaCluster (kafka: JavaKafka, options: ClusterOptions): Promise<KafkaCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'test-kafka-'))
  const ports = await nodePorts(options)
  const nodes: KafkaNode[] = []
  const proxies: KafkaProxy[] = []
  const certificates: string[] = []
  const nodeFolder = (id: number): string => join(folder, `node-${id}`)

  async function stop (): Promise<void> {
    await Promise.all([...nodes.map(async (node) => { await node.kill() }), ...proxies.map(async (proxy) => { await proxy.close() })])
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }

  try {
    // 22 characters of base64; a first one of - would be taken for an option
    const clusterId = randomBytes(16).toString('base64url').replace(/^-/, 'A')
    const started = await Promise.allSettled(ports.map(async ({ client, proxied, proxy, secured }, index) => {
      const id = index + 1
      const listener = secured === undefined ? undefined : await secureListener(kafka, nodeFolder(id))
      certificates[index] = listener?.ca ?? ''
      proxies[index] = await startKafkaProxy(proxy, proxied)
      nodes[index] = await startNode(kafka, {
        id,
        port: client,
        format: ['-t', clusterId, ...listener?.format ?? []],
        properties: serverProperties(id, ports, join(nodeFolder(id), 'data'), listener?.properties),
        folder: nodeFolder(id),
        heapMegabytes: options.nodes === 1 ? 512 : 384
      })
    }))
    for (const one of started) if (one.status === 'rejected') throw one.reason
    const ids = nodes.map(({ id }) => id)
    await Promise.all(nodes.map(async (node) => { await whenServing(node, ids, join(nodeFolder(node.id), 'node.txt')) }))
  } catch (error) {
    await stop()
    throw error
  }
  return {
    brokers: nodes.map(({ broker }) => broker),
    proxiedBrokers: proxies.map(({ address }) => address),
    nodes,
    proxies,
    secured: { brokers: ports.flatMap(({ secured }) => secured === undefined ? [] : `127.0.0.1:${secured}`), ca: certificates.join('') },
    stop
  }
}

async function nodePorts ({ nodes, secured = false }: ClusterOptions): Promise<NodePorts[]> {
  const free = await freePorts(nodes * 5)
  return Array.from({ length: nodes }, (_, index) => {
    const [client = 0, proxied = 0, proxy = 0, controller = 0, tls = 0] = free.slice(index * 5)
    return { client, proxied, proxy, controller, secured: secured ? tls : undefined }
  })
}
