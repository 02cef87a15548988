import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createRandom } from '../../simulator/shop/random.ts'
import { publishConfiguration } from '../../warehouse/publish-configuration.ts'
import { startMigratedWarehouse, type MigratedWarehouse } from '../warehouse/migrated-warehouse.ts'
import { differences } from './compare-rows.ts'
import type { Identities } from './random-shop/people.ts'
import { randomShop, type RandomShop } from './random-shop/random-shop.ts'
import { askedAt } from './random-shop/times.ts'
import { readFacts, type Facts } from './reference/facts.ts'
import { funnel, type FunnelQuestion } from './reference/funnel.ts'
import { pipelineHealth } from './reference/pipeline-health.ts'
import { reference } from './reference/reference.ts'
import { createWebhookLoader } from './webhook-loader.ts'

/**
 * Random shops through the real pipeline and warehouse, and every view of them row by row against a straightforward computation from
 * the same webhooks. Three shops a run, of which one is another each time; PROPERTY_SHOPS=10 takes all the fixed ones and more, PROPERTY_SEED says where the
 * others begin: a failure prints the one that brings its shop back with PROPERTY_SHOPS=1.
 */
const fixedSeeds = [1, 2, 3, 4, 5, 6, 7]
const { PROPERTY_SEED = String(Date.now() % 1_000_000), PROPERTY_SHOPS = '3', PROPERTY_LINES = '5' } = process.env
const fixed = fixedSeeds.slice(0, Number(PROPERTY_SHOPS) - 1)
const freshSeeds = Array.from({ length: Number(PROPERTY_SHOPS) - fixed.length }, (_, index) => Number(PROPERTY_SEED) + index)
const seeds = [...new Set([...fixed, ...freshSeeds])]
console.log(`random shops of the seeds ${seeds.join(' ')}`)

let warehouse: MigratedWarehouse
beforeAll(async () => { warehouse = await startMigratedWarehouse() })
afterAll(async () => { await warehouse.close() })

// Chains of identifiers longer than four, and devices that are seen with and without an identity, make the tangled ones.
describe.each<Identities>(['plain', 'tangled'])('shops of %s identities', (identities) => {
  const shops = seeds.map((seed) => randomShop(seed, identities))
  const businesses = shops.flatMap((shop) => shop.businesses)
  const facts = shops.map((shop) => readFacts(shop.webhooks, shop.businesses))
  const seedOf = new Map(shops.flatMap((shop) => shop.businesses.map(({ id }) => [id, shop.seed])))

  beforeAll(async () => {
    await warehouse.clear()
    await publishConfiguration(warehouse.client, businesses)
    const load = createWebhookLoader(warehouse, businesses, Date.now() - askedAt)
    // in parts, so that what is kept ahead of queries has to be brought up to date as well as made
    const webhooks = interleaved(shops)
    for (let part = 0; part < 3; part++) {
      await load(webhooks.filter((_, index) => index % 3 === part))
    }
  })

  test.each(Object.entries(reference))('%s', async (view, { key, rows }) => {
    const actual = await warehouse.query(`SELECT * FROM analytics.${view}`)
    const expected = facts.flatMap((own) => rows(own, Date.now()))
    expect(expected.length).toBeGreaterThan(0)
    report(differences(actual, expected, key))
  })

  test('funnel', async () => {
    for (const [index, shop] of shops.entries()) {
      const question = randomQuestion(shop)
      const { business, funnel: name, from, to } = question
      const actual = await warehouse.query(`SELECT * FROM analytics.funnel(business = '${business}', funnel = '${name}', from_day = '${from}', to_day = '${to}')`)
      report(differences(actual, funnel(factsAt(index), question), ['step_number']).map((line) => `${JSON.stringify(question)} ${line}`))
    }
  })

  test('pipeline_health', async () => {
    const actual = await warehouse.query('SELECT * EXCEPT (last_received_at, last_loaded_at) FROM analytics.pipeline_health')
    const expected = shops.flatMap((shop) => pipelineHealth(shop.webhooks, askedAt)).map(({ last_received_at: _shifted, ...row }) => row)
    report(differences(actual, expected, ['source']))
  })

  /** Fails with the smallest difference first, and the seed of its shop. */
  function report (found: readonly string[]): void {
    const shown = found.slice(0, Number(PROPERTY_LINES)).map((line) => `${seedHint(line)}${line}`)
    expect(shown, `${found.length} differences`).toEqual([])
  }

  function seedHint (line: string): string {
    const named = [...seedOf].find(([id]) => line.includes(`"${id}`))
    return named === undefined ? '' : `PROPERTY_SHOPS=1 PROPERTY_SEED=${named[1]} `
  }

  function factsAt (index: number): Facts {
    const own = facts[index]
    if (own === undefined) throw new RangeError(`expected facts of shop ${index}`)
    return own
  }
})

/** The webhooks of all shops, each shop's in its own order. */
function interleaved (shops: readonly RandomShop[]): RandomShop['webhooks'] {
  return shops.flatMap(({ webhooks }) => webhooks.map((webhook, index) => ({ webhook, place: index / webhooks.length }))).sort((a, b) => a.place - b.place).map(({ webhook }) => webhook)
}

function randomQuestion ({ seed, businesses }: RandomShop): FunnelQuestion {
  const random = createRandom(seed)
  const { id, funnels } = random.pick(businesses)
  const [from, to] = [random.integer(8, 11), random.integer(10, 13)]
  return { business: id, funnel: random.pick(funnels).name, from: `2024-03-${String(from).padStart(2, '0')}`, to: `2024-03-${to}` }
}
