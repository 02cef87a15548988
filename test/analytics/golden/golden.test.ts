import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { publishConfiguration } from '../../../warehouse/publish-configuration.ts'
import { startMigratedWarehouse, type MigratedWarehouse } from '../../warehouse/migrated-warehouse.ts'
import { differences } from '../compare-rows.ts'
import { readFacts } from '../reference/facts.ts'
import { reference } from '../reference/reference.ts'
import type { Row } from '../reference/values.ts'
import { createWebhookLoader } from '../webhook-loader.ts'
import { expectedRows, readExpectedTables, type ExpectedTable } from './expected-tables.ts'
import { shuffled, withRepetitions } from './repetitions.ts'
import { goldenAskedAt, goldenBusinesses, goldenWebhooks } from './shop.ts'

/** The shop of shop.ts against the tables of README.md. */
const tables = readExpectedTables(readFileSync(new URL('README.md', import.meta.url), 'utf8'))
const figures = tables.filter(({ title }) => !title.startsWith('pipeline_health'))
const repeated = withRepetitions(goldenWebhooks)
const landing = ['leads', 'coupons', 'coin_transactions', 'reviews', 'orders', 'review_requests', 'referrals', 'coin_expiries', 'activities', 'activity_items', 'receipts', 'raw_webhooks', 'dead_letters']

let warehouse: MigratedWarehouse
/** What the arrivals are moved by, for the shop to be asked just now. */
let clockShift: number
beforeAll(async () => { warehouse = await startMigratedWarehouse() })
afterAll(async () => { await warehouse.close() })

async function load (...webhooks: typeof goldenWebhooks): Promise<void> {
  await publishConfiguration(warehouse.client, goldenBusinesses)
  clockShift = Date.now() - goldenAskedAt
  const loader = createWebhookLoader(warehouse, goldenBusinesses, clockShift)
  // in pieces, so that repetitions are in parts of their own
  for (let start = 0; start < webhooks.length; start += 40) await loader(webhooks.slice(start, start + 40))
}

const known = new Map<string, ReadonlyMap<string, string>>()
async function typesOf (view: string): Promise<ReadonlyMap<string, string>> {
  const types = known.get(view) ?? new Map((await warehouse.query(`DESCRIBE (SELECT * FROM analytics.${view})`)).map(({ name, type }) => [String(name), String(type)]))
  known.set(view, types)
  return types
}

/** The hash that no pencil finds is left out. */
function withoutEventId ({ event_id: _hash, ...row }: Row): Row {
  return row
}

async function check ({ title, ...table }: ExpectedTable): Promise<void> {
  const types = await typesOf(title)
  const expected = expectedRows({ title, ...table }, types).map(withoutEventId)
  const actual = await warehouse.query(`SELECT * FROM analytics.${title}`)
  expect(differences(actual.map(withoutEventId), expected, keyOf(title))).toEqual([])
}

function keyOf (title: string): readonly string[] {
  if (title.startsWith('activit')) return ['customer_key', 'occurred_at', 'activity_id', ...title === 'activity_items' ? ['item_index'] : []]
  return title.startsWith('funnel(') ? ['step_number'] : reference[title]?.key ?? []
}

async function checkHealth (title: string): Promise<void> {
  const table = tables.find((candidate) => candidate.title === title)
  if (table === undefined) throw new Error(`expected a table of ${title}`)
  const types = new Map([...await typesOf('pipeline_health')].filter(([column]) => column !== 'last_loaded_at'))
  const [loaded] = await warehouse.query('SELECT min(last_loaded_at) > now() - INTERVAL 5 MINUTE AS recently FROM analytics.pipeline_health')
  const actual = await warehouse.query(`SELECT * EXCEPT last_loaded_at REPLACE (last_received_at - toIntervalMillisecond(${clockShift}) AS last_received_at) FROM analytics.pipeline_health`)
  expect(differences(actual, expectedRows(table, types), ['source'])).toEqual([])
  expect(loaded).toEqual({ recently: 1 })
}

describe('every webhook once', () => {
  beforeAll(async () => {
    await warehouse.clear()
    await load(...goldenWebhooks)
  })

  test.each(figures)('$title', check)
  test('pipeline_health', async () => { await checkHealth('pipeline_health') })
})

describe('every webhook three times, in any order', () => {
  beforeAll(async () => {
    await warehouse.clear()
    await warehouse.client.command({ query: 'SYSTEM STOP MERGES' })
    await load(...shuffled(repeated, 1))
  })

  test.each(figures)('$title before any merge', check)
  test('pipeline_health before any merge', async () => { await checkHealth('pipeline_health, all repeated') })

  describe('after all merges', () => {
    beforeAll(async () => {
      await warehouse.client.command({ query: 'SYSTEM START MERGES' })
      for (const table of landing) await warehouse.client.command({ query: `OPTIMIZE TABLE landing.${table} FINAL` })
    })

    test.each(figures)('$title', check)
    test('pipeline_health', async () => { await checkHealth('pipeline_health, all repeated') })
  })
})

test.each(figures.filter(({ title }) => title in reference))('the reference of the property test says the same of $title', async (table) => {
  const types = await typesOf(table.title)
  const rows = reference[table.title]?.rows(readFacts(repeated, goldenBusinesses), Date.now()) ?? []
  expect(differences(rows.map(withoutEventId), expectedRows(table, types).map(withoutEventId), keyOf(table.title))).toEqual([])
})
