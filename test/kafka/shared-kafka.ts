import { KafkaContainer } from '@testcontainers/kafka'
import { startKafkaCluster } from './kafka-cluster.ts'
import { findBroker, findNodes, type Surroundings } from './kafka-source.ts'

const image = 'confluentinc/cp-kafka:8.1.0'

/** What the tests of a run share: the brokers, or the one reason why there are none. `failed`: there should have been. */
export type SharedKafka =
  | { readonly kind: 'brokers', readonly brokers: readonly string[] }
  | { readonly kind: 'none', readonly reason: string }
  | { readonly kind: 'failed', readonly reason: string }

/** Finds or starts the one broker of a run; `stop` ends what it started. A Docker that cannot start it (no image, say) is passed over. */
export async function startSharedKafka (surroundings: Surroundings): Promise<{ readonly shared: SharedKafka, stop (): Promise<void> }> {
  const nothing = async (): Promise<void> => {}
  let source = await findBroker(surroundings)
  let refusal = ''
  if (source.kind === 'docker') {
    try {
      const container = await new KafkaContainer(image).withEnvironment({ KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false' }).start()
      return { shared: { kind: 'brokers', brokers: [`${container.getHost()}:${container.getMappedPort(9093)}`] }, stop: async () => { await container.stop() } }
    } catch (error) {
      refusal = ` (Docker answers, but: ${String(error)})`
      source = await findNodes(surroundings)
    }
  }
  switch (source.kind) {
    case 'given': return { shared: { kind: 'brokers', brokers: source.brokers }, stop: nothing }
    case 'java': {
      try {
        const { brokers, stop } = await startKafkaCluster(source.kafka, { nodes: 1 })
        return { shared: { kind: 'brokers', brokers }, stop }
      } catch (error) {
        return { shared: { kind: 'failed', reason: error instanceof Error ? error.message : String(error) }, stop: nothing }
      }
    }
    case 'none': return { shared: { kind: 'none', reason: source.reason + refusal }, stop: nothing }
    case 'docker': return { shared: { kind: 'none', reason: refusal }, stop: nothing }
  }
}
