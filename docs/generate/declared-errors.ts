import { configErrors } from '../../config/config-errors.ts'
import { dashboardErrors } from '../../dashboard/server/dashboard-errors.ts'
import { ingestErrors } from '../../ingest/ingest-errors.ts'
import { registryErrors } from '../../log/confluent/registry-error-codes.ts'
import { logErrors } from '../../log/log-errors.ts'
import type { ErrorKind } from '../../runtime/errors.ts'
import { runtimeErrors } from '../../runtime/runtime-errors.ts'
import { schemaErrors } from '../../schemas/schema-errors.ts'
import { targetErrors } from '../../simulator/send/target-errors.ts'
import { transformErrors } from '../../transform/transform-errors.ts'
import { vendorErrors } from '../../vendors/vendor-errors.ts'
import { warehouseErrors } from '../../warehouse/warehouse-errors.ts'

/** The errors of the project, by the file that declares them. */
export const declaredErrors: Readonly<Record<string, Readonly<Record<string, ErrorKind>>>> = {
  'config/config-errors.ts': configErrors,
  'ingest/ingest-errors.ts': ingestErrors,
  'vendors/vendor-errors.ts': vendorErrors,
  'schemas/schema-errors.ts': schemaErrors,
  'transform/transform-errors.ts': transformErrors,
  'log/log-errors.ts': logErrors,
  'log/confluent/registry-error-codes.ts': registryErrors,
  'warehouse/warehouse-errors.ts': warehouseErrors,
  'dashboard/server/dashboard-errors.ts': dashboardErrors,
  'simulator/send/target-errors.ts': targetErrors,
  'runtime/runtime-errors.ts': runtimeErrors
}

export const errorsByCode: Readonly<Record<string, ErrorKind>> = Object.assign({}, ...Object.values(declaredErrors)) as Readonly<Record<string, ErrorKind>>
