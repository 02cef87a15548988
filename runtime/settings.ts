import { z } from 'zod'

const port = z.coerce.number().int().min(0).max(65535)
const positive = z.coerce.number().int().positive()
const text = z.string().min(1)
const mebibyte = 1024 * 1024

/** Every environment variable the project reads, with its default and what it means; the README's table is checked against it. */
export const settingsSchema = z.object({
  HTTP_HOST: text.default('0.0.0.0').describe('Address the webhooks listen on'),
  HTTP_PORT: port.default(8080).describe('Port of the webhooks; 0 takes any free port'),
  ADMIN_HOST: text.default('127.0.0.1').describe('Address of the admin port'),
  ADMIN_PORT: port.default(8081).describe('Port of `/metrics`; 0 takes any free port'),
  DATA_DIR: text.default('./data').describe('Folder of the embedded log and ClickHouse'),
  CONFIG_FILE: text.default('./loyalty.config.json').describe('Businesses and their webhook sources; written with random secrets where absent'),
  TRUSTED_PROXIES: z.string().default('').describe('Addresses or CIDR ranges, separated by commas, whose `X-Forwarded-For` is believed'),
  BACKLOG_LIMIT_BYTES: positive.default(8 * 1024 * mebibyte).describe('Size of the embedded log at which webhooks are refused with 503'),
  NECTOR_BODY_LIMIT_BYTES: positive.default(mebibyte).describe('Largest Nector body; larger ones get 413'),
  NETCORE_BODY_LIMIT_BYTES: positive.default(8 * mebibyte).describe('Largest Netcore body; larger ones get 413'),
  REQUEST_TIMEOUT_MS: positive.default(10_000).describe('Longest time a request may take to arrive, in milliseconds'),
  MAX_CONNECTIONS: positive.default(2_000).describe('Open webhook connections at which further ones are refused'),
  CLICKHOUSE_URL: z.url({ protocol: /^https?$/ }).optional().describe('A ClickHouse server to use in place of the embedded one, such as `https://clickhouse.example:8443`'),
  CLICKHOUSE_USER: text.default('default').describe('User at `CLICKHOUSE_URL`; needs rights to create databases, tables and views'),
  CLICKHOUSE_PASSWORD: z.string().default('').describe('Password at `CLICKHOUSE_URL`'),
  CLICKHOUSE_HTTP_PORT: port.default(8123).describe('HTTP port of the embedded ClickHouse, on 127.0.0.1; 0 takes any free port'),
  CLICKHOUSE_TCP_PORT: port.default(9000).describe('Native port of the embedded ClickHouse, on 127.0.0.1; 0 takes any free port'),
  CLICKHOUSE_MAX_MEMORY_BYTES: positive.min(512 * mebibyte).default(2048 * mebibyte).describe('Memory the embedded ClickHouse may use'),
  BI_PASSWORD: text.optional().describe('Password of the read-only user `bi` of the embedded ClickHouse; random where unset, kept in `DATA_DIR/bi-password`'),
  CRM_PASSWORD: text.optional().describe('Creates the user `crm` of the embedded ClickHouse, who alone may read `contacts.customers`'),
  LOAD_MAX_ROWS: positive.default(50_000).describe('Rows at which a batch is loaded'),
  LOAD_MAX_BYTES: positive.default(16 * mebibyte).describe('Bytes at which a batch is loaded'),
  LOAD_MAX_WAIT_MS: positive.max(1_500).default(800).describe('Longest wait of a loaded record for company, in milliseconds'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info').describe('Lowest level that is logged')
})

export type Settings = Readonly<z.output<typeof settingsSchema>>
export type SettingName = keyof Settings
