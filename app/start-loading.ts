import type { Registry } from 'prom-client'
import { createFiguresStage } from '../figures/figures-stage.ts'
import { askForOutdatedFunnels } from '../figures/outdated-funnels.ts'
import { createPace } from '../figures/pace.ts'
import { createLoadMetrics } from '../load/load-metrics.ts'
import { createLoadStage } from '../load/load-stage.ts'
import { retryingSink } from '../load/retrying-sink.ts'
import type { BatchHandler } from '../log/log-consumer.ts'
import type { Log } from '../log/log.ts'
import type { Closers } from './closers.ts'
import type { Config } from '../config/config.ts'
import { AppError, isError } from '../runtime/errors.ts'
import type { Logger } from '../runtime/logger.ts'
import { pause } from '../runtime/pause.ts'
import { noPositions } from '../config/record-positions.ts'
import { repeatedLines } from '../runtime/repeated-lines.ts'
import { changesTopic, figuresGroup, loadGroup, loadedTopics } from '../schemas/topics.ts'
import { clickHouseChangeLedger } from '../warehouse/change-ledger.ts'
import { createWarehouseClient, type ClickHouseClient, type WarehouseConnection } from '../warehouse/clickhouse-client.ts'
import { clickHouseFigureStatements } from '../warehouse/clickhouse-figure-statements.ts'
import { clickHouseIdentityStore } from '../warehouse/clickhouse-identity-store.ts'
import { clickHouseSink } from '../warehouse/clickhouse-sink.ts'
import { registerFigureMetrics } from '../warehouse/figure-metrics.ts'
import { loadedPositions } from '../warehouse/loaded-positions.ts'
import { createMartsDatabase } from '../warehouse/marts-database.ts'
import { migrate } from '../warehouse/migrations/migrator.ts'
import { publishConfiguration } from '../warehouse/publish-configuration.ts'
import { createPositionComparison } from './compare-positions.ts'
import type { Warehouse } from './open-warehouse.ts'
import { reportStopped, subscribe } from './subscribe.ts'
import { warehouseErrors } from '../warehouse/warehouse-errors.ts'

export interface LoadingOptions {
  readonly config: Config
  readonly log: Log
  readonly warehouse: Warehouse
  readonly registry: Registry
  readonly logger: Logger
  readonly closers: Closers
  readonly signal: AbortSignal
  readonly now: () => number
  readonly reported: (group: string, handler: BatchHandler) => BatchHandler
}

const retryDelayMs = 2_000

/** A history that is loaded at once is worked out without a rest; after that figures keep to their share. */
const figuresBurstMs = 120_000

/** Changes are gathered for a moment, as many follow each other; their keys fit into memory many times over. */
const gathered = { maxRecords: 500, maxBytes: 1024 * 1024, maxWaitMs: 300 }

/**
 * Starts the load role. An unavailable remote warehouse delays loading only: it is retried in the background while webhooks
 * are accepted. Rejects if a person is needed, as with a changed migration.
 */
export async function startLoading (options: LoadingOptions): Promise<void> {
  const { warehouse, registry, logger, closers, signal } = options
  const client = createWarehouseClient(warehouse.connection, { application: 'loyalty-warehouse load', maxConnections: 20 })
  closers.add('warehouse client', () => client.close())
  registerFigureMetrics(registry, client)

  const prepare = preparation(client, warehouse.connection, options)

  try {
    await prepare(signal)
  } catch (error) {
    if (warehouse.description.kind === 'embedded' || !isUnreachable(error)) throw error
    logger.warn({ err: error }, 'the warehouse is unavailable; webhooks are accepted and will be loaded once it is back')
    const stop = new AbortController()
    const waiting = onceBack(prepare, AbortSignal.any([signal, stop.signal]), logger)
    closers.add('wait for the warehouse', async () => {
      stop.abort()
      await waiting
    })
  }
}

/** The part that is retried until it succeeds: migrate, publish the configuration, subscribe. */
function preparation (client: ClickHouseClient, connection: WarehouseConnection, { config, log, warehouse, registry, logger, closers, now, reported }: LoadingOptions): (signal: AbortSignal) => Promise<void> {
  const metrics = createLoadMetrics(registry)
  const comparePositions = createPositionComparison(registry, logger)
  const lines = repeatedLines(logger)
  const sink = retryingSink(clickHouseSink(client, { replicated: connection.cluster !== undefined }), {
    backoff: { firstMs: 200, longestMs: 15_000 },
    onRetry (err, { table, rows }, attempt) {
      const code = err instanceof AppError ? err.code : 'INTERNAL'
      metrics.retried(table, code)
      lines.say(code, 'warn', { err, table, rows, attempt }, 'insert failed; retrying, as with other tables')
    }
  })
  const stage = reported(loadGroup, createLoadStage({ sink, log: log.internal, metrics, now, skip: config.settings.SKIP_RECORDS ?? noPositions }))
  const statements = clickHouseFigureStatements(client, connection.cluster)
  const ledger = clickHouseChangeLedger(client)
  const figures = reported(figuresGroup, createFiguresStage({
    warehouse: { identities: clickHouseIdentityStore(client, connection.cluster), statements },
    ledger,
    skip: config.settings.SKIP_RECORDS ?? noPositions,
    rest: createPace({ share: config.settings.FIGURES_CPU_SHARE, burstMs: figuresBurstMs, monotonic: () => performance.now() })
  }))
  const options = {
    group: loadGroup,
    topics: loadedTopics.map(({ name }) => name),
    maxRecords: config.settings.LOAD_MAX_ROWS,
    maxBytes: config.settings.LOAD_MAX_BYTES,
    maxWaitMs: config.settings.LOAD_MAX_WAIT_MS,
    onError: reportStopped(logger)
  }
  const figuresOptions = { ...gathered, group: figuresGroup, topics: [changesTopic], onError: options.onError }
  return async (signal) => {
    await migrate({ client, connection, logger, signal })
    await publishConfiguration(client, config.businesses, logger)
    await askForOutdatedFunnels({ statements, ledger, log: log.internal, now, signal })
    // on a remote server sql/users/marts.sql creates it
    if (config.settings.MARTS_PASSWORD !== undefined && warehouse.description.kind === 'embedded') await createMartsDatabase(client)
    await comparePositions(log, await loadedPositions(client))
    // the closers are running: nothing opened now would be closed
    signal.throwIfAborted()
    await subscribe(log, figuresOptions, figures, closers)
    await subscribe(log, options, stage, closers)
  }
}

async function onceBack (prepare: (signal: AbortSignal) => Promise<void>, signal: AbortSignal, logger: Logger): Promise<void> {
  let said = ''
  while (!signal.aborted) {
    await pause(retryDelayMs, signal)
    if (signal.aborted) return
    try {
      await prepare(signal)
      logger.info('the warehouse is back')
      return
    } catch (err) {
      if (signal.aborted) return
      if (isUnreachable(err)) {
        // the same reason every two seconds is noise
        if (err.message !== said) logger.warn({ err }, 'the warehouse is still unavailable')
        said = err.message
        continue
      }
      logger.error({ err }, 'the warehouse is back but not usable; webhooks are kept until the cause is fixed')
      await pause(15_000, signal)
    }
  }
}

function isUnreachable (error: unknown): error is AppError {
  return isError(error, warehouseErrors.WAREHOUSE_UNAVAILABLE)
}
