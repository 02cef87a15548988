import type { BusinessConfig, NetcoreSourceConfig } from '../../../config/businesses.ts'
import type { RawWebhook } from '../../../schemas/raw-webhooks.ts'
import { canonicalText, deterministicId } from '../../../vendors/event-id.ts'
import { groupBy, objectOf, sha256, textOf, type Payload } from './values.ts'
import { instantAt } from './wall-clock.ts'

export interface Activity {
  readonly eventId: string
  readonly actionId: string
  readonly business: string
  readonly content: Payload
  readonly params: Payload
  readonly receivedAt: number
  readonly occurredAt: number
  /** Whether the activity itself tells a time. */
  readonly dated: boolean
  readonly step: string | null
  readonly guid: string | null
  /** The identity as it may be shown, and as an identifier; null where there is none. */
  readonly shown: string | null
  readonly identifier: string | null
  readonly journeys: readonly string[]
  readonly webhooks: readonly string[]
}

/** Every activity once, as it arrived first: an activity is its panel and content. */
export function netcoreActivities (webhooks: readonly RawWebhook[], businesses: readonly BusinessConfig[]): Activity[] {
  const sources = new Map(businesses.flatMap(({ netcore }) => netcore).map((source) => [source.id, source]))
  const first = new Map<string, Activity>()
  for (const raw of webhooks) {
    const source = sources.get(raw.source)
    if (source === undefined) continue
    const batch = objectOf(JSON.parse(new URLSearchParams(raw.body.toString()).get('data') ?? ''))
    for (const [panel, contents] of Object.entries(batch)) {
      for (const content of contents as readonly Payload[]) {
        const activity = read(raw, source, panel, content)
        const identity = `${raw.business} ${activity.eventId}`
        const known = first.get(identity)
        if (known === undefined || known.receivedAt > raw.received_at) first.set(identity, activity)
      }
    }
  }
  return [...groupBy([...first.values()], ({ business, actionId }) => `${business} ${actionId}`).values()].flatMap(oneAction)
}

/** What several journeys sent of one action: as it arrived first, with the names of all, and the least id. */
function oneAction (events: readonly Activity[]): Activity[] {
  const [arrived] = events.toSorted((a, b) => a.receivedAt - b.receivedAt)
  const names = (key: string): string[] => [...new Set(events.flatMap(({ content }) => textOf(content[key]) ?? []))].sort()
  return arrived === undefined ? [] : [{ ...arrived, eventId: leastId(events.map(({ eventId }) => eventId)), journeys: names('journey_name'), webhooks: names('webhook_name') }]
}

/** As ClickHouse orders them: by the second half, then by the first. */
function leastId (ids: readonly string[]): string {
  const half = 18
  return ids.toSorted((a, b) => a.slice(half) + a.slice(0, half) < b.slice(half) + b.slice(0, half) ? -1 : 1)[0] ?? ''
}

function read (raw: RawWebhook, source: NetcoreSourceConfig, panel: string, content: Payload): Activity {
  const params = objectOf(content['event_params'])
  const ts = textOf(params['ts'])
  const { shown, identifier } = readIdentity(textOf(params['identity']), source.identity)
  const { channel, event_params: event, payload_params: payload, ...journey } = content
  const action = deterministicId('netcore-action', panel, canonicalText([channel, event, payload]))
  const eventId = deterministicId('netcore', action, canonicalText(journey))
  return {
    eventId,
    actionId: ts === null ? eventId : action,
    business: raw.business,
    content,
    params,
    receivedAt: raw.received_at,
    occurredAt: ts === null ? raw.received_at : instantAt(ts.replace(/^(..)(..)(..)(..)(..)(..)$/, '20$1-$2-$3 $4:$5:$6'), source.timezone),
    dated: ts !== null,
    step: source.activities[textOf(params['activity_id']) ?? ''] ?? null,
    guid: textOf(params['guid']),
    shown,
    identifier,
    journeys: [],
    webhooks: []
  }
}

function readIdentity (identity: string | null, kind: NetcoreSourceConfig['identity']): Pick<Activity, 'shown' | 'identifier'> {
  if (identity === null) return { shown: null, identifier: null }
  if (kind === 'email' || identity.includes('@')) return named('email', sha256(identity.trim().toLowerCase()))
  if (kind === 'mobile' && !/\d/.test(identity)) return { shown: sha256(identity), identifier: `unknown:${sha256(identity)}` }
  if (kind === 'mobile') return named('mobile', sha256(identity.replace(/\D/g, '')))
  return named('customer', identity.replace(/^shopify-/, ''))
}

function named (kind: string, shown: string): Pick<Activity, 'shown' | 'identifier'> {
  return { shown, identifier: `${kind}:${shown}` }
}
