import type { Answer } from './answers.ts'
import { ask } from './ask.ts'
import { ago } from './format.ts'
import { column } from './series.ts'

export interface Freshness {
  /** Changes whenever a webhook was loaded. */
  readonly stamp: string
  readonly text: string
}

/** Asks when each source was last heard and loaded: cheaper than to ask everything whether it changed. */
export async function askFreshness (): Promise<Freshness> {
  const answer = await ask('/api/queries/health_sources')
  const received = lastTime(answer, 'last_received_at')
  return {
    stamp: JSON.stringify(column(answer, 'last_loaded_at')),
    text: received === undefined ? 'No webhook has arrived yet' : `Last webhook ${ago(Date.now() - received)}`
  }
}

/** ClickHouse writes times of UTC as `2026-06-30 12:00:00.000`. */
function lastTime (answer: Answer, name: string): number | undefined {
  const times = column(answer, name).map((value) => Date.parse(`${String(value).replace(' ', 'T')}Z`)).filter((time) => !Number.isNaN(time))
  return times.length === 0 ? undefined : Math.max(...times)
}
