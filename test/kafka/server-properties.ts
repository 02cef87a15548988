export interface NodePorts {
  readonly client: number
  /** Where the broker listens for what comes through the proxy, and the proxy's own port, which it advertises. */
  readonly proxied: number
  readonly proxy: number
  readonly controller: number
  /** Where the broker listens with TLS and passwords; its options are `more` (test/kafka/secured-listener.ts). */
  readonly secured?: number | undefined
}

/** The server.properties of a node, broker and controller in one, in a cluster whose nodes are numbered from 1. */
export function serverProperties (id: number, cluster: readonly NodePorts[], dataFolder: string, more: Readonly<Record<string, string>> = {}): string {
  const ports = cluster[id - 1]
  if (ports === undefined) throw new Error(`expected a node of 1 to ${cluster.length}, got ${id}`)
  const replicas = Math.min(3, cluster.length)
  const secured = ports.secured === undefined ? '' : `,SECURED://127.0.0.1:${ports.secured}`
  const properties = {
    'process.roles': 'broker,controller',
    'node.id': id,
    'controller.quorum.voters': cluster.map(({ controller }, index) => `${index + 1}@127.0.0.1:${controller}`).join(','),
    listeners: `CLIENT://127.0.0.1:${ports.client},PROXIED://127.0.0.1:${ports.proxied},CONTROLLER://127.0.0.1:${ports.controller}${secured}`,
    'advertised.listeners': `CLIENT://127.0.0.1:${ports.client},PROXIED://127.0.0.1:${ports.proxy}${secured}`,
    'listener.security.protocol.map': 'CLIENT:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURED:SASL_SSL',
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'CLIENT',
    'log.dirs': dataFolder,
    'auto.create.topics.enable': false,
    'default.replication.factor': replicas,
    'min.insync.replicas': Math.min(2, replicas),
    'offsets.topic.num.partitions': 3,
    'offsets.topic.replication.factor': replicas,
    'transaction.state.log.num.partitions': 3,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': Math.min(2, replicas),
    'group.initial.rebalance.delay.ms': 0,
    'group.min.session.timeout.ms': 6000,
    // a broker that does not answer is fenced after this
    'broker.session.timeout.ms': 9000,
    // else brokers wait 30 s for the answer of a frozen controller before they turn to the new one
    'controller.socket.timeout.ms': 3000,
    ...more
  }
  return Object.entries(properties).map(([name, value]) => `${name}=${value}\n`).join('')
}
