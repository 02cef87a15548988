import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { packageRoot } from '../../runtime/package-root.ts'
import type { RecordDefinition } from '../../schemas/define/record.ts'
import { recordNames, records } from '../../schemas/records.ts'
import type { RecordSchema } from '../schemas/schema-changes.ts'
import { startMigratedWarehouse, type MigratedWarehouse } from './migrated-warehouse.ts'

let warehouse: MigratedWarehouse
beforeAll(async () => { warehouse = await startMigratedWarehouse() })
afterAll(async () => { await warehouse.close() })

/** The column types that an Avro type loads into without loss (facts.md, Avro straight into ClickHouse); null is what a nullable column takes. */
function columnTypes (type: unknown): readonly string[] {
  if (Array.isArray(type)) {
    const [none, some] = type as [unknown, unknown]
    if (none !== 'null' || type.length !== 2) throw new Error(`expected a union of null and one type, got ${JSON.stringify(type)}`)
    return columnTypes(some).filter((name) => !name.startsWith('LowCardinality')).flatMap((name) => [`Nullable(${name})`, ...(name === 'String' ? ['LowCardinality(Nullable(String))'] : [])])
  }
  if (typeof type === 'string') {
    // double is not among them: it loads into a Decimal without an error, and wrong
    return { string: ['String', 'LowCardinality(String)'], bytes: ['String'], int: ['Int32'], long: ['Int64'], boolean: ['Bool'] }[type] ?? []
  }
  const { type: base, logicalType, precision, scale, items, values } = type as Record<string, unknown>
  switch (logicalType ?? base) {
    case 'uuid': return ['UUID']
    case 'timestamp-millis': return ["DateTime64(3, 'UTC')"]
    case 'date': return ['Date']
    case 'decimal': return [`Decimal(${precision as number}, ${scale as number})`]
    case 'array': return columnTypes(items).map((item) => `Array(${item})`)
    case 'map': return columnTypes(values).flatMap((value) => [`Map(String, ${value})`, `Map(LowCardinality(String), ${value})`])
    default: return []
  }
}

test.each([...recordNames])('every field of %s.avsc has its column, of a type that it loads into without loss, and the other way round', async (record) => {
  const schema = JSON.parse(readFileSync(join(packageRoot, 'schemas', `${record}.avsc`), 'utf8')) as RecordSchema
  const columns = new Map((await warehouse.query(`SELECT name, type FROM system.columns WHERE database = 'landing' AND table = '${record}'`)).map(({ name, type }) => [String(name), String(type)]))
  const problems = schema.fields.flatMap((field) => {
    const column = columns.get(field.name)
    if (column === undefined) return [`${field.name}: no such column`]
    return columnTypes(field.type).includes(column) ? [] : [`${field.name}: ${JSON.stringify(field.type)} does not load into ${column}`]
  })
  expect(problems).toEqual([])
  const fields = new Set(schema.fields.map(({ name }) => name))
  const own = ['loaded_at', ...Object.keys((records[record] as RecordDefinition).table.materialized ?? {})]
  expect([...columns.keys()].filter((name) => !fields.has(name))).toEqual(own)
})

test('a null never meets a column that would turn it into a default', async () => {
  const columns = await warehouse.query("SELECT table, name, type FROM system.columns WHERE database = 'landing' AND table IN (SELECT name FROM system.tables WHERE database = 'landing' AND engine LIKE '%MergeTree')")
  const nullable = new Map(columns.map(({ table, name, type }) => [`${String(table)}.${String(name)}`, String(type).includes('Nullable(')]))
  for (const record of recordNames) {
    const schema = JSON.parse(readFileSync(join(packageRoot, 'schemas', `${record}.avsc`), 'utf8')) as RecordSchema
    for (const { name, type } of schema.fields) expect(nullable.get(`${record}.${name}`), `${record}.${name}`).toBe(Array.isArray(type))
  }
})

test('what repeats an insert under its token adds nothing, and what repeats a row replaces it', async () => {
  const settings = await warehouse.query("SELECT name, engine, engine_full FROM system.tables WHERE database = 'landing' AND name IN ('leads', 'activities', 'raw_webhooks', 'receipts', 'dead_letters')")
  expect(settings).toHaveLength(5)
  for (const { engine, engine_full: full } of settings) {
    expect(engine).toBe('ReplacingMergeTree')
    expect(full).toMatch(/non_replicated_deduplication_window = 1000/)
    expect(full).toMatch(/fsync_after_insert = 1, fsync_part_directory = 1/)
  }
})

test('whatever is filled by an insert, and what is worked out, is on the disk when that is acknowledged, as the log forgets it then', async () => {
  const figures = ['coin_days', 'coin_leads', 'order_days', 'referral_figures', 'funnel_days', 'identity_keys', 'moved_records', 'changes']
  const filled = await warehouse.query(`SELECT name, engine_full FROM system.tables WHERE database = 'landing' AND engine LIKE '%MergeTree' AND (name IN ('${figures.join("', '")}') OR name IN (SELECT extract(create_table_query, ' TO landing\\\\.(\\\\w+)') FROM system.tables WHERE engine = 'MaterializedView'))`)
  expect(filled.map(({ name }) => name)).toEqual(expect.arrayContaining([...figures, 'identifier_sets', 'coin_facts']))
  for (const { name, engine_full: full } of filled) expect(full, String(name)).toMatch(/fsync_after_insert = 1, fsync_part_directory = 1/)
})
