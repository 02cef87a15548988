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

/** Longest wait for the answer of a broker. A frozen one keeps its connections open: only this ends the wait for it. */
export const requestTimeoutMs = 10_000

/**
 * A kafkajs client that says through our logger what is worth knowing: kafkajs calls every retry an error, so its
 * own levels say little, and what matters comes to us as a rejection or an event.
 */
export function createKafka ({ brokers, tls, sasl }: KafkaConnection, logger: Logger): Kafka {
  const config: KafkaConfig = {
    clientId: 'loyalty-warehouse',
    brokers: [...brokers],
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

function withoutUndefined (tls: NonNullable<KafkaConnection['tls']>): Record<string, string> {
  return Object.fromEntries(Object.entries(tls).filter((entry): entry is [string, string] => entry[1] !== undefined))
}
