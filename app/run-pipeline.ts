import { collectDefaultMetrics, Registry } from 'prom-client'
import { createIngest } from '../ingest/create-ingest.ts'
import { createIngestMetrics } from '../ingest/ingest-metrics.ts'
import { futureTimesReport } from '../log/future-times.ts'
import { registerLagMetrics } from '../log/lag-metrics.ts'
import { sharedProbe } from '../log/shared-probe.ts'
import { adminHost } from '../config/admin-address.ts'
import { startAdminServer } from './admin-server.ts'
import type { Closers } from './closers.ts'
import type { Config } from '../config/config.ts'
import { AppError } from '../runtime/errors.ts'
import type { Logger } from '../runtime/logger.ts'
import { noPositions } from '../config/record-positions.ts'
import { requireFreePort } from './require-free-port.ts'
import type { Settings } from '../config/settings.ts'
import { rawTopic, transformGroup } from '../schemas/topics.ts'
import { ThreadTransformer } from '../transform/thread-transformer.ts'
import { createTransformMetrics } from '../transform/transform-metrics.ts'
import { createTransformStage } from '../transform/transform-stage.ts'
import { createDashboard } from './create-dashboard.ts'
import { openDataDir } from './data-dir.ts'
import { openLog } from './open-log.ts'
import { openWarehouse, type WarehouseDescription } from './open-warehouse.ts'
import { startLoading } from './start-loading.ts'
import { reportStopped, subscribe } from './subscribe.ts'
import type { Role } from './roles.ts'
import { runtimeErrors } from '../runtime/runtime-errors.ts'

export interface PipelineOptions {
  readonly config: Config
  readonly roles: ReadonlySet<Role>
  readonly logger: Logger
  /** Receives a closer for everything opened, so that the caller can close a partial start. */
  readonly closers: Closers
  readonly signal: AbortSignal
  /** Ends this process, because a part of it has failed for good. */
  readonly giveUp: (error: Error) => void
}

/** Addresses of a running pipeline; undefined for roles that do not run here. */
export interface RunningPipeline {
  readonly ingestPort: number | undefined
  readonly warehouse: WarehouseDescription | undefined
  readonly adminUrl: string
  /** Whether the dashboard runs here. */
  readonly dashboard: boolean
}

/** Raw records are transformed at once: waiting would only add latency. */
const transformBatch = { maxRecords: 500, maxBytes: 8 * 1024 * 1024, maxWaitMs: 5 }

/**
 * The composition root of `start`. Opens from right to left, so that nothing is accepted before its consumer exists; the
 * closers, in reverse, stop accepting first.
 */
export async function runPipeline ({ config, roles, logger, closers, signal, giveUp }: PipelineOptions): Promise<RunningPipeline> {
  const { settings } = config
  const now = Date.now
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })

  if (roles.has('ingest')) await requireFreePort('HTTP_PORT', settings.HTTP_HOST, settings.HTTP_PORT)
  if (usesDataDir(settings, roles)) openDataDir(settings, logger)

  const dashboard = roles.has('dashboard') ? createDashboard({ config, roles, logger }) : undefined
  let ready = async (): Promise<void> => { throw new AppError(runtimeErrors.STARTING, 'expected a pipeline that runs, got one that is being started') }
  const admin = await startAdminServer({ host: adminHost(settings), port: settings.ADMIN_PORT, registry, ready: () => ready(), extension: dashboard?.routes })
  closers.add('admin server', () => admin.close())

  // the dashboard queries the warehouse only
  const log = roles.size === 1 && roles.has('dashboard') ? undefined : await openLog({ settings, registry, logger, signal, giveUp })
  if (log !== undefined) {
    closers.add('log', () => log.close())
    registerLagMetrics(registry, log, now)
  }

  const warehouse = roles.has('load') || roles.has('dashboard') ? await openWarehouse(settings, logger) : undefined
  if (warehouse !== undefined) {
    closers.add('warehouse', () => warehouse.close())
    dashboard?.open(warehouse, closers)
  }
  const running = { warehouse: warehouse?.description, adminUrl: admin.url, dashboard: dashboard !== undefined }
  if (log === undefined) {
    ready = async () => {}
    return { ingestPort: undefined, ...running }
  }

  const reported = futureTimesReport({ registry, logger, now })
  if (roles.has('load') && warehouse !== undefined) await startLoading({ config, log, warehouse, registry, logger, closers, signal, now, reported })

  if (roles.has('transform')) {
    const transformer = new ThreadTransformer({ businesses: config.businesses, file: new URL('../transform/transform-thread.js', import.meta.url), logger, skip: settings.SKIP_RECORDS ?? noPositions })
    closers.add('transform thread', () => transformer.close())
    const stage = createTransformStage({ log: log.internal, transformer, metrics: createTransformMetrics(registry) })
    await subscribe(log, { ...transformBatch, group: transformGroup, topics: Object.values(rawTopic), onError: reportStopped(logger) }, reported(transformGroup, stage), closers)
  }

  let ingestPort: number | undefined
  if (roles.has('ingest')) {
    const ingest = createIngest({ config, log: log.intake, logger, metrics: createIngestMetrics(registry), now })
    closers.add('ingest', () => ingest.close())
    ingestPort = (await ingest.listen()).port
  }
  ready = sharedProbe(roles.has('ingest') ? log.intake : log.internal)
  return { ingestPort, ...running }
}

/** Not needed by roles on Kafka and a remote ClickHouse. */
function usesDataDir ({ KAFKA_BROKERS, CLICKHOUSE_URL }: Settings, roles: ReadonlySet<Role>): boolean {
  const usesLog = [...roles].some((role) => role !== 'dashboard')
  return (usesLog && KAFKA_BROKERS === undefined) || (roles.has('load') && CLICKHOUSE_URL === undefined)
}
