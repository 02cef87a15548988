import autocannon from 'autocannon'
import { setTimeout as delay } from 'node:timers/promises'
import type { Engine } from './engine.ts'
import type { Figure } from './figure.ts'
import { createHome, startRoles, type Home, type Roles } from './roles.ts'
import { netcoreBatches, shopRawRecords, token } from './sample-data.ts'

const batchSize = 300
const batches = 1_000
const activities = batchSize * batches

/**
 * The same activities through one role after the other, each with the machine to itself: accepted over HTTP, transformed, loaded. CPU time is
 * that of the role's process: the log's own part is in it, that of ClickHouse and of a broker is not.
 */
export async function benchDrain (engine: Engine): Promise<Figure[]> {
  const home = await createHome(engine.emptyLog())
  try {
    const accept = await phase(engine, home, 'ingest', async ({ ingestUrl }) => { await send(ingestUrl) })
    const transform = await phase(engine, home, 'transform', async (roles) => { await untilRead(roles, { group: 'transform', topic: 'netcore.raw' }) })
    const load = await phase(engine, home, 'load', async (roles) => { await untilRead(roles, { group: 'load' }) })
    const on = engine.name === 'kafka' ? 'Kafka' : 'LMDB'
    const figure = (what: string, value: number, unit: string, aim?: string): Figure => ({ bench: 'drain', what: `${what}, on ${on}`, value, unit, ...(aim === undefined ? {} : { aim }) })
    const broker = (what: string, { brokerCpu, wall }: Phase): Figure[] => brokerCpu === undefined ? [] : [figure(`broker's share of a core while ${what}`, brokerCpu / wall, 'cores')]
    return [
      figure(`accepted, batches of ${batchSize} activities`, activities / accept.wall, 'activities/s', '≥ 20,000 activities/s'),
      ...broker('accepting', accept),
      figure('transformed', activities / transform.cpu, 'activities/s/core'),
      ...broker('transforming', transform),
      figure('loaded, with items, raw webhooks and receipts', activities / load.cpu, 'activities/s/core'),
      ...broker('loading', load),
      figure('through transform and load', activities / (transform.cpu + load.cpu), 'activities/s/core', '≥ 50,000 activities/s/core')
    ]
  } finally {
    await home.remove()
  }
}

interface Phase {
  /** Seconds. */
  readonly wall: number
  readonly cpu: number
  readonly brokerCpu: number | undefined
}

async function phase (engine: Engine, home: Home, role: string, work: (roles: Roles) => Promise<void>): Promise<Phase> {
  const roles = await startRoles(home, role)
  try {
    const start = performance.now()
    const broker = await engine.brokerSeconds()
    await work(roles)
    const brokerAfter = await engine.brokerSeconds()
    return {
      wall: (performance.now() - start) / 1000,
      cpu: await roles.cpuSeconds(),
      brokerCpu: broker === undefined || brokerAfter === undefined ? undefined : brokerAfter - broker
    }
  } finally {
    await roles.stop()
  }
}

async function send (url: string): Promise<void> {
  const bodies = netcoreBatches(shopRawRecords(30_000), batchSize).map(({ body }) => body)
  const result = await autocannon({
    url: `${url}/webhooks/netcore/bench-netcore?token=${token}`,
    connections: 16,
    amount: batches,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    requests: bodies.map((body) => ({ body }))
  })
  if (result['2xx'] !== batches) throw new Error(`expected ${batches} times 200, got ${result['2xx']}, ${result.non2xx} others and ${result.errors} errors`)
}

async function untilRead (roles: Roles, labels: Readonly<Record<string, string>>): Promise<void> {
  while (await roles.metric('loyalty_log_lag_records', labels) > 0) await delay(200)
}
