import { AppError } from '../../runtime/errors.ts'
import { parseNetcoreBody } from './body.ts'
import type { RawWebhook } from '../../schemas/raw-webhooks.ts'
import { isPlainObject } from '../json/json-text.ts'
import { letterIdOfBody, letterIdOfContent } from '../dead-letter-id.ts'
import { preview, toText } from '../fields.ts'
import { describeFault, type EventOutcome, type Position } from '../event-outcome.ts'
import type { NetcoreSource } from '../source.ts'
import { activityBytes, readActivity } from './activity.ts'
import { countItems } from './items.ts'

/**
 * Activities and items of one webhook, at most: more than the largest body can hold of plausible ones. A flood of `{},{},…` must not become
 * millions of records.
 */
const maximumActivities = 50_000

/** The activities of a Netcore webhook, `{ "<panel>": [ activity, … ], … }`, in the order sent. An empty array, the vendor's probe, has none. */
export function * readNetcoreBatch (raw: RawWebhook, position: Position, source: NetcoreSource): Generator<EventOutcome, void> {
  const rejectAll = (code: 'PAYLOAD_MALFORMED' | 'BATCH_TOO_LARGE', reason: string): EventOutcome =>
    ({ kind: 'dead-letter', letterId: letterIdOfBody(raw), code, reason, index: -1, payload: raw.body })

  let batch: ReturnType<typeof parseNetcoreBody>
  try {
    batch = parseNetcoreBody(raw.body, raw.headers['content-type'] ?? '')
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof AppError)) throw error
    yield rejectAll('PAYLOAD_MALFORMED', `expected form-encoded data with JSON in it, got ${error.message}`)
    return
  }
  if ('other' in batch) {
    if (!Array.isArray(batch.other) || batch.other.length > 0) yield rejectAll('PAYLOAD_MALFORMED', `expected an object of panels, got ${preview(batch.other)}`)
    return
  }

  // A panel with one activity may come without the array around it.
  const panels = batch.panels.map(([panel, activities]): [string, readonly unknown[]] => [panel, Array.isArray(activities) ? activities : [activities]])
  const size = panels.reduce((sum, [, activities]) => sum + sizeOf(activities), 0)
  if (size > maximumActivities) {
    yield rejectAll('BATCH_TOO_LARGE', `expected at most ${maximumActivities} activities and items, got ${size}`)
    return
  }

  let index = 0
  for (const [panel, activities] of panels) {
    for (const activity of activities) yield readSafely(activity, panel, index++)
  }

  function readSafely (activity: unknown, panel: string, index: number): EventOutcome {
    try {
      return readActivity(activity, { raw, position, source, panel: toText(panel), index })
    } catch (error) {
      // A bug of ours in one activity must not cost the others; it can be replayed after a fix.
      return { kind: 'dead-letter', letterId: letterIdOfContent(raw, toText(panel), activity, index), code: 'TRANSFORM_FAILED', reason: describeFault(error), index, payload: activityBytes(activity) }
    }
  }
}

/** Upper bound of the records of these activities. */
function sizeOf (activities: readonly unknown[]): number {
  let size = activities.length
  for (const activity of activities) if (isPlainObject(activity)) size += countItems(activity['payload_params'])
  return size
}
