// @ts-nocheck dist, which it imports, need not be there when types are checked
// Applies the migrations of a folder; the test ends it with SIGKILL half-way.
// argv: address, user and password of ClickHouse, folder, expiry of the lock in milliseconds
import { pino } from 'pino'
import { createWarehouseClient } from '../../dist/warehouse/clickhouse-client.js'
import { migrate } from '../../dist/warehouse/migrations/migrator.js'

const [url, user, password, root, expiry] = process.argv.slice(2)
const client = createWarehouseClient({ url, user, password })
const result = await migrate({ client, root, logger: pino({ level: 'silent' }), lockExpiryMs: Number(expiry) })
console.log(JSON.stringify(result))
await client.close()
