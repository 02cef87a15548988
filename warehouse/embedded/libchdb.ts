import { libchdbPath } from 'chdb/libchdb'
import { AppError } from '../../runtime/errors.ts'
import { warehouseErrors } from '../warehouse-errors.ts'

/** Absolute path of the shared library that contains ClickHouse; throws if this platform has none. */
export type LocateLibrary = () => string

/** Explains the way out on a platform without a build. */
export function locateLibrary (locate: LocateLibrary = libchdbPath): string {
  try {
    return locate()
  } catch (cause) {
    const platform = `${process.platform}-${process.arch}`
    throw new AppError(
      warehouseErrors.EMBEDDED_WAREHOUSE_UNSUPPORTED,
      `the embedded ClickHouse has no build for ${platform}; set CLICKHOUSE_URL to use a ClickHouse server of your own`,
      { cause, fields: { platform } }
    )
  }
}
