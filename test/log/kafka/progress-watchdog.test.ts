import { expect, test } from 'vitest'
import type { AssignedPartition } from '../../../log/kafka/assigned-partition.ts'
import type { PartitionPosition } from '../../../log/kafka/kafka-positions.ts'
import { checkProgress } from '../../../log/kafka/progress-watchdog.ts'

const now = 10_000_000
const longAgo = now - 130_000

interface Situation {
  readonly position?: Partial<PartitionPosition> | 'Kafka is away'
  readonly assigned?: Partial<AssignedPartition> | undefined
  readonly aliveAt?: number
}

async function verdict ({ position = {}, assigned, aliveAt = now }: Situation): Promise<string | undefined> {
  let stalled: string | undefined
  await checkProgress({
    signal: new AbortController().signal,
    positions: async () => {
      if (position === 'Kafka is away') throw new Error('away')
      return [{ topic: 't', partition: 0, committed: 5, low: 0, high: 9, ...position }]
    },
    partition: () => assigned as AssignedPartition | undefined,
    aliveAt: () => aliveAt,
    onStalled: ({ code }) => { stalled = code },
    now: () => now
  })
  return stalled
}

test.each<[string, Situation, string | undefined]>([
  ['records to read and no fetch for long', { assigned: { next: 5, paused: false, movedAt: longAgo } }, 'LOG_STALLED'],
  ['records to read and a fetch just now', { assigned: { next: 5, paused: false, movedAt: now } }, undefined],
  ['everything fetched', { assigned: { next: 9, paused: false, movedAt: longAgo } }, undefined],
  ['a handler that takes its time', { assigned: { next: 5, paused: true, movedAt: longAgo } }, undefined],
  ['no sign of life in the group, and records to read', { aliveAt: longAgo }, 'LOG_STALLED'],
  ['no sign of life, and nothing to read', { aliveAt: longAgo, position: { committed: 9 } }, undefined],
  ['a partition that another consumer reads', {}, undefined],
  ['Kafka itself away', { assigned: { next: 5, paused: false, movedAt: longAgo }, aliveAt: longAgo, position: 'Kafka is away' }, undefined]
])('%s', async (_name, situation, expected) => {
  expect(await verdict(situation)).toBe(expected)
})

test('what had nothing to do for long is not stalled once there is something', async () => {
  const assigned = { next: 9, paused: false, movedAt: longAgo }
  await verdict({ assigned })
  expect(await verdict({ assigned, position: { high: 12 } })).toBeUndefined()
})
