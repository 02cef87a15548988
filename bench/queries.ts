import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readDashboardQueries, type DashboardQuery } from '../dashboard/server/dashboard-queries.ts'
import { createLogger } from '../runtime/logger.ts'
import { sourceConfigSchema } from '../config/businesses.ts'
import { createWarehouseClient, type ClickHouseClient } from '../warehouse/clickhouse-client.ts'
import { startEmbeddedServer } from '../warehouse/embedded/embedded-server.ts'
import { migrate } from '../warehouse/migrations/migrator.ts'
import { publishConfiguration } from '../warehouse/publish-configuration.ts'
import { median, quantile, type Figure } from './figure.ts'
import { fillShop, workOutAll } from './queries/data-set.ts'
import { bareScans } from './queries/scans.ts'

const rounds = 15
const day = 24 * 3_600_000
/** Less than 1 makes a smaller shop, for a look. */
const share = Number(process.env['BENCH_SHARE'] ?? 1)

/** Every query of the dashboards, over 30 days and over a year, as the page asks it: user bi, one after the other, against a bare scan of the same columns. */
export async function benchQueries (): Promise<Figure[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'bench-queries-'))
  const biPassword = randomBytes(16).toString('hex')
  const server = await startEmbeddedServer({ dataDir, httpPort: 0, tcpPort: 0, maxMemoryBytes: 8e9, biPassword, logger: createLogger('warn') })
  const owner = createWarehouseClient(server, { requestTimeoutMs: 600_000 })
  const reader = createWarehouseClient({ url: server.url, user: 'bi', password: biPassword })
  try {
    await migrate({ client: owner, logger: createLogger('warn') })
    await publishConfiguration(owner, businesses)
    await fillShop(owner, share)
    const seconds = await workOutAll(owner)
    const figures: Figure[] = [{ bench: 'queries', what: 'all figures worked out after the shop was filled', value: seconds, unit: 's' }]
    const scanTimes = new Map<string, number>()
    for (const query of readDashboardQueries()) {
      const scans = bareScans(query.sql)
      for (const scan of scans) if (!scanTimes.has(scan)) scanTimes.set(scan, median(await times(owner, scan, {})))
      const bare = scans.reduce((sum, scan) => sum + (scanTimes.get(scan) ?? 0), 0)
      for (const days of query.parameters.includes('from') ? [30, 365] : [undefined]) figures.push(...await measure(reader, query, days, bare))
    }
    return figures
  } finally {
    await Promise.all([owner.close(), reader.close()])
    await server.close()
    await rm(dataDir, { recursive: true, force: true })
  }
}

async function measure (client: ClickHouseClient, query: DashboardQuery, days: number | undefined, bare: number): Promise<Figure[]> {
  const dates = (at: number): string => new Date(at).toISOString().slice(0, 10)
  const all = { business: 'acme', funnel: 'purchase', from: dates(Date.now() - (days ?? 0) * day), to: dates(Date.now()) }
  const parameters = Object.fromEntries(query.parameters.map((name) => [name, all[name]]))
  const taken = await times(client, query.sql, parameters)
  const read = await rowsRead(client, query.sql, parameters)
  const what = `${query.name}${days === undefined ? '' : ` over ${days} days`}, ${read.toLocaleString('en')} rows read`
  return [
    { bench: 'queries', what: `${what}, median`, value: median(taken), unit: 'ms', ...(bare === 0 ? {} : { ratio: median(taken) / bare }), aim: '≤ 200 ms' },
    { bench: 'queries', what: `${what}, p95`, value: quantile(taken, 0.95), unit: 'ms' }
  ]
}

async function times (client: ClickHouseClient, query: string, parameters: Readonly<Record<string, unknown>>): Promise<number[]> {
  const taken: number[] = []
  // the first one finds nothing in the server's caches
  for (let round = 0; round <= rounds; round++) {
    const begun = performance.now()
    await (await client.query({ query, query_params: parameters, format: 'JSONEachRow' })).text()
    if (round > 0) taken.push(performance.now() - begun)
  }
  return taken
}

async function rowsRead (client: ClickHouseClient, query: string, parameters: Readonly<Record<string, unknown>>): Promise<number> {
  const answer = await (await client.query({ query, query_params: parameters, format: 'JSON' })).json()
  return answer.statistics?.rows_read ?? 0
}

const businesses = sourceConfigSchema.parse({
  businesses: [{
    id: 'acme',
    currency: 'INR',
    coinValue: '0.10',
    timezone: 'Asia/Kolkata',
    nector: [{ id: 'acme-nector', secrets: ['not-used'] }],
    netcore: [{ id: 'acme-netcore', tokens: ['not-used'], timezone: 'Asia/Kolkata', identity: 'email', activities: { 1: 'page_browse', 2: 'add_to_cart', 3: 'checkout', 103: 'product_search', 110: 'purchase' } }],
    funnels: [{ name: 'purchase', windowHours: 24, steps: ['product_search', 'add_to_cart', 'checkout', 'purchase'] }]
  }]
}).businesses
