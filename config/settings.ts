import { z } from 'zod'
import { logLevels } from '../runtime/logger.ts'
import { parseRecordPositions } from './record-positions.ts'
import { isSecret } from './secret.ts'

const port = z.coerce.number().int().min(0).max(65535)
const positive = z.coerce.number().int().positive()
const text = z.string().min(1)
const password = z.string().refine(isSecret, 'expected at least 8 characters, without blanks around them')
const yesNo = z.enum(['true', 'false']).transform((word) => word === 'true')
const brokers = z.string().transform((list) => list.split(',').map((one) => one.trim()).filter((one) => one !== ''))
  .pipe(z.array(z.string().regex(/^[^\s:/]+:\d+$/, 'expected host:port, several separated by commas (an IPv6 address by its name)')).min(1))
const mebibyte = 1024 * 1024

/** Every environment variable the project reads, with its default and what it means; docs/configuration.md has them as a table. */
export const settingsSchema = z.object({
  HTTP_HOST: text.default('0.0.0.0').describe('Address the webhooks listen on'),
  HTTP_PORT: port.default(8080).describe('Port of the webhooks; 0 takes any free port'),
  ADMIN_HOST: text.optional().describe('Address of the admin port; where unset `127.0.0.1`, and `0.0.0.0` where `ADMIN_PASSWORD` is set'),
  ADMIN_PORT: port.default(8081).describe('Port of the dashboard and `/metrics`; 0 takes any free port'),
  ADMIN_PASSWORD: password.optional().describe('Password of the dashboard, with any user name; needed where others than this machine are to reach it'),
  DATA_DIR: text.default('./data').describe('Folder of the embedded log and ClickHouse'),
  CONFIG_FILE: text.default('./loyalty.config.json').describe('Businesses and their webhook sources; written with random secrets where absent'),
  READY_FILE: text.optional().describe('JSON file with the addresses of this process, for scripts: written once it is ready, removed when it stops'),
  TRUSTED_PROXIES: z.string().default('').describe('Addresses or CIDR ranges, separated by commas, whose `X-Forwarded-For` is believed'),
  BACKLOG_LIMIT_BYTES: positive.default(8 * 1024 * mebibyte).describe('Size of the embedded log at which webhooks are refused with 503'),
  DISK_RESERVE_BYTES: positive.default(512 * mebibyte).describe('Free bytes of the disk under `DATA_DIR` below which webhooks are refused with 503, as the embedded log still has to drain'),
  NECTOR_BODY_LIMIT_BYTES: positive.default(mebibyte).describe('Largest Nector body; larger ones get 413'),
  NETCORE_BODY_LIMIT_BYTES: positive.default(8 * mebibyte).describe('Largest Netcore body; larger ones get 413'),
  REQUEST_TIMEOUT_MS: positive.default(10_000).describe('Longest time a request may take to arrive, in milliseconds'),
  IN_FLIGHT_BODY_BYTES: positive.default(64 * mebibyte).describe('Bytes that the bodies of all webhooks under way may take together; over it 503'),
  MAX_CONNECTIONS: positive.default(2_000).describe('Open webhook connections at which a further one takes the place of one without a webhook under way'),
  MAX_CONNECTIONS_PER_ADDRESS: positive.default(500).describe('The same for one address, where `TRUSTED_PROXIES` is empty'),
  KAFKA_BROKERS: brokers.optional().describe('Kafka to use in place of the embedded log, such as `kafka-1:9092,kafka-2:9092`'),
  KAFKA_PREFIX: z.string().regex(/^[a-zA-Z0-9._-]{0,100}$/).default('').describe('Put before the names of topics and consumer groups, for a Kafka that is shared'),
  KAFKA_TLS: yesNo.default(false).describe('`true`: connect to Kafka with TLS'),
  KAFKA_TLS_CA_FILE: text.optional().describe('PEM file of the authority that signed the brokers\' certificates, where it is not a public one'),
  KAFKA_TLS_CERT_FILE: text.optional().describe('PEM file of a client certificate, for brokers that ask for one'),
  KAFKA_TLS_KEY_FILE: text.optional().describe('PEM file of the key of `KAFKA_TLS_CERT_FILE`'),
  KAFKA_SASL_MECHANISM: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).optional().describe('How to log in at Kafka, where it asks: `plain`, `scram-sha-256` or `scram-sha-512`'),
  KAFKA_USERNAME: text.optional().describe('User of `KAFKA_SASL_MECHANISM`'),
  KAFKA_PASSWORD: text.optional().describe('Password of `KAFKA_USERNAME`'),
  KAFKA_PARTITIONS: positive.max(1_000).default(3).describe('Partitions of a topic that is created, and the fewest that an existing one may have'),
  KAFKA_REPLICATION_FACTOR: positive.max(9).default(3).describe('Copies of a topic that is created, and the fewest that an existing one may have; 1 where Kafka has one broker'),
  KAFKA_MIN_INSYNC_REPLICAS: positive.max(9).default(2).describe('Copies that must be written before a webhook is answered 200; 1 where Kafka has one broker'),
  KAFKA_RETENTION_HOURS: positive.default(168).describe('Time that Kafka keeps a record at least: the longest outage of the warehouse that loses nothing'),
  KAFKA_MAX_MESSAGE_BYTES: positive.min(2 * mebibyte).default(16 * mebibyte).describe('Largest message that Kafka takes; twice the largest body at least'),
  SCHEMA_REGISTRY_URL: z.url({ protocol: /^https?$/ }).optional().describe('Confluent schema registry: messages in Kafka then carry its schema ids, so that any Kafka consumer can read them'),
  SCHEMA_REGISTRY_USER: text.optional().describe('User at `SCHEMA_REGISTRY_URL`, where it asks for one'),
  SCHEMA_REGISTRY_PASSWORD: text.optional().describe('Password of `SCHEMA_REGISTRY_USER`'),
  CLICKHOUSE_URL: z.url({ protocol: /^https?$/ }).optional().describe('A ClickHouse server to use in place of the embedded one, such as `https://clickhouse.example:8443`'),
  CLICKHOUSE_USER: text.default('default').describe('User at `CLICKHOUSE_URL`; needs rights to create databases, tables and views'),
  CLICKHOUSE_PASSWORD: z.string().default('').describe('Password at `CLICKHOUSE_URL`'),
  CLICKHOUSE_CLUSTER: z.string().regex(/^[A-Za-z0-9_.-]+$/).optional().describe('Cluster at `CLICKHOUSE_URL`, by its name in `system.clusters`: tables are then replicated and distributed over it'),
  CLICKHOUSE_CA_FILE: text.optional().describe('PEM file of the authority that signed the certificate of `CLICKHOUSE_URL`, where it is not a public one'),
  CLICKHOUSE_HTTP_PORT: port.default(8123).describe('HTTP port of the embedded ClickHouse, on 127.0.0.1; 0 takes any free port'),
  CLICKHOUSE_TCP_PORT: port.default(9000).describe('Native port of the embedded ClickHouse, on 127.0.0.1; 0 takes any free port'),
  CLICKHOUSE_MAX_MEMORY_BYTES: positive.min(512 * mebibyte).default(2048 * mebibyte).describe('Memory the embedded ClickHouse may use'),
  BI_PASSWORD: password.optional().describe('Password of the read-only user `bi`, whom the dashboard asks as; of the embedded ClickHouse random where unset, kept in `DATA_DIR/bi-password`'),
  CRM_PASSWORD: password.optional().describe('Creates the user `crm` of the embedded ClickHouse, who alone may read `contacts.customers`'),
  MARTS_PASSWORD: password.optional().describe('Creates the user `marts` of the embedded ClickHouse, who reads `analytics` and writes the database `marts`, such as dbt'),
  LOAD_MAX_ROWS: positive.default(50_000).describe('Rows at which a batch is loaded'),
  LOAD_MAX_BYTES: positive.default(16 * mebibyte).describe('Bytes at which a batch is loaded'),
  LOAD_MAX_WAIT_MS: positive.max(1_500).default(800).describe('Longest wait of a loaded record for company, in milliseconds'),
  FIGURES_CPU_SHARE: z.coerce.number().positive().max(4).default(0.2).describe('Cores of ClickHouse that figures may take on average: what is worked out ahead of queries, such as days and balances'),
  SKIP_RECORDS: z.string().transform((list, context) => {
    const positions = parseRecordPositions(list)
    if (positions !== undefined) return positions
    context.addIssue({ code: 'custom', message: 'expected topic:partition:offset, several separated by commas' })
    return z.NEVER
  }).optional().describe('Records to step over, such as `nector.raw:0:12345`, several separated by commas: they become dead letters unread'),
  LOG_LEVEL: z.enum(logLevels).default('info').describe('Lowest level that is logged')
})

export type Settings = Readonly<z.output<typeof settingsSchema>>
export type SettingName = keyof Settings
