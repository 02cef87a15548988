import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../runtime/errors.ts'
import { packageRoot } from '../runtime/package-root.ts'
import { runtimeErrors } from '../runtime/runtime-errors.ts'
import type { ClickHouseClient } from './clickhouse-client.ts'
import { classifyClickHouseError } from './clickhouse-errors.ts'
import type { FigureParameters, FigureStatements } from './figure-statements.ts'

/** What makes a question into something that is kept. */
const insertion = /^INSERT INTO (landing\.\w+)\n/m

const folder = join(packageRoot, 'sql/figures')

/** One thread: queries of people come first. */
const settings = { max_threads: 1, output_format_json_named_tuples_as_objects: 0 } as const

/** The right side of a join or IN is gathered from all shards first, or each shard would see only its own part. */
const clusterSettings = { distributed_product_mode: 'global' } as const

export function clickHouseFigureStatements (client: ClickHouseClient, cluster?: string): FigureStatements {
  const texts = new Map(readdirSync(folder).map((file) => [file.replace(/\.sql$/, ''), readFileSync(join(folder, file), 'utf8')]))
  const textOf = (name: string): string => {
    const text = texts.get(name)
    if (text === undefined) throw new AppError(runtimeErrors.INTERNAL, `expected a file of sql/figures, got ${name}`)
    return text
  }
  // in the body: an address has no room for so many keys
  const options = { clickhouse_settings: cluster === undefined ? settings : { ...settings, ...clusterSettings }, use_multipart_params: true }
  async function select<Row> (query: string, parameters: FigureParameters, signal: AbortSignal): Promise<readonly Row[]> {
    try {
      const result = await client.query({ query, query_params: parameters, abort_signal: signal, format: 'JSONEachRow', ...options })
      return await result.json<Row>()
    } catch (error) {
      throw classifyClickHouseError(error)
    }
  }

  return {
    async workOut (name, parameters, signal) {
      try {
        // not command(), which has no body for parameters: proxies before a server refuse long addresses, nginx from 8 KiB on
        await (await client.query({ query: textOf(name), query_params: parameters, abort_signal: signal, ...options })).text()
      } catch (error) {
        throw classifyClickHouseError(error)
      }
    },
    lookUp: (name, parameters, signal) => select(textOf(name), parameters, signal),
    asked: (name, parameters, signal) => select(textOf(name).replace(insertion, ''), parameters, signal),
    async kept (name, parameters, key, signal) {
      const [, table = ''] = insertion.exec(textOf(name)) ?? []
      const [keys = ''] = Object.keys(parameters).slice(-1)
      const funnel = 'funnel' in parameters ? 'AND funnel = {funnel:String}' : ''
      const type = key === 'day' ? 'Date' : 'String'
      return await select(`SELECT * FROM ${table} FINAL WHERE business = {business:String} ${funnel} AND ${key} IN {${keys}:Array(${type})}`, parameters, signal)
    }
  }
}
