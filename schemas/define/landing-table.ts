import { decimalPrecision, decimalScale } from '../decimal.ts'
import type { Field, Kind } from './field.ts'
import type { RecordDefinition } from './record.ts'

const exact = `Decimal(${decimalPrecision}, ${decimalScale})`

const types: Readonly<Record<Kind, string>> = {
  text: 'String',
  keyword: 'LowCardinality(String)',
  decimal: exact,
  amount: exact,
  integer: 'Int64',
  int: 'Int32',
  long: 'Int64',
  boolean: 'Bool',
  timestamp: 'DateTime64(3, \'UTC\')',
  date: 'Date',
  uuid: 'UUID',
  uuids: 'Array(UUID)',
  texts: 'Array(String)',
  map: 'Map(String, String)',
  counts: 'Map(LowCardinality(String), Int32)',
  bytes: 'String'
}

/** The ClickHouse type of a field's column. */
function columnType ({ kind, nullable }: Field): string {
  if (!nullable) return types[kind]
  return kind === 'keyword' ? 'LowCardinality(Nullable(String))' : `Nullable(${types[kind]})`
}

const loadedAt = { type: 'DateTime64(3, \'UTC\') DEFAULT now64(3, \'UTC\')', meaning: 'When the row came into this table' }

/** The CREATE TABLE statement of a record: its fields and materialized columns. */
export function createLandingTable ({ name, meaning, fields, table }: RecordDefinition): string {
  const columns: ReadonlyArray<readonly [name: string, definition: string]> = [
    ...Object.entries(fields).filter(([, { addedIn }]) => addedIn === undefined).map(([field, definition]) => [field, describe(columnType(definition), definition.meaning)] as const),
    ['loaded_at', describe(loadedAt.type, loadedAt.meaning)],
    ...Object.entries(table.materialized ?? {}).map(([column, { type, expression, meaning }]) => [column, describe(`${type} MATERIALIZED ${expression}`, meaning)] as const)
  ]
  const width = Math.max(...columns.map(([column]) => column.length))
  return [
    `CREATE TABLE IF NOT EXISTS landing.${name}`,
    '(',
    columns.map(([column, definition]) => `    ${column.padEnd(width)} ${definition}`).join(',\n'),
    ')',
    `ENGINE = ReplacingMergeTree(${table.version})`,
    ...(table.partitionBy === undefined ? [] : [`PARTITION BY ${table.partitionBy}`]),
    `ORDER BY (${table.orderBy.join(', ')})`,
    ...(table.ttl === undefined ? [] : [`TTL ${table.ttl}`]),
    'SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1',
    `COMMENT ${quote(meaning)};`
  ].join('\n')
}

/** The ALTER TABLE statements of one later migration. */
export function addLandingColumns ({ name, fields }: RecordDefinition, migration: number): readonly string[] {
  return Object.entries(fields)
    .filter(([, { addedIn }]) => addedIn === migration)
    .map(([field, definition]) => `ALTER TABLE landing.${name} ADD COLUMN IF NOT EXISTS ${field} ${describe(columnType(definition), definition.meaning)};`)
}

function describe (type: string, meaning: string): string {
  return `${type} COMMENT ${quote(meaning)}`
}

function quote (text: string): string {
  return `'${text.replaceAll('\'', '\'\'')}'`
}
