import type { Fact } from './expected.ts'
import type { Random } from './random.ts'
import type { Payload } from '../webhook.ts'

export interface BatchOptions {
  readonly random: Random
  /** Sends activities by panel. */
  readonly send: (panels: ReadonlyMap<string, readonly Payload[]>, facts: readonly Fact[]) => void
  /** Runs the action once a batch is as old as it may get. */
  readonly whenOld: (action: () => void) => void
}

interface Batch {
  readonly limit: number
  readonly activities: Payload[]
  readonly facts: Fact[]
}

/** Gathers activities as Netcore does: sent when a batch is full or old, 1 to 40 at a time, now and then with those of another panel. */
export function createActivityBatches ({ random, send, whenOld }: BatchOptions) {
  const batches = new Map<string, Batch>()

  function open (panel: string): Batch {
    const batch: Batch = { limit: 1 + Math.floor(40 * random.next() ** 2), activities: [], facts: [] }
    batches.set(panel, batch)
    whenOld(() => { if (batches.get(panel) === batch) flush([panel]) })
    return batch
  }

  function flush (panels: readonly string[]): void {
    const content = new Map<string, readonly Payload[]>()
    const facts: Fact[] = []
    for (const panel of panels) {
      const batch = batches.get(panel)
      if (batch === undefined) continue
      batches.delete(panel)
      content.set(panel, batch.activities)
      facts.push(...batch.facts)
    }
    if (facts.length > 0) send(content, facts)
  }

  function fits (panels: readonly string[]): boolean {
    return panels.reduce((sum, panel) => sum + (batches.get(panel)?.facts.length ?? 0), 0) <= 40
  }

  return {
    add (panel: string, activity: Payload, fact: Fact): void {
      const batch = batches.get(panel) ?? open(panel)
      batch.activities.push(activity)
      batch.facts.push(fact)
      if (batch.activities.length < batch.limit) return
      const all = [panel, ...[...batches.keys()].filter((other) => other !== panel)]
      flush(random.chance(0.4) && fits(all) ? all : [panel])
    },
    flushAll (): void {
      for (const panel of [...batches.keys()]) flush([panel])
    }
  }
}
