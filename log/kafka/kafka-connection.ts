import kafkajs, { type Kafka, type KafkaConfig, type SASLOptions } from 'kafkajs'
import type { Logger } from '../../runtime/logger.ts'

/** How to reach Kafka. */
export interface KafkaConnection {
  /** host:port */
  readonly brokers: readonly string[]
  /** Absent: no TLS. Texts are PEM. */
  readonly tls?: { readonly ca?: string | undefined, readonly cert?: string | undefined, readonly key?: string | undefined } | undefined
  readonly sasl?: { readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512', readonly username: string, readonly password: string } | undefined
}

/**
 * A kafkajs client that says through our logger what is worth knowing: kafkajs calls every retry an error, so its
 * own levels say little, and what matters comes to us as a rejection or an event. `requestTimeoutMs` is the longest wait for the answer of a
 * broker: a frozen one keeps its connections open, and only this ends the wait for it.
 */
export function createKafka ({ brokers, tls, sasl }: KafkaConnection, requestTimeoutMs: number, logger: Logger): Kafka {
  const config: KafkaConfig = {
    clientId: 'loyalty-warehouse',
    // kafkajs keeps to the first it can reach, and a frozen one can be reached: each client begins with another
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
