import { expect, test } from 'vitest'
import { FetchedRecords } from '../../../log/kafka/fetched-records.ts'
import { progressCheck } from '../../../log/kafka/progress-watchdog.ts'
import type { AssignedPartition } from '../../../log/kafka/assigned-partition.ts'
import type { PartitionPosition } from '../../../log/kafka/kafka-positions.ts'

type Watched = Pick<AssignedPartition, 'next' | 'paused' | 'movedAt' | 'records'>

interface Situation {
  readonly position?: Partial<PartitionPosition>
  /** Undefined: not begun. */
  readonly assigned?: Watched | undefined
  readonly isOurs?: boolean
  readonly alive?: boolean
}

const start = 1_000_000
function partition (next: number, changes: Partial<Watched> = {}): Watched {
  return { next, paused: false, movedAt: start, records: new FetchedRecords(), ...changes }
}
function holding (): FetchedRecords {
  const records = new FetchedRecords()
  records.push([{ offset: 0, timestamp: 0, value: Buffer.alloc(1) }])
  return records
}

/** What is said after so many checks, 15 s apart; `Kafka is away` in those listed. */
async function verdict ({ position = {}, assigned, isOurs = true, alive = true }: Situation, checks = 10, away: readonly number[] = [], pauses: ReadonlyMap<number, number> = new Map()): Promise<string | undefined> {
  let now = start
  let stalled: string | undefined
  let check = 0
  const run = progressCheck({
    signal: new AbortController().signal,
    positions: async () => {
      if (away.includes(check)) throw new Error('away')
      return [{ topic: 't', partition: 0, committed: 5, low: 0, high: 9, ...position }]
    },
    isAssigned: () => isOurs,
    partition: () => assigned,
    aliveAt: () => alive ? now : start,
    onStalled: ({ code }) => { stalled ??= code },
    now: () => now
  })
  for (check = 1; check <= checks; check++) {
    now += pauses.get(check) ?? 15_000
    await run()
  }
  return stalled
}

test.each<[string, Situation, string | undefined]>([
  ['records to read and no fetch for long', { assigned: partition(5) }, 'LOG_STALLED'],
  ['everything fetched', { assigned: partition(9) }, undefined],
  ['a handler that takes its time', { assigned: partition(5, { paused: true, records: holding() }) }, undefined],
  ['a pause that nothing is the reason for', { assigned: partition(5, { paused: true }) }, 'LOG_STALLED'],
  ['a partition that ends before what was read', { assigned: partition(20) }, 'LOG_STALLED'],
  ['a partition that was given to us and never begun', { assigned: undefined }, 'LOG_STALLED'],
  ['a partition that another consumer reads', { assigned: undefined, isOurs: false }, undefined],
  ['no sign of life in the group, and records to read', { assigned: undefined, isOurs: false, alive: false }, 'LOG_STALLED'],
  ['no sign of life, and nothing to read', { assigned: partition(9), position: { committed: 9 }, alive: false }, undefined]
])('%s', async (_name, situation, expected) => {
  expect(await verdict(situation)).toBe(expected)
})

test('two minutes count, not less', async () => {
  expect(await verdict({ assigned: partition(5) }, 8)).toBeUndefined()
})

test('time in which Kafka was away is not counted', async () => {
  expect(await verdict({ assigned: partition(5), alive: false }, 10, [5])).toBeUndefined()
})

test('time in which this process slept is not counted', async () => {
  expect(await verdict({ assigned: partition(5), alive: false }, 3, [], new Map([[2, 600_000]]))).toBeUndefined()
})

test('what had nothing to do for long is not stalled once there is something', async () => {
  const assigned = partition(9)
  await verdict({ assigned })
  expect(assigned.movedAt).toBe(start + 150_000)
})
