import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { Logger } from 'pino'
import { AppError } from '../../runtime/errors.ts'
import { pause } from '../../runtime/pause.ts'
import type { ClickHouseClient } from '../clickhouse-client.ts'
import { stopwatch, systemClock, type LockClock, type Stopwatch } from './lock-clock.ts'
import { everyReplica, insertRow, selectRows } from '../warehouse-tables.ts'
import { runtimeErrors } from '../../runtime/runtime-errors.ts'
import { warehouseErrors } from '../warehouse-errors.ts'

export interface LockOptions {
  readonly client: ClickHouseClient
  readonly cluster?: string | undefined
  readonly logger: Logger
  /** A holder without a beat for this long, in milliseconds, counts as dead. */
  readonly expiryMs: number
  /** Checked after each wait: the lock is not needed if there is nothing left to do. */
  readonly needless: () => Promise<boolean>
  readonly signal?: AbortSignal | undefined
  readonly clock?: LockClock | undefined
}

export interface MigrationLock {
  /** Call before each step: throws WAREHOUSE_UNAVAILABLE once another process may have the lock, and for ever after. */
  assertHeld (): void
  /** The next waiting process gets it at once. */
  release (): Promise<void>
}

interface State {
  readonly epoch: number
  readonly holders: readonly string[]
  readonly beat: number
  readonly released: boolean
}

/**
 * One process at a time applies migrations. Resolves when this one may; undefined when there is nothing left to do.
 *
 * ClickHouse has no locks. The lock is a row of `landing.migration_lock` under an epoch, a number that only increases. Every row that
 * claims an epoch is inserted under the same deduplication token, so ClickHouse keeps the first and drops the others;
 * the process that reads its own name there has the lock. The holder inserts a row, its beat, at intervals, and one on release. An epoch
 * that was released, or has no new beat for `expiryMs` of the waiting process's monotonic clock, is over: the waiting processes
 * claim the next, and one of them gets it.
 *
 * Nothing is updated or deleted, so a process that claims or releases after a suspension does so under an epoch that is no longer the highest.
 * A waiting process that was suspended during a query does not mistake its own silence for the holder's: it compares the time of the
 * query's start with that of the last answer. The lock of a suspended holder lapses, for ever, before
 * others may count it as dead. Only a statement in flight can overlap with the next holder's.
 *
 * A token without a row (the server was killed in between) is an epoch without a holder: it expires as well.
 *
 * Rejects with WAREHOUSE_UNAVAILABLE, or SHUTTING_DOWN on `signal`.
 */
export async function acquireMigrationLock (options: LockOptions): Promise<MigrationLock | undefined> {
  const { client, cluster, logger, expiryMs, needless, signal, clock = systemClock } = options
  const holder = `${hostname()} ${process.pid} ${randomUUID()}`
  const read = async (): Promise<State> => await readState(client, cluster)

  let seen: { readonly state: State, readonly since: number } | undefined
  let claimed: { readonly epoch: number, readonly at: number } | undefined
  let waiting = false
  for (;;) {
    if (signal?.aborted === true) throw new AppError(runtimeErrors.SHUTTING_DOWN, 'the wait for another process that applies migrations was given up')
    const asked = clock.monotonic()
    const state = await read()
    if (seen === undefined || seen.state.epoch !== state.epoch || seen.state.beat !== state.beat) seen = { state, since: clock.monotonic() }
    const over = state.released || asked - seen.since > expiryMs
    // A claim without a row yet is in flight, or lost.
    const pending = claimed !== undefined && claimed.epoch > state.epoch && asked - claimed.at <= expiryMs
    if (over && !pending) {
      if (waiting && await needless()) return undefined
      const epoch = Math.max(state.epoch, claimed?.epoch ?? 0) + 1
      const started = stopwatch(clock)
      await write(client, { epoch, holder, beat: 0, released: false }, `migration-lock-${epoch}`)
      claimed = { epoch, at: clock.monotonic() }
      const now = await read()
      if (now.epoch === epoch && now.holders.length === 1 && now.holders[0] === holder) {
        if (!state.released) logger.warn({ was: state.holders[0] }, 'the process that applied migrations has died; taking over')
        return hold(options, { epoch, holder, started })
      }
    }
    if (!waiting) logger.info({ holder: state.holders[0] }, 'another process applies migrations; waiting for it')
    waiting = true
    await pause(100 + Math.random() * 200, signal)
    if (await needless()) return undefined
  }
}

function hold ({ client, cluster, logger, expiryMs, clock = systemClock }: LockOptions, { epoch, holder, started }: { readonly epoch: number, readonly holder: string, readonly started: Stopwatch }): MigrationLock {
  let sinceRenewal = started
  let beat = 0
  let beating: Promise<unknown> = Promise.resolve()
  let lost = false
  // Half of the expiry: the other half is for the step that follows. A later beat cannot restore the lock,
  // because another process may hold the next epoch by then.
  const isLost = (): boolean => {
    lost ||= sinceRenewal() > expiryMs / 2
    if (lost) stopBeating()
    return lost
  }
  const renew = async (): Promise<void> => {
    const asked = stopwatch(clock)
    await write(client, { epoch, holder, beat: ++beat, released: false })
    const { epoch: highest } = await readState(client, cluster)
    if (highest > epoch) lost = true
    if (!isLost() && asked() < sinceRenewal()) sinceRenewal = asked
  }
  const stopBeating = clock.every(expiryMs / 6, () => {
    if (isLost()) return
    beating = Promise.all([beating, renew().catch((err: unknown) => { logger.warn({ err }, 'the lock of the migrations could not be renewed; trying again') })])
  })
  return {
    assertHeld () {
      if (isLost()) throw new AppError(warehouseErrors.WAREHOUSE_UNAVAILABLE, 'the lock of the migrations could not be renewed in time, or another process has it')
    },
    async release () {
      stopBeating()
      await beating
      await write(client, { epoch, holder, beat: beat + 1, released: true })
    }
  }
}

async function readState (client: ClickHouseClient, cluster: string | undefined): Promise<State> {
  const [row] = await selectRows<State>(client, `SELECT toUInt32(epoch) AS epoch, groupUniqArray(holder) AS holders, max(beat) AS beat, max(released) = true AS released
    FROM ${everyReplica('landing.migration_lock', cluster)} GROUP BY epoch ORDER BY epoch DESC LIMIT 1`)
  return row ?? { epoch: 0, holders: [], beat: 0, released: true }
}

/** With a token: adds nothing where a row with that token is known. */
async function write (client: ClickHouseClient, row: { readonly epoch: number, readonly holder: string, readonly beat: number, readonly released: boolean }, token?: string): Promise<void> {
  await insertRow(client, 'landing.migration_lock', row, token === undefined ? { insert_deduplicate: 0 } : { insert_deduplicate: 1, insert_deduplication_token: token })
}
