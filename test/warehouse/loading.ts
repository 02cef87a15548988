import { Registry } from 'prom-client'
import { askForOutdatedFunnels } from '../../figures/outdated-funnels.ts'
import { createFiguresStage } from '../../figures/figures-stage.ts'
import { createLoadMetrics } from '../../load/load-metrics.ts'
import { createLoadStage } from '../../load/load-stage.ts'
import type { BatchHandler } from '../../log/log-consumer.ts'
import { changesTopic } from '../../schemas/topics.ts'
import { clickHouseChangeLedger } from '../../warehouse/change-ledger.ts'
import { clickHouseFigureStatements } from '../../warehouse/clickhouse-figure-statements.ts'
import { clickHouseIdentityStore } from '../../warehouse/clickhouse-identity-store.ts'
import { createMemoryWriter } from '../support/memory-log.ts'
import type { MigratedWarehouse } from './migrated-warehouse.ts'

/** The stages load and figures of a pipeline, on a log in memory. */
export interface Loading {
  /** Loads records of a topic, framed as the transform writes them. */
  load (topic: string, values: readonly Buffer[]): Promise<void>
  /** Works out what was loaded since the last time. */
  workOut (): Promise<void>
}

export function createLoading ({ sink, client, cluster }: Pick<MigratedWarehouse, 'sink' | 'client' | 'cluster'>): Loading {
  const log = createMemoryWriter()
  const statements = clickHouseFigureStatements(client, cluster?.connection.cluster)
  const ledger = clickHouseChangeLedger(client)
  const loadStage = createLoadStage({ sink, log, metrics: createLoadMetrics(new Registry()), now: Date.now })
  const figuresStage = createFiguresStage({
    warehouse: { identities: clickHouseIdentityStore(client, cluster?.connection.cluster), statements },
    ledger
  })
  const ends = new Map<string, number>()
  let seen = 0
  const deliver = async (stage: BatchHandler, topic: string, values: readonly Buffer[]): Promise<void> => {
    const first = ends.get(topic) ?? 0
    ends.set(topic, first + values.length)
    await stage({ topic, partition: 0, records: values.map((value, index) => ({ offset: first + index, timestamp: 0, value })), signal: new AbortController().signal })
  }
  return {
    load: async (topic, values) => { await deliver(loadStage, topic, values) },
    async workOut () {
      await askForOutdatedFunnels({ statements, ledger, log, now: Date.now, signal: new AbortController().signal })
      const changes = log.records.slice(seen).filter(({ topic }) => topic === changesTopic).map(({ value }) => value)
      seen = log.records.length
      if (changes.length > 0) await deliver(figuresStage, changesTopic, changes)
    }
  }
}
