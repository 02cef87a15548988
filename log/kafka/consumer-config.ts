import type { ConsumerConfig } from 'kafkajs'
import type { ConsumeOptions } from '../log-consumer.ts'

/** Longest `fetch.max.wait.ms`. Every fetch loop also sends the heartbeat. */
const longestFetchWaitMs = 400
/** `fetch.min.bytes` where batches have time to fill. */
const worthwhileBytes = 256 * 1024

/** The kafkajs consumer of a subscription. `maxMessageBytes`: the least fetch size per partition, or a large message would starve. */
export function consumerConfig (groupId: string, { maxWaitMs, maxBytes }: ConsumeOptions, maxMessageBytes: number): ConsumerConfig {
  const fetchWaitMs = Math.min(longestFetchWaitMs, maxWaitMs / 2)
  const patient = fetchWaitMs >= 100
  return {
    groupId,
    sessionTimeout: 15_000,
    rebalanceTimeout: 30_000,
    heartbeatInterval: 1_000,
    // a frozen broker does not answer: only fresh metadata shows the new leader of its partitions
    metadataMaxAge: 5_000,
    // the default of kafkajs holds a few hundred records only
    maxBytesPerPartition: maxMessageBytes,
    maxBytes: maxMessageBytes,
    // with a long wait the broker accumulates; with a short one it answers at once unless the partition is empty
    minBytes: patient ? Math.min(worthwhileBytes, maxBytes) : 1,
    maxWaitTimeInMs: patient ? fetchWaitMs : longestFetchWaitMs,
    allowAutoTopicCreation: false,
    // a longer failure ends in a new consumer, which asks another broker
    retry: { retries: 1, initialRetryTime: 200, maxRetryTime: 1_000 }
  }
}
