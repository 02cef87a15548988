import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { Registry } from 'prom-client'
import { avroContainer } from '../load/avro-container.ts'
import { createLoadMetrics } from '../load/load-metrics.ts'
import { createLoadStage } from '../load/load-stage.ts'
import { createLogger } from '../runtime/logger.ts'
import { packageRoot } from '../runtime/package-root.ts'
import { codecs } from '../schemas/codecs.ts'
import { readFrame } from '../schemas/framing.ts'
import { encodeRecord } from '../transform/message-encoder.ts'
import { createSources } from '../vendors/source.ts'
import { transform } from '../transform/transform.ts'
import { createWarehouseClient } from '../warehouse/clickhouse-client.ts'
import { clickHouseSink } from '../warehouse/clickhouse-sink.ts'
import { startEmbeddedServer } from '../warehouse/embedded/embedded-server.ts'
import { locateLibrary } from '../warehouse/embedded/libchdb.ts'
import { migrate } from '../warehouse/migrations/migrator.ts'
import { splitStatements } from '../warehouse/migrations/sql-statements.ts'
import { median, type Figure } from './figure.ts'
import { businesses, netcoreBatches, shopRawRecords } from './sample-data.ts'

const batches = 8
const rows = 50_000
const program = fileURLToPath(new URL('../warehouse/embedded/server-process.js', import.meta.url))

/** Rows a second through the load stage over HTTP, against ClickHouse reading the same Avro containers from files into the same table. */
export async function benchLoad (): Promise<Figure[]> {
  const messages = activityMessages(rows)
  const folder = await mkdtemp(join(tmpdir(), 'bench-load-'))
  try {
    const file = join(folder, 'activities.avro')
    const { current } = codecs.activities
    await pipeline(avroContainer(current, messages.map((message) => readFrame(message).payload)), createWriteStream(file))
    const own: number[] = []
    const theirs: number[] = []
    for (let round = 0; round < 3; round++) {
      own.push(await ownRowsPerSecond(join(folder, `own-${round}`), messages))
      theirs.push(await clickHouseRowsPerSecond(join(folder, `theirs-${round}`), file, current.fields))
    }
    return [
      { bench: 'load', what: `ClickHouse from a file, ${rows} rows an insert`, value: median(theirs), unit: 'rows/s' },
      { bench: 'load', what: 'load stage over HTTP', value: median(own), unit: 'rows/s', ratio: median(own) / median(theirs), aim: '≥ 0.8 of ClickHouse' }
    ]
  } finally {
    await rm(folder, { recursive: true })
  }
}

function activityMessages (count: number): Buffer[] {
  const sources = createSources(businesses)
  const raws = netcoreBatches(shopRawRecords(30_000), 300)
  const messages = raws.flatMap((raw) => transform(raw, { topic: 'netcore.raw', partition: 0, offset: 0 }, sources, 0).records)
    .filter(({ record }) => record === 'activities')
    .map((record) => encodeRecord(record, 0).value)
  return Array.from({ length: count }, (_, index) => messages[index % messages.length] ?? Buffer.alloc(0))
}

async function ownRowsPerSecond (dataDir: string, messages: readonly Buffer[]): Promise<number> {
  const logger = createLogger('error')
  const server = await startEmbeddedServer({ dataDir, httpPort: 0, tcpPort: 0, maxMemoryBytes: 2 ** 31, biPassword: 'unused', logger })
  const client = createWarehouseClient(server)
  try {
    await migrate({ client, logger })
    const handle = createLoadStage({ sink: clickHouseSink(client), log: { append: async () => {}, probe: async () => {} }, metrics: createLoadMetrics(new Registry()), now: Date.now })
    const load = async (batch: number): Promise<void> => {
      await handle({
        topic: 'activities',
        partition: 0,
        signal: new AbortController().signal,
        records: messages.map((value, index) => ({ offset: batch * rows + index, timestamp: Date.now(), value }))
      })
    }
    await load(0)
    const start = performance.now()
    for (let batch = 1; batch <= batches; batch++) await load(batch)
    return batches * rows / (performance.now() - start) * 1000
  } finally {
    await client.close()
    await server.close()
  }
}

/** Time of one insert is that of many less that of one, so that the start of the program does not count. */
async function clickHouseRowsPerSecond (path: string, file: string, fields: readonly string[]): Promise<number> {
  const few = await insertFromFile(`${path}-1`, file, fields, 1)
  const many = await insertFromFile(`${path}-2`, file, fields, 1 + batches)
  return batches * rows / (many - few) * 1000
}

async function insertFromFile (path: string, file: string, fields: readonly string[], inserts: number): Promise<number> {
  const tables = splitStatements(await readFile(join(packageRoot, 'sql/migrations/001_landing.sql'), 'utf8'))
  const columns = fields.map((field) => `\`${field}\``).join(', ')
  const insert = `INSERT INTO landing.activities (${columns}) SELECT ${columns} FROM file('${file}', 'Avro')`
  const query = [...tables, ...Array<string>(inserts).fill(insert)].join(';\n')
  const start = performance.now()
  const child = spawn(process.execPath, [program, locateLibrary(), 'clickhouse', `--path=${path}`, `--query=${query}`], { stdio: ['pipe', 'ignore', 'inherit'], env: { TZ: 'UTC', PATH: process.env['PATH'] } })
  const [code] = await once(child, 'exit') as [number]
  if (code !== 0) throw new Error(`expected ClickHouse to load the file, got exit code ${code}`)
  return performance.now() - start
}
