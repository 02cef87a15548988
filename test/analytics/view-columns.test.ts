import { afterAll, beforeAll, expect, test } from 'vitest'
import { startMigratedWarehouse, type MigratedWarehouse } from '../warehouse/migrated-warehouse.ts'

/** The columns that people and BI tools rely on. A view may have more. */
const fixedColumns = {
  customers: 'business customer_key lead_id customer_id email_hash mobile_hash tier type referral_code referred_by_referral_code created_at last_seen_at',
  coin_ledger: 'business transaction_key customer_key lead_id occurred_at day operation type status amount signed_amount closing_balance title',
  coin_daily: 'business day coins_issued coins_redeemed net_coins transactions customers_earning customers_redeeming redemption_rate',
  coin_balances: 'business lead_id customer_key balance lifetime_issued lifetime_redeemed ledger_gap last_transaction_at',
  coin_liability: 'business outstanding_coins coin_value currency expected_redemption_rate liability',
  coin_expiries: 'business lead_id customer_key expires_on coins notified_at',
  coupons: 'business customer_key lead_id status',
  orders: 'business customer_key lead_id status',
  reviews: 'business customer_key lead_id status',
  referrals: 'business referral_id referral_mode status referred_by_lead_id referred_to_lead_id created_at nudged_at completed_at hours_to_convert order_id order_amount reward_coins reward_coupon_value',
  referral_conversion: 'business cohort_day referral_mode created nudged completed conversion_rate median_hours_to_convert mean_hours_to_convert referral_revenue reward_cost',
  referrers: 'business lead_id created completed conversion_rate referral_revenue reward_coins',
  activities: 'business customer_key identity occurred_at day activity_id step channel journey_name',
  activity_items: 'business customer_key identity occurred_at day activity_id step channel journey_name prid name category prqt price',
  funnel: 'step_number step customers step_conversion overall_conversion drop_off',
  funnel_daily: 'business funnel day step_number step customers step_conversion overall_conversion',
  loyalty_journey: 'business customer_key activities orders revenue coins_earned coins_redeemed referrals_made first_seen_at last_seen_at',
  pipeline_health: 'source last_received_at last_loaded_at events_24h dead_letters_24h duplicates_24h'
} as const

interface Column {
  readonly name: string
  readonly comment: string
}

let warehouse: MigratedWarehouse
beforeAll(async () => { warehouse = await startMigratedWarehouse() })
afterAll(async () => { await warehouse.close() })

/** ClickHouse lists no columns of a parameterised view: its statement does. */
async function columnsOf (view: string): Promise<Column[]> {
  const columns = await warehouse.query(`SELECT name, comment FROM system.columns WHERE database = 'analytics' AND table = '${view}'`)
  if (columns.length > 0) return columns.map(({ name, comment }) => ({ name: String(name), comment: String(comment) }))
  const [table] = await warehouse.query(`SELECT create_table_query AS statement FROM system.tables WHERE database = 'analytics' AND name = '${view}'`)
  const statement = String(table?.['statement'])
  const list = statement.slice(statement.indexOf('('), statement.search(/\bAS (WITH|SELECT)\b/))
  return [...list.matchAll(/(?<=[(,] ?)`(\w+)` ([^`]*)/g)].map(([, name = '', definition = '']) => ({ name, comment: /COMMENT '([^']*)'/.exec(definition)?.[1] ?? '' }))
}

test('analytics holds the views that were promised', async () => {
  const views = await warehouse.query("SELECT name FROM system.tables WHERE database = 'analytics'")
  expect(views.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(fixedColumns)))
})

test('every view says what it is', async () => {
  expect(await warehouse.query("SELECT name FROM system.tables WHERE database = 'analytics' AND empty(trimBoth(comment))")).toEqual([])
})

test('every column says what it is', async () => {
  const views = await warehouse.query("SELECT name FROM system.tables WHERE database = 'analytics'")
  for (const { name: view } of views) {
    const columns = await columnsOf(String(view))
    expect(columns, String(view)).not.toEqual([])
    expect(columns.filter(({ comment }) => comment.trim() === ''), String(view)).toEqual([])
  }
})

test.each(Object.entries(fixedColumns))('%s has the columns that were promised', async (view, columns) => {
  expect((await columnsOf(view)).map(({ name }) => name)).toEqual(expect.arrayContaining(columns.split(' ')))
})

/** What `SELECT *` answers with, column by column. */
async function deliveredBy (view: string): Promise<ReadonlyArray<readonly [string, string]>> {
  const from = view === 'funnel' ? "funnel(business = 'b', funnel = 'f', from_day = '2026-01-01', to_day = '2026-01-31')" : view
  return (await warehouse.query(`DESCRIBE (SELECT * FROM analytics.${from})`)).map(({ name, type }) => [String(name), String(type)])
}

test('every view delivers the types that it declares: a driver reads by one and a BI tool by the other', async () => {
  const views = await warehouse.query("SELECT database, name FROM system.tables WHERE database IN ('analytics', 'contacts')")
  expect(views.length).toBeGreaterThan(18)
  for (const { database, name } of views.filter((view) => view['name'] !== 'funnel')) {
    const declared = await warehouse.query(`SELECT name, type FROM system.columns WHERE database = '${String(database)}' AND table = '${String(name)}' ORDER BY position`)
    const delivered = await warehouse.query(`DESCRIBE (SELECT * FROM ${String(database)}.${String(name)})`)
    const pairs = (rows: ReadonlyArray<Record<string, unknown>>) => rows.map((row) => [row['name'], row['type']])
    expect(pairs(delivered), String(name)).toEqual(pairs(declared))
  }
  expect(await deliveredBy('funnel')).toEqual([
    ['step_number', 'UInt8'], ['step', 'String'], ['customers', 'UInt64'], ['step_conversion', 'Nullable(Float64)'], ['overall_conversion', 'Nullable(Float64)'], ['drop_off', 'Nullable(Float64)']
  ])
})

/** Rates and durations, which are no money. */
const floats = /rate$|conversion$|hours_to_convert$|^drop_off$/

test('money and coins are exact decimals: only rates and durations are floats', async () => {
  const columns = await warehouse.query("SELECT table, name FROM system.columns WHERE database IN ('analytics', 'contacts') AND type LIKE '%Float%'")
  expect(columns.length).toBeGreaterThan(5)
  expect(columns.filter(({ name }) => !floats.test(String(name)))).toEqual([])
})
