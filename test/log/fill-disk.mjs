// @ts-nocheck dist, which it imports, need not be there when types are checked
// Child of embedded-log.test.ts, run under a limit on file size: fills the log until the disk refuses, makes room by
// consuming, and appends again. Prints what happened as JSON. Runs the built code: Node 20 cannot run TypeScript.
import { setTimeout as sleep } from 'node:timers/promises'
import { openEmbeddedLog } from '../../dist/log/embedded/open-embedded-log.js'

const log = await openEmbeddedLog({ path: process.argv[2] ?? '', topics: [{ name: 'raw', groups: ['g'] }], backlogLimitBytes: 1024 ** 3 })
const value = Buffer.alloc(10_000, 5)
const append = () => log.intake.append([{ topic: 'raw', key: '', timestamp: 1, value }])

async function appendUntilRefused () {
  for (let acknowledged = 0; ; acknowledged++) {
    try {
      await append()
    } catch (error) {
      return { acknowledged, refusal: { code: error.code, hasCause: error.cause instanceof Error } }
    }
  }
}

const { acknowledged, refusal } = await appendUntilRefused()
let delivered = 0
await log.consume({ group: 'g', topics: ['raw'], maxRecords: 100, maxBytes: 1_000_000, maxWaitMs: 5, onError: () => {} }, async batch => { delivered += batch.records.length })
const drained = async () => { while ((await log.backlog())?.bytes !== 0) await sleep(10) }
await drained()
const deliveredBefore = delivered
await append()
await drained()
await log.close()
process.stdout.write(JSON.stringify({ acknowledged, refusal, deliveredBefore, delivered }))
