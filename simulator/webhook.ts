import type { Vendor } from '../schemas/vendors.ts'

/** A webhook as the vendor would send it. */
export interface SimulatedWebhook {
  readonly vendor: Vendor
  readonly source: string
  /** With the token, where the vendor puts one in the URL. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Simulated epoch milliseconds. */
  readonly sendAt: number
  /** Events in the body: 1, or the activities of a batch. */
  readonly events: number
  /** The vendor sends something again that it has sent before, under the same or a new delivery id. */
  readonly repeat: boolean
  /** Null for Netcore, which has none. */
  readonly topic: string | null
  readonly deliveryId: string | null
}

export type Payload = Readonly<Record<string, unknown>>
