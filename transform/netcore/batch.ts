import { AppError } from '../../runtime/errors.ts'
import { readNetcoreJson, unwrapNetcoreData } from '../../schemas/netcore-body.ts'
import type { RawWebhook } from '../../schemas/raw-webhook.ts'
import { isPlainObject } from '../extra.ts'
import { preview, toText } from '../fields.ts'
import type { EventOutcome, Position } from '../outcome.ts'
import { parseJson } from '../parse-json.ts'
import type { NetcoreSource } from '../source.ts'
import { activityBytes, readActivity } from './activity.ts'

/** More than the largest body can hold of believable activities; a flood of `[0,0,…` must not become millions of dead letters. */
export const maximumActivities = 100_000

/** The activities of a Netcore webhook, `{ "<panel>": [ activity, … ], … }`, in the order sent. An empty array, the vendor's probe, has none. */
export function readNetcoreBatch (raw: RawWebhook, position: Position, source: NetcoreSource): readonly EventOutcome[] {
  const rejectAll = (code: 'PAYLOAD_MALFORMED' | 'BATCH_TOO_LARGE', reason: string): readonly EventOutcome[] =>
    [{ kind: 'dead-letter', code, reason, index: -1, payload: raw.body }]

  let batch: unknown
  try {
    batch = unwrapNetcoreData(parseJson(readNetcoreJson(raw.body, raw.headers['content-type'] ?? '')))
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof AppError)) throw error
    return rejectAll('PAYLOAD_MALFORMED', `expected form-encoded data with JSON in it, got ${error.message}`)
  }
  if (Array.isArray(batch) && batch.length === 0) return []
  if (!isPlainObject(batch)) return rejectAll('PAYLOAD_MALFORMED', `expected an object of panels, got ${preview(batch)}`)

  const panels = Object.entries(batch)
  const size = panels.reduce((sum, [, activities]) => sum + (Array.isArray(activities) ? activities.length : 1), 0)
  if (size > maximumActivities) return rejectAll('BATCH_TOO_LARGE', `expected at most ${maximumActivities} activities, got ${size}`)

  const outcomes: EventOutcome[] = []
  for (const [panel, activities] of panels) {
    // A panel with one activity may come without the array around it.
    for (const activity of Array.isArray(activities) ? activities : [activities]) {
      outcomes.push(readSafely(activity, panel, outcomes.length))
    }
  }
  return outcomes

  function readSafely (activity: unknown, panel: string, index: number): EventOutcome {
    try {
      return readActivity(activity, toText(panel), index, raw, position, source)
    } catch (error) {
      // A fault of ours in one activity must not cost the others; it can be replayed once mended.
      return { kind: 'dead-letter', code: 'TRANSFORM_FAILED', reason: describe(error), index, payload: activityBytes(activity) }
    }
  }
}

export function describe (error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}
