// @ts-nocheck plain JavaScript, as a thread cannot run TypeScript
// Stands in for transform-thread.js in thread-transformer.test.ts: a raw record `stuck` never ends, one `crash` ends the thread, unless it is set
// aside; of a batch that ends it answers the offsets that were set aside, as keys of messages.
import { parentPort, workerData } from 'node:worker_threads'

const at = new Int32Array(workerData.progress)

parentPort.on('message', ({ kind, job, offsets, values, setAside }) => {
  if (kind !== 'job') return
  let start = 0
  values.ends.forEach((end, index) => {
    const value = Buffer.from(values.bytes, start, end - start).toString()
    start = end
    Atomics.store(at, 0, job)
    Atomics.store(at, 1, index)
    Atomics.add(at, 2, 1)
    if (setAside.includes(offsets[index])) return
    if (value === 'crash') throw new Error('the thread crashed')
    if (value === 'stuck') Atomics.wait(at, 2, Atomics.load(at, 2))
  })
  const keys = setAside.map(String)
  parentPort.postMessage({ kind: 'piece', job, packed: { topics: keys, keys, timestamps: new Float64Array(keys.length), bytes: new ArrayBuffer(0), ends: new Uint32Array(keys.length) }, counts: { records: {}, deadLetters: {} } })
  parentPort.postMessage({ kind: 'done', job })
})
parentPort.postMessage({ kind: 'ready' })
