import { readDashboardQueries } from '../dashboard/server/dashboard-queries.ts'
import { dashboardRoutes } from '../dashboard/server/dashboard-routes.ts'
import { readPageFiles } from '../dashboard/server/page-files.ts'
import { refuseOpenDashboard } from '../config/admin-address.ts'
import type { AdminServerOptions } from './admin-server.ts'
import type { Closers } from './closers.ts'
import type { Config } from '../config/config.ts'
import { AppError } from '../runtime/errors.ts'
import type { Logger } from '../runtime/logger.ts'
import type { AnalyticsReader } from '../warehouse/analytics-reader.ts'
import { clickHouseReader } from '../warehouse/clickhouse-reader.ts'
import type { Warehouse } from './open-warehouse.ts'
import type { Role } from './roles.ts'
import { configErrors } from '../config/config-errors.ts'
import { warehouseErrors } from '../warehouse/warehouse-errors.ts'

export interface CreateDashboardOptions {
  readonly config: Config
  readonly roles: ReadonlySet<Role>
  readonly logger: Logger
}

export interface Dashboard {
  readonly routes: NonNullable<AdminServerOptions['extension']>
  /** Sets the warehouse to query. */
  open (warehouse: Warehouse, closers: Closers): void
}

const noReader = 'the dashboard asks ClickHouse as the read-only user bi, whose password nobody told: set BI_PASSWORD (sql/users/readers.sql makes the user)'

/**
 * The dashboard, before the warehouse is available. Throws CONFIG_INVALID if it could never show anything, or would show
 * it to anybody.
 */
export function createDashboard ({ config: { settings, businesses }, roles, logger }: CreateDashboardOptions): Dashboard {
  refuseOpenDashboard(settings)
  if (settings.CLICKHOUSE_URL === undefined && !roles.has('load')) {
    throw new AppError(configErrors.CONFIG_INVALID, 'CLICKHOUSE_URL: expected a server for the role dashboard to ask, as the embedded ClickHouse runs beside the role load only, got none: set it, add load to --roles, or leave dashboard out')
  }
  if (settings.CLICKHOUSE_URL !== undefined && settings.BI_PASSWORD === undefined) {
    if (roles.size === 1) throw new AppError(configErrors.CONFIG_INVALID, `BI_PASSWORD: ${noReader}`)
    logger.warn(noReader)
  }
  let reader = (): AnalyticsReader => { throw new AppError(warehouseErrors.WAREHOUSE_UNAVAILABLE, 'the pipeline is being started and has no ClickHouse to ask yet') }
  return {
    routes: dashboardRoutes({ queries: readDashboardQueries(), businesses, files: readPageFiles(), password: settings.ADMIN_PASSWORD, reader: () => reader(), logger }),
    open ({ readerConnection }, closers) {
      if (readerConnection === undefined) {
        reader = () => { throw new AppError(warehouseErrors.READER_REFUSED, noReader) }
        return
      }
      const opened = clickHouseReader(readerConnection)
      closers.add('warehouse reader', () => opened.close())
      reader = () => opened
    }
  }
}
