import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { Logger } from 'pino'
import { AppError } from '../../runtime/errors.ts'
import { pause } from '../../runtime/pause.ts'
import type { ClickHouseClient } from '../clickhouse-client.ts'
import { stopwatch, type Stopwatch } from './stopwatch.ts'
import { everyReplica, insertRow, selectRows } from '../warehouse-tables.ts'
import { runtimeErrors } from '../../runtime/runtime-errors.ts'
import { warehouseErrors } from '../warehouse-errors.ts'

export interface LockOptions {
  readonly client: ClickHouseClient
  readonly cluster?: string | undefined
  readonly logger: Logger
  /** A holder that has shown no sign of life for this long, in milliseconds, counts as dead. */
  readonly expiryMs: number
  /** Asked after each wait: where nothing is left to do, the lock is not needed any more. */
  readonly needless: () => Promise<boolean>
  readonly signal?: AbortSignal | undefined
}

export interface MigrationLock {
  /** To be called before each step: throws WAREHOUSE_UNAVAILABLE where the lock may have passed to another process, and for ever after. */
  assertHeld (): void
  /** Lets the next one in at once. */
  release (): Promise<void>
}

interface State {
  readonly epoch: number
  readonly holders: readonly string[]
  readonly beat: number
  readonly released: boolean
}

/**
 * Makes sure that one process at a time applies migrations. Resolves when this one may; undefined when there is nothing left to do.
 *
 * ClickHouse has no locks. The lock is a row of `landing.migration_lock` under a number, its epoch, that only grows. Every row that
 * claims an epoch is inserted with the same deduplication token, so that of several the first is kept and the others add nothing;
 * who finds its own name there has the lock. The holder adds a row, its beat, every few seconds, and one at the end. An epoch
 * that is released, or whose rows do not change for `expiryMs` of the waiting process's monotonic clock, is over: the next is claimed,
 * again by one of all who try.
 *
 * Nothing is ever taken back or deleted, so what a process claims or releases after a sleep is an epoch that is no longer the highest.
 * A waiting one that slept between a question and its answer does not take its own silence for the holder's: it compares when it
 * asked with when it was last answered. A holder that slept may find another in its place: its lock has lapsed, for ever, before
 * the others may count it as dead. Only a statement that is on its way already can overlap with the next holder's.
 *
 * A token that is known with no row beside it (the server was killed in between) is an epoch that nobody has: it expires as well.
 *
 * Rejects with WAREHOUSE_UNAVAILABLE, or SHUTTING_DOWN on `signal`.
 */
export async function acquireMigrationLock (options: LockOptions): Promise<MigrationLock | undefined> {
  const { client, cluster, logger, expiryMs, needless, signal } = options
  const holder = `${hostname()} ${process.pid} ${randomUUID()}`
  const read = async (): Promise<State> => await readState(client, cluster)

  let seen: { readonly state: State, readonly since: number } | undefined
  let claimed: { readonly epoch: number, readonly at: number } | undefined
  let waiting = false
  for (;;) {
    if (signal?.aborted === true) throw new AppError(runtimeErrors.SHUTTING_DOWN, 'the wait for another process that applies migrations was given up')
    const asked = performance.now()
    const state = await read()
    if (seen === undefined || seen.state.epoch !== state.epoch || seen.state.beat !== state.beat) seen = { state, since: performance.now() }
    const over = state.released || asked - seen.since > expiryMs
    // What was claimed by somebody but has no row yet: it is on its way, or lost.
    const pending = claimed !== undefined && claimed.epoch > state.epoch && asked - claimed.at <= expiryMs
    if (over && !pending) {
      if (waiting && await needless()) return undefined
      const epoch = Math.max(state.epoch, claimed?.epoch ?? 0) + 1
      const started = stopwatch()
      await write(client, { epoch, holder, beat: 0, released: false }, `migration-lock-${epoch}`)
      claimed = { epoch, at: performance.now() }
      const now = await read()
      if (now.epoch === epoch && now.holders.length === 1 && now.holders[0] === holder) {
        if (!state.released) logger.warn({ was: state.holders[0] }, 'whoever applied migrations has died; taking over')
        return hold(options, { epoch, holder, started })
      }
    }
    if (!waiting) logger.info({ holder: state.holders[0] }, 'another process applies migrations; waiting for it')
    waiting = true
    await pause(100 + Math.random() * 200, signal)
    if (await needless()) return undefined
  }
}

function hold ({ client, cluster, logger, expiryMs }: LockOptions, { epoch, holder, started }: { readonly epoch: number, readonly holder: string, readonly started: Stopwatch }): MigrationLock {
  let sinceRenewal = started
  let beat = 0
  let beating: Promise<unknown> = Promise.resolve()
  let lost = false
  // Half of the time after which others count it as dead: the other half is for the step that follows. A beat that succeeds
  // later mends nothing, as another one may hold the next epoch by then.
  const isLost = (): boolean => {
    lost ||= sinceRenewal() > expiryMs / 2
    if (lost) clearInterval(timer)
    return lost
  }
  const renew = async (): Promise<void> => {
    const asked = stopwatch()
    await write(client, { epoch, holder, beat: ++beat, released: false })
    const { epoch: highest } = await readState(client, cluster)
    if (highest > epoch) lost = true
    if (!isLost() && asked() < sinceRenewal()) sinceRenewal = asked
  }
  const timer = setInterval(() => {
    if (isLost()) return
    beating = Promise.all([beating, renew().catch((err: unknown) => { logger.warn({ err }, 'the lock of the migrations could not be renewed; trying again') })])
  }, expiryMs / 6)
  return {
    assertHeld () {
      if (isLost()) throw new AppError(warehouseErrors.WAREHOUSE_UNAVAILABLE, 'the lock of the migrations could not be renewed in time, or another process has it')
    },
    async release () {
      clearInterval(timer)
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
