import type { ClickHouseClient } from './clickhouse-client.ts'
import { classifyClickHouseError } from './clickhouse-errors.ts'

/** What names a row of `landing.changes`. */
export interface NotedChange {
  readonly change_id: string
  readonly business: string
  readonly kind: string
}

/** Notes which changes are worked out (`landing.changes`). */
export interface ChangeLedger {
  /** Resolves when it is durable; repeating it changes nothing. Rejects as `classifyClickHouseError` says. */
  workedOut (changes: readonly NotedChange[]): Promise<void>
}

export function clickHouseChangeLedger (client: ClickHouseClient): ChangeLedger {
  return {
    async workedOut (changes) {
      try {
        await client.insert({
          table: 'landing.changes',
          // the keys are of no use any more
          values: changes.map(({ change_id, business, kind }) => ({ change_id, business, kind, keys: [], arrived_at: 0, state: 1 })),
          columns: ['change_id', 'business', 'kind', 'keys', 'arrived_at', 'state'],
          format: 'JSONEachRow',
          clickhouse_settings: { async_insert: 0, distributed_foreground_insert: 1 }
        })
      } catch (error) {
        throw classifyClickHouseError(error)
      }
    }
  }
}
