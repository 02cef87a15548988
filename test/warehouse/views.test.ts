import { startMigratedWarehouse } from './migrated-warehouse.ts'
import { viewsContract } from './views-contract.ts'

viewsContract(startMigratedWarehouse)
