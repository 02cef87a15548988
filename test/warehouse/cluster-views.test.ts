import { startMigratedCluster } from './migrated-warehouse.ts'
import { viewsContract } from './views-contract.ts'

// The same as views.test.ts, with the rows on two shards.
viewsContract(startMigratedCluster)
