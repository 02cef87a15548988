import type { ConsumerConfig } from 'kafkajs'
import type { ConsumeOptions } from '../log-consumer.ts'

/** Longest wait of the broker for a fetch to become worth while. Every turn of it also sends the heartbeat. */
const longestFetchWaitMs = 400
/** Bytes that make a fetch worth while, where there is time to wait for them. */
const worthwhileBytes = 256 * 1024

/** How kafkajs fetches for a subscription. `maxMessageBytes`: what no partition may be too small for, or a large message would starve. */
export function consumerConfig (groupId: string, { maxWaitMs, maxBytes }: ConsumeOptions, maxMessageBytes: number): ConsumerConfig {
  const fetchWaitMs = Math.min(longestFetchWaitMs, maxWaitMs / 2)
  const patient = fetchWaitMs >= 100
  return {
    groupId,
    sessionTimeout: 15_000,
    rebalanceTimeout: 30_000,
    heartbeatInterval: 1_000,
    // a frozen broker says nothing: only fresh metadata tells that another one leads its partitions now
    metadataMaxAge: 5_000,
    // the default of kafkajs is a few hundred records
    maxBytesPerPartition: maxMessageBytes,
    maxBytes: maxMessageBytes,
    // with time to spare the broker gathers; without, it answers at once, and only an empty partition is waited for
    minBytes: patient ? Math.min(worthwhileBytes, maxBytes) : 1,
    maxWaitTimeInMs: patient ? fetchWaitMs : longestFetchWaitMs,
    allowAutoTopicCreation: false,
    // what lasts longer ends in another consumer, which asks another broker
    retry: { retries: 1, initialRetryTime: 200, maxRetryTime: 1_000 }
  }
}
