// @ts-nocheck dist, which it imports, need not be there when types are checked
// Child of damaged-log-crash.test.ts: opens a log whose file was changed and reads all of it. Prints what happened as JSON. It is a process of
// its own, as a signal that ends it must not end the tests. Runs the built code: Node 20 cannot run TypeScript.
import { setTimeout as sleep } from 'node:timers/promises'
import { openEmbeddedLog } from '../../dist/log/embedded/open-embedded-log.js'

const damaged = []
let log
try {
  log = await openEmbeddedLog({
    path: process.argv[2] ?? '',
    topics: [{ name: 'raw', groups: ['g', 'h'] }, { name: 'orders', groups: ['g'] }],
    backlogLimitBytes: 1024 ** 3,
    diskReserveBytes: 0,
    onDamaged: one => { damaged.push(one) }
  })
} catch (error) {
  process.stdout.write(JSON.stringify({ opened: false, code: error.code, message: error.message }))
  process.exit()
}

const values = []
const errors = []
const options = { maxRecords: 1000, maxBytes: 1_000_000, maxWaitMs: 5, onError: error => { errors.push(error.message) } }
await log.consume({ ...options, group: 'g', topics: ['raw', 'orders'] }, async ({ topic, records }) => {
  for (const { offset, value } of records) values.push([topic, offset, value.toString()])
})
await log.consume({ ...options, group: 'h', topics: ['raw'] }, async () => {})
const lag = async () => (await log.lag()).reduce((sum, one) => sum + one.records, 0)
while (errors.length === 0 && await lag() > 0) await sleep(5)
const probe = await log.internal.probe().then(() => 'ready', error => error.code)
// what comes afterwards is taken and delivered as ever
let next
if (errors.length === 0) {
  const before = values.length
  await log.internal.append([{ topic: 'raw', key: '', timestamp: 1, value: Buffer.from('afterwards') }])
  while (values.length === before) await sleep(5)
  next = values.pop()
  while ((await log.backlog()).bytes > 0 && errors.length === 0) await sleep(5)
}
process.stdout.write(JSON.stringify({ opened: true, values, damaged, errors, probe, next, heldBytes: (await log.backlog()).bytes }))
process.exit()
