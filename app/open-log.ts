import { join } from 'node:path'
import type { Registry } from 'prom-client'
import { confluentLog } from '../log/confluent/confluent-log.ts'
import { openSchemaIds, type SchemaIds } from '../log/confluent/schema-ids.ts'
import { openEmbeddedLog } from '../log/embedded/open-embedded-log.ts'
import type { KafkaConnection } from '../log/kafka/kafka-connection.ts'
import { openKafkaLog } from '../log/kafka/open-kafka-log.ts'
import type { Log } from '../log/log.ts'
import { createDamageReport } from '../log/damage-report.ts'
import { createLossReport } from '../log/loss-report.ts'
import type { Logger } from '../runtime/logger.ts'
import type { Settings } from '../config/settings.ts'
import { topics } from '../schemas/topics.ts'
import { openDataDir } from './data-dir.ts'
import { readPem } from './pem-file.ts'

export interface OpenLogOptions {
  readonly settings: Settings
  readonly registry: Registry
  readonly logger: Logger
  readonly signal: AbortSignal
  readonly giveUp: (error: Error) => void
}

const hourMs = 3_600_000

/** The log of the settings: Kafka with KAFKA_BROKERS, in Confluent framing with SCHEMA_REGISTRY_URL; else the embedded one. */
export async function openLog ({ settings, registry, logger, signal, giveUp }: OpenLogOptions): Promise<Log> {
  const { KAFKA_BROKERS } = settings
  if (KAFKA_BROKERS === undefined) {
    return await openEmbeddedLog({
      path: join(openDataDir(settings, logger), 'log'),
      topics,
      backlogLimitBytes: settings.BACKLOG_LIMIT_BYTES,
      diskReserveBytes: settings.DISK_RESERVE_BYTES,
      onDamaged: createDamageReport(registry, logger)
    })
  }
  const ids = await schemaIds(settings, logger, signal)
  const log = await openKafkaLog({
    connection: kafkaConnection(KAFKA_BROKERS, settings),
    prefix: settings.KAFKA_PREFIX,
    topics,
    topicSettings: {
      partitions: settings.KAFKA_PARTITIONS,
      replicationFactor: settings.KAFKA_REPLICATION_FACTOR,
      minInsyncReplicas: settings.KAFKA_MIN_INSYNC_REPLICAS,
      retentionMs: settings.KAFKA_RETENTION_HOURS * hourMs,
      maxMessageBytes: settings.KAFKA_MAX_MESSAGE_BYTES
    },
    logger,
    signal,
    onLost: createLossReport(registry, logger),
    onDead: giveUp
  })
  return ids === undefined ? log : confluentLog(log, ids)
}

async function schemaIds (settings: Settings, logger: Logger, signal: AbortSignal): Promise<SchemaIds | undefined> {
  const { SCHEMA_REGISTRY_URL: url, SCHEMA_REGISTRY_USER: user, SCHEMA_REGISTRY_PASSWORD: password, KAFKA_PREFIX: prefix } = settings
  return url === undefined ? undefined : await openSchemaIds({ registry: { url, user, password }, topics, prefix, logger, signal })
}

function kafkaConnection (brokers: readonly string[], settings: Settings): KafkaConnection {
  const { KAFKA_TLS, KAFKA_SASL_MECHANISM: mechanism, KAFKA_USERNAME: username, KAFKA_PASSWORD: password } = settings
  const tls = KAFKA_TLS ? { ca: readPem(settings, 'KAFKA_TLS_CA_FILE'), cert: readPem(settings, 'KAFKA_TLS_CERT_FILE'), key: readPem(settings, 'KAFKA_TLS_KEY_FILE') } : undefined
  const sasl = mechanism === undefined || username === undefined || password === undefined ? undefined : { mechanism, username, password }
  return { brokers, tls, sasl }
}
