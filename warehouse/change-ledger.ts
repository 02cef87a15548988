import type { ClickHouseClient } from './clickhouse-client.ts'
import { classifyClickHouseError } from './clickhouse-errors.ts'

/** What names a row of `landing.changes`, and when the webhooks behind it arrived, in epoch milliseconds. */
export interface NotedChange {
  readonly change_id: string
  readonly business: string
  readonly kind: string
  readonly arrived_at: number
}

/** A change that is to be worked out. */
export interface WaitingChange extends NotedChange {
  readonly keys: readonly string[]
}

/** Notes which changes wait, and which are worked out (`landing.changes`). Repeating it changes nothing. Rejects as `classifyClickHouseError` says. */
export interface ChangeLedger {
  /** Resolves when it is durable. One that is worked out does not wait again. */
  waits (changes: readonly WaitingChange[]): Promise<void>
  /** Resolves when it is durable. */
  workedOut (changes: readonly NotedChange[]): Promise<void>
}

export function clickHouseChangeLedger (client: ClickHouseClient): ChangeLedger {
  async function insert (rows: ReadonlyArray<WaitingChange & { readonly state: 0 | 1 }>): Promise<void> {
    try {
      await client.insert({
        table: 'landing.changes',
        values: rows.map((row) => ({ ...row, arrived_at: new Date(row.arrived_at).toISOString().replace('T', ' ').replace('Z', '') })),
        columns: ['change_id', 'business', 'kind', 'keys', 'arrived_at', 'state'],
        format: 'JSONEachRow',
        clickhouse_settings: { async_insert: 0, distributed_foreground_insert: 1 }
      })
    } catch (error) {
      throw classifyClickHouseError(error)
    }
  }
  return {
    waits: async (changes) => { await insert(changes.map(({ change_id, business, kind, keys, arrived_at }) => ({ change_id, business, kind, keys, arrived_at, state: 0 }))) },
    // the keys are of no use any more
    workedOut: async (changes) => { await insert(changes.map(({ change_id, business, kind, arrived_at }) => ({ change_id, business, kind, keys: [], arrived_at, state: 1 }))) }
  }
}
