import { expect, test } from 'vitest'
import { createChangeNotes } from '../../load/change-notes.ts'
import type { Change } from '../../schemas/changes.ts'
import type { InsertBlock } from '../../warehouse/warehouse-sink.ts'

const change = (number: number): Change => ({ change_id: `2a867f6d-cb7f-8fb7-8da4-00000000000${number}`, business: 'acme', kind: 'coins', keys: ['k'], arrived_at: 1, state: 0 })
const open = (): AbortSignal => new AbortController().signal

/** A sink whose inserts end when the test says so. */
function heldSink () {
  const inserts: Array<{ readonly block: InsertBlock, readonly signal: AbortSignal, readonly end: (error?: Error) => void }> = []
  return {
    inserts,
    insert: (block: InsertBlock, signal: AbortSignal) => new Promise<void>((resolve, reject) => {
      inserts.push({ block, signal, end: (error) => { if (error === undefined) resolve(); else reject(error) } })
    })
  }
}

test('what comes while an insert is under way goes together with the next', async () => {
  const sink = heldSink()
  const notes = createChangeNotes(sink)
  const first = notes.note([change(1)], open())
  const others = [notes.note([change(2)], open()), notes.note([change(3), change(4)], open())]
  expect(sink.inserts.map(({ block }) => block.rows)).toEqual([1])
  sink.inserts[0]?.end()
  await first
  expect(sink.inserts.map(({ block }) => block.rows)).toEqual([1, 3])
  sink.inserts[1]?.end()
  await Promise.all(others)
})

test('an insert that fails fails all who wait for it, and the next one is tried', async () => {
  const sink = heldSink()
  const notes = createChangeNotes(sink)
  const first = notes.note([change(1)], open())
  const second = notes.note([change(2)], open())
  sink.inserts[0]?.end(new Error('refused'))
  await expect(first).rejects.toThrow('refused')
  sink.inserts[1]?.end()
  await second
})

test('whose batch is no longer theirs waits no longer; the insert goes on for the others, and ends with the last of them', async () => {
  const sink = heldSink()
  const notes = createChangeNotes(sink)
  const blocking = notes.note([change(1)], open())
  const [one, other] = [new AbortController(), new AbortController()]
  const waits = [notes.note([change(2)], one.signal), notes.note([change(3)], other.signal)]
  sink.inserts[0]?.end()
  await blocking
  one.abort(new Error('revoked'))
  await expect(waits[0]).rejects.toThrow('revoked')
  expect(sink.inserts[1]?.signal.aborted).toBe(false)
  other.abort(new Error('shut down'))
  await expect(waits[1]).rejects.toThrow('shut down')
  expect(sink.inserts[1]?.signal.aborted).toBe(true)
})
