import type { NetcoreSourceConfig } from '../../config/businesses.ts'
import type { Payload, SimulatedWebhook } from '../webhook.ts'

/** Wraps batches as Netcore does: a form whose `data` is the JSON of activities by panel, the token in the URL. */
export function netcoreWrapper (source: NetcoreSourceConfig) {
  const [token] = source.tokens
  const path = `/webhooks/netcore/${source.id}${token === undefined ? '' : `?token=${encodeURIComponent(token)}`}`
  const headers = { accept: '*/*', 'content-type': 'application/x-www-form-urlencoded' }

  return (panels: ReadonlyMap<string, readonly Payload[]>, sendAt: number): SimulatedWebhook => {
    let events = 0
    for (const activities of panels.values()) events += activities.length
    return {
      vendor: 'netcore',
      source: source.id,
      path,
      headers,
      body: `data=${encodeURIComponent(JSON.stringify(Object.fromEntries(panels))).replaceAll('%20', '+')}`,
      sendAt,
      events,
      repeat: false,
      topic: null,
      deliveryId: null
    }
  }
}
