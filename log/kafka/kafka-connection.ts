import kafkajs, { type Kafka, type KafkaConfig, type SASLOptions } from 'kafkajs'
import type { Logger } from '../../runtime/logger.ts'

/** Connection to Kafka. */
export interface KafkaConnection {
  /** host:port */
  readonly brokers: readonly string[]
  /** Absent: no TLS. Texts are PEM. */
  readonly tls?: { readonly ca?: string | undefined, readonly cert?: string | undefined, readonly key?: string | undefined } | undefined
  readonly sasl?: { readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512', readonly username: string, readonly password: string } | undefined
}

/**
 * A kafkajs client that logs through our logger. kafkajs calls every retry an error, so its levels are ignored;
 * failures reach us as rejections and events. `requestTimeoutMs` bounds the wait for a response:
 * a frozen broker keeps its connections open, and only the timeout ends the wait.
 */
export function createKafka ({ brokers, tls, sasl }: KafkaConnection, requestTimeoutMs: number, logger: Logger): Kafka {
  const config: KafkaConfig = {
    clientId: 'loyalty-warehouse',
    // kafkajs keeps the first broker it can reach, and a frozen one is reachable: each client starts with another broker
    brokers: () => shuffled(brokers),
    retry: { retries: 2, initialRetryTime: 200, maxRetryTime: 1_000 },
    connectionTimeout: 5_000,
    authenticationTimeout: 10_000,
    requestTimeout: requestTimeoutMs,
    enforceRequestTimeout: true,
    ssl: tls === undefined ? false : withoutUndefined(tls),
    logLevel: kafkajs.logLevel.WARN,
    logCreator: () => ({ namespace, log: { message, error } }) => {
      logger.debug({ part: namespace, reason: error }, message)
    }
  }
  if (sasl !== undefined) config.sasl = sasl as SASLOptions
  return new kafkajs.Kafka(config)
}

function shuffled (brokers: readonly string[]): string[] {
  return brokers.map((broker) => ({ broker, rank: Math.random() })).sort((a, b) => a.rank - b.rank).map(({ broker }) => broker)
}

function withoutUndefined (tls: NonNullable<KafkaConnection['tls']>): Record<string, string> {
  return Object.fromEntries(Object.entries(tls).filter((entry): entry is [string, string] => entry[1] !== undefined))
}
