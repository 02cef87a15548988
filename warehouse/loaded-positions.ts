import type { ClickHouseClient } from './clickhouse-client.ts'
import { selectRows } from './warehouse-tables.ts'

/** The last raw record of a partition whose receipt is in the warehouse. */
export interface LoadedPosition {
  readonly topic: string
  readonly partition: number
  readonly offset: number
}

/**
 * How far each partition of the raw topics was loaded, from the last day of receipts: positions from before a move to another log, whose
 * offsets restart, expire after a day. Rejects with WAREHOUSE_UNAVAILABLE.
 */
export async function loadedPositions (client: ClickHouseClient): Promise<readonly LoadedPosition[]> {
  const rows = await selectRows<{ topic: string, partition: number, offset: string | number }>(client, `
    SELECT raw_topic AS topic, raw_partition AS partition, max(raw_offset) AS offset
    FROM landing.receipts
    WHERE received_at >= (SELECT max(received_at) - INTERVAL 1 DAY FROM landing.receipts)
    GROUP BY topic, partition`)
  return rows.map(({ topic, partition, offset }) => ({ topic, partition, offset: Number(offset) }))
}
