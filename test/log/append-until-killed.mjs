// @ts-nocheck dist, which it imports, need not be there when types are checked
// Child of embedded-log-crash.test.ts: appends and consumes until it is killed, and says on stdout what was acknowledged
// (`ack <text>`) and what its consumer was given (`got <offset> <text>`). Runs the built code: Node 20 cannot run TypeScript.
import { openEmbeddedLog } from '../../dist/log/embedded/open-embedded-log.js'

const [path = '', round = ''] = process.argv.slice(2)
const topics = [{ name: 'raw', groups: ['checked', 'consumed'] }, { name: 'drained', groups: ['consumed'] }]
const log = await openEmbeddedLog({ path, topics, backlogLimitBytes: 1024 ** 3, diskReserveBytes: 0, onDamaged: () => {} })

await log.consume({ group: 'consumed', topics: ['raw', 'drained'], maxRecords: 50, maxBytes: 1_000_000, maxWaitMs: 5, onError: error => { throw error } }, async batch => {
  if (batch.topic !== 'raw') return
  for (const { offset, value } of batch.records) process.stdout.write(`got ${offset} ${value.toString().trimEnd()}\n`)
})

await Promise.all(Array.from({ length: 16 }, async (_, appender) => {
  for (let n = 0; ; n++) {
    const text = `${round}:${appender}:${n}`
    // two topics in one append, of sizes that need one page, several, or a record batch of their own
    const value = Buffer.from(text.padEnd(n % 50 === 0 ? 200_000 : 20 + (n * 397) % 5000))
    await log.intake.append(['raw', 'drained'].map(topic => ({ topic, key: text, timestamp: Date.now(), value })))
    process.stdout.write(`ack ${text}\n`)
  }
}))
