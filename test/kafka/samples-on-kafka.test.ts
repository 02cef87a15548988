import { expect, test } from 'vitest'
import { describeSamples } from '../e2e/samples-suite.ts'
import { expectAllAtWork } from './all-at-work.ts'
import { startKafkaDeployment, type KafkaDeployment } from './kafka-deployment.ts'
import { describeWithKafka } from './require-kafka.ts'

describeWithKafka('the end-to-end suite on Kafka, each role in a process of its own', ({ brokers }) => {
  let deployment: KafkaDeployment
  describeSamples(async (settings) => {
    deployment = await startKafkaDeployment({ brokers, copies: 1, settings })
    return deployment
  }, () => {
    test('both transformers and both loaders did a part of it', async () => {
      expect(deployment.processes('transform')).toHaveLength(2)
      expect(deployment.processes('load')).toHaveLength(2)
      await expectAllAtWork(deployment)
    })
  })
})
