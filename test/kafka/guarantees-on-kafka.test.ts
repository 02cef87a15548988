import { describeGuarantees } from '../e2e/guarantees-suite.ts'
import { startKafkaDeployment } from './kafka-deployment.ts'
import { describeWithKafka } from './require-kafka.ts'

describeWithKafka('the guarantees on Kafka, each role in a process of its own', ({ brokers }) => {
  describeGuarantees(async (settings) => await startKafkaDeployment({ brokers, copies: 1, settings }), () => {})
})
