import type { Facts } from './facts.ts'
import type { Activity } from './netcore-activities.ts'
import { textOf, timeText, type Row } from './values.ts'

/** The person, else the device, else nobody. */
export function actorOf ({ keyOf }: Facts, { business, identifier, guid }: Activity): string | null {
  const name = identifier ?? (guid === null ? null : `visitor:${guid}`)
  return name === null ? null : keyOf(business, name) ?? name
}

/** The columns of an activity that its items have as well. */
export function activityColumns (facts: Facts, activity: Activity): Row {
  return {
    business: activity.business,
    customer_key: actorOf(facts, activity),
    identity: activity.shown,
    occurred_at: timeText(activity.occurredAt),
    day: facts.dayIn(activity.business, activity.occurredAt),
    activity_id: textOf(activity.params['activity_id']) ?? '',
    step: activity.step,
    channel: textOf(activity.content['channel']),
    journey_name: activity.journeys[0] ?? null,
    event_id: activity.eventId
  }
}

export function activities (facts: Facts): Row[] {
  return facts.activities.map((activity) => ({
    ...activityColumns(facts, activity),
    journey_names: activity.journeys,
    webhook_name: activity.webhooks[0] ?? null,
    activity_source: textOf(activity.params['activity_source']),
    asset_name: textOf(activity.params['asset_name']),
    guid: activity.guid
  }))
}
