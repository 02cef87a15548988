// @ts-nocheck dist, which it imports, need not be there when types are checked
// Child of full-disk-crash.test.ts: appends until the disk is refused, goes on trying, makes room and appends again. The second argument names a
// file of its own on that disk that fills it; without one the disk is full by itself, and consuming makes room. Prints what happened as
// JSON. Runs the built code: Node 20 cannot run TypeScript.
import { closeSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { openEmbeddedLog } from '../../dist/log/embedded/open-embedded-log.js'

const [path = '', filler = ''] = process.argv.slice(2)
let log
try {
  log = await openEmbeddedLog({ path, topics: [{ name: 'raw', groups: ['g'] }], backlogLimitBytes: 1024 ** 3, diskReserveBytes: 64 * 1024 ** 2, onDamaged: () => {} })
} catch (error) {
  process.stdout.write(JSON.stringify({ opened: false, code: error.code }))
  process.exit()
}

const value = Buffer.alloc(200_000, 5)
const append = async writer => {
  try {
    await log[writer].append([{ topic: 'raw', key: '', timestamp: 1, value }])
    return 'durable'
  } catch (error) {
    return error.code
  }
}

async function until (condition) {
  for (;;) {
    if (condition()) return
    await sleep(10)
  }
}

function fillDisk () {
  const file = openSync(filler, 'w')
  try {
    for (;;) writeSync(file, Buffer.alloc(64 * 1024))
  } catch (error) {
    if (error.code !== 'ENOSPC') throw error
  } finally {
    closeSync(file)
  }
}

let acknowledged = 0
if (filler === '') {
  while (await append('intake') === 'durable') acknowledged++
} else {
  for (; acknowledged < 20; acknowledged++) if (await append('intake') !== 'durable') throw new Error('refused too early')
  fillDisk()
}
const { bavail, bsize } = statfsSync(path)

const refusals = new Set()
for (let n = 0; n < 2_000; n++) refusals.add(await append('intake'))
// the stages' own appends: refused by the queue, which waits after each failure
if (filler !== '') for (let n = 0; n < 20; n++) refusals.add(await append('internal'))
const probe = await log.intake.probe().then(() => 'ready', error => error.code)

let delivered = 0
await log.consume({ group: 'g', topics: ['raw'], maxRecords: 100, maxBytes: 1_000_000, maxWaitMs: 5, onError: () => {} }, async batch => { delivered += batch.records.length })
await until(() => delivered >= acknowledged)
if (filler !== '') rmSync(filler)
while ((await log.backlog())?.bytes !== 0) await sleep(10)
const deliveredBefore = delivered
let afterwards = await append('intake')
if (filler !== '') for (; afterwards !== 'durable'; afterwards = await append('intake')) await sleep(10)
if (afterwards === 'durable') await until(() => delivered > deliveredBefore)
await log.close()
process.stdout.write(JSON.stringify({ opened: true, free: bavail * bsize, acknowledged, refusals: [...refusals], probe, deliveredBefore, delivered, afterwards }))
