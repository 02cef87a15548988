import { randomUUID } from 'node:crypto'
import type { LogWriter } from '../log/log-writer.ts'
import type { Change } from '../schemas/changes.ts'
import { codecs } from '../schemas/codecs.ts'
import { changesTopic } from '../schemas/topics.ts'
import type { ChangeLedger } from '../warehouse/change-ledger.ts'
import type { FigureStatements } from '../warehouse/figure-statements.ts'

export interface OutdatedOptions {
  readonly statements: FigureStatements
  readonly ledger: ChangeLedger
  readonly log: LogWriter
  readonly now: () => number
  readonly signal: AbortSignal
}

/** Lets funnels be worked out again whose configuration has changed since: every day with activities. Resolves when that is durably asked for. */
export async function askForOutdatedFunnels ({ statements, ledger, log, now, signal }: OutdatedOptions): Promise<void> {
  const daysOf = new Map<string, string[]>()
  for (const { business = '', day = '' } of await statements.lookUp('funnels_outdated', {}, signal)) {
    const days = daysOf.get(business) ?? []
    daysOf.set(business, days)
    days.push(day)
  }
  if (daysOf.size === 0) return
  const changes = [...daysOf].map(([business, keys]): Change => ({ change_id: randomUUID(), business, kind: 'activities', keys, arrived_at: now(), state: 0 }))
  await ledger.waits(changes)
  await log.append(changes.map((change) => ({ topic: changesTopic, key: change.business, timestamp: change.arrived_at, value: codecs.changes.encode(change) })))
}
