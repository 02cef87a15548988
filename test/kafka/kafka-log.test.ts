import kafkajs from 'kafkajs'
import { pino } from 'pino'
import { openKafkaLog } from '../../log/kafka/open-kafka-log.ts'
import type { Log } from '../../log/log.ts'
import { describeLogContract } from '../log/log-contract.ts'
import { uniqueName } from '../log/log-fixtures.ts'
import { describeWithKafka } from './require-kafka.ts'

describeWithKafka('the log on the shared broker', ({ brokers }) => {
  describeLogContract('Kafka', async topics => {
    const prefix = uniqueName('contract.')
    const open = async (): Promise<Log> => await openKafkaLog({
      connection: { brokers },
      prefix,
      topics,
      topicSettings: { partitions: 3, replicationFactor: 1, minInsyncReplicas: 1, retentionMs: 3_600_000, maxMessageBytes: 16 * 1024 * 1024 },
      logger: pino({ level: process.env['LOG_LEVEL'] ?? 'silent' }),
      signal: new AbortController().signal,
      onLost: () => {},
      onDead: error => { throw error }
    })
    let log = await open()
    return {
      log,
      async reopen () {
        await log.close()
        log = await open()
        return log
      },
      async dispose () {
        await log.close()
        const admin = new kafkajs.Kafka({ brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING }).admin()
        await admin.connect()
        await admin.deleteTopics({ topics: [...topics.map(({ name }) => prefix + name), `${prefix}probes`] })
        await admin.disconnect()
      }
    }
  })
})
