import type { Config } from '../config/config.ts'
import { configErrors } from '../config/config-errors.ts'
import { rebuildFigures, type RebuildProgress } from '../figures/rebuild.ts'
import { verifyFigures, type Verification } from '../figures/verify.ts'
import type { FigureWarehouse } from '../figures/work-out.ts'
import { AppError } from '../runtime/errors.ts'
import { createLogger } from '../runtime/logger.ts'
import { createWarehouseClient } from '../warehouse/clickhouse-client.ts'
import { clickHouseFigureStatements } from '../warehouse/clickhouse-figure-statements.ts'
import { clickHouseIdentityStore } from '../warehouse/clickhouse-identity-store.ts'
import { migrate } from '../warehouse/migrations/migrator.ts'
import { publishConfiguration } from '../warehouse/publish-configuration.ts'
import { openWarehouse } from './open-warehouse.ts'

/** What Date of ClickHouse holds: no day is left out. */
const [firstDay, lastDay] = ['1970-01-01', '2149-06-06']
/** A year's figures take minutes. */
const requestTimeoutMs = 600_000

export interface RebuildOptions {
  readonly business?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
}

/** Works the figures of a business, or of all, out anew. Rejects with CONFIG_INVALID for a business that is not configured. */
export async function rebuild (config: Config, { business, from = firstDay, to = lastDay }: RebuildOptions, progress: RebuildProgress): Promise<void> {
  await withWarehouse(config, async (warehouse) => {
    for (const id of businessesOf(config, business)) await rebuildFigures(warehouse, id, { from, to }, progress, new AbortController().signal)
  })
}

/** Compares a sample of the figures with what their events say. Rejects as `rebuild` does. */
export async function verify (config: Config, { business, sample }: { readonly business: string | undefined, readonly sample: number }): Promise<Verification> {
  return await withWarehouse(config, async ({ statements }) => {
    const results = []
    for (const id of businessesOf(config, business)) results.push(await verifyFigures(statements, id, sample, new AbortController().signal))
    return { checked: results.reduce((sum, { checked }) => sum + checked, 0), differences: results.flatMap(({ differences }) => differences) }
  })
}

function businessesOf ({ businesses }: Config, business: string | undefined): readonly string[] {
  const ids = businesses.map(({ id }) => id)
  if (business === undefined) return ids
  if (!ids.includes(business)) throw new AppError(configErrors.CONFIG_INVALID, `--business: expected one of ${ids.join(', ')}, got ${business}`)
  return [business]
}

/** An embedded server runs only meanwhile. */
async function withWarehouse<T> ({ settings, businesses }: Config, work: (warehouse: FigureWarehouse) => Promise<T>): Promise<T> {
  const logger = createLogger(settings.LOG_LEVEL)
  const warehouse = await openWarehouse(settings, logger)
  try {
    const client = createWarehouseClient(warehouse.connection, { application: 'loyalty-warehouse figures', requestTimeoutMs })
    try {
      await migrate({ client, connection: warehouse.connection, logger })
      await publishConfiguration(client, businesses, logger)
      const { cluster } = warehouse.connection
      return await work({ identities: clickHouseIdentityStore(client, cluster), statements: clickHouseFigureStatements(client, cluster) })
    } finally {
      await client.close()
    }
  } finally {
    await warehouse.close()
  }
}
