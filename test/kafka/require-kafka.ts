import { describe, inject, test } from 'vitest'
import { type ClusterOptions, type KafkaCluster, startKafkaCluster } from './kafka-cluster.ts'
import { findNodes, here, type KafkaSource } from './kafka-source.ts'
import type { SharedKafka } from './shared-kafka.ts'
import './global-setup.ts'

/** What becomes of a suite that needs a Kafka. */
export type Verdict =
  | { readonly kind: 'run' }
  | { readonly kind: 'skip', readonly reason: string }
  | { readonly kind: 'fail', readonly reason: string }

/** No Kafka is a reason to skip, unless REQUIRE_KAFKA=1; one that does not start is always a failure. */
export function judge (kafka: SharedKafka | KafkaSource, environment: NodeJS.ProcessEnv): Verdict {
  switch (kafka.kind) {
    case 'none': return environment['REQUIRE_KAFKA'] === '1' ? { kind: 'fail', reason: `REQUIRE_KAFKA=1, but ${kafka.reason}` } : { kind: 'skip', reason: kafka.reason }
    case 'failed': return { kind: 'fail', reason: kafka.reason }
    case 'brokers':
    case 'given':
    case 'docker':
    case 'java': return { kind: 'run' }
  }
}

/**
 * A suite on the broker that all suites of a run share: topics and groups need names of their own. Without a broker it is one test, skipped or
 * failed with the reason.
 */
export function describeWithKafka (name: string, define: (kafka: { readonly brokers: readonly string[] }) => void): void {
  const kafka = inject('kafka')
  if (kafka.kind === 'brokers') describe(name, () => { define(kafka) })
  else refuse(name, judge(kafka, process.env))
}

/** Starts a cluster that only the caller uses, and must stop. */
export type StartCluster = (options: ClusterOptions) => Promise<KafkaCluster>

/** A suite on brokers of its own, which it may kill, freeze, restart and reach through proxies. Needs Java and Maven, or is refused as above. */
export function describeWithKafkaCluster (name: string, define: (start: StartCluster) => void): void {
  describe(name, async () => {
    const source = await findNodes(here)
    if (source.kind === 'java') define(async (options) => await startKafkaCluster(source.kafka, options))
    else refuse('is run', judge(source, process.env))
  })
}

function refuse (name: string, verdict: Verdict): void {
  test(name, (context) => {
    if (verdict.kind === 'skip') context.skip(verdict.reason)
    else throw new Error(verdict.kind === 'fail' ? verdict.reason : 'expected a Kafka')
  })
}
