import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { LogRecord } from '../../log/log-writer.ts'
import { collect, gate } from '../log/log-fixtures.ts'
import { createSpace, keyFor, type LogSpace, untilOpen } from './log-space.ts'
import { describeWithKafka } from './require-kafka.ts'

describeWithKafka('the lag of groups', ({ brokers }) => {
  let space: LogSpace
  beforeEach(() => { space = createSpace(brokers) })
  afterEach(async () => { await space.dispose() })

  test('lag is that of each group, over all partitions', async () => {
    const { log } = await space.open({ topics: [{ name: 'orders', groups: ['load', 'copy'] }, { name: 'visits', groups: ['copy'] }] })
    const at = Date.now() - 60_000
    const records = [['orders', 0, 5], ['orders', 1, 3], ['orders', 2, 2], ['visits', 1, 4]] as const
    await log.intake.append(records.flatMap(([topic, partition, count]) => Array.from({ length: count }, (_, i): LogRecord => ({ topic, key: keyFor(partition, 3), timestamp: at + partition * 100 + i, value: Buffer.from(String(i)) }))))
    expect(await log.lag()).toEqual([
      { topic: 'orders', group: 'load', records: 10, oldestTimestamp: undefined },
      { topic: 'orders', group: 'copy', records: 10, oldestTimestamp: undefined },
      { topic: 'visits', group: 'copy', records: 4, oldestTimestamp: undefined }
    ])
    const held = gate()
    await collect(log, 'load', ['orders'], {}, async (batch) => { if (batch.partition === 1) await untilOpen(held, batch) }).until(7)
    await collect(log, 'copy', ['orders', 'visits']).until(14)
    await vi.waitFor(async () => {
      expect(await log.lag()).toEqual([
        { topic: 'orders', group: 'load', records: 3, oldestTimestamp: at + 100 },
        { topic: 'orders', group: 'copy', records: 0, oldestTimestamp: undefined },
        { topic: 'visits', group: 'copy', records: 0, oldestTimestamp: undefined }
      ])
    }, { timeout: 30_000, interval: 100 })
    held.open()
    await space.read(log)
  })
})
