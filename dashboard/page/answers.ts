/** What the server answers the page, as JSON. Types only: both sides read them. */

export interface Business {
  readonly id: string
  readonly currency: string
  readonly timezone: string
  readonly funnels: readonly string[]
  /** Paths on the webhook port that its vendors send to. */
  readonly webhooks: readonly string[]
}

export interface Query {
  readonly name: string
  readonly title: string
  readonly tab: string
  readonly chart: 'number' | 'line' | 'bar' | 'funnel' | 'table'
  readonly x: string | null
  readonly y: readonly string[]
  /** One for each of `y`. */
  readonly units: readonly string[]
  readonly note: string | null
  readonly hiddenWhenEmpty: boolean
  readonly parameters: readonly string[]
  /** What of analytics.freshness its answer depends on. */
  readonly figures: readonly string[]
}

/** GET /api/configuration */
export interface Configuration {
  readonly businesses: readonly Business[]
  readonly queries: readonly Query[]
}

export type Value = string | number | boolean | null

/** GET /api/queries/:name */
export interface Answer {
  readonly columns: ReadonlyArray<{ readonly name: string, readonly type: string }>
  readonly rows: ReadonlyArray<readonly Value[]>
}

/** Any answer that is not 2xx. */
export interface Failure {
  readonly error: { readonly code: string, readonly message: string }
}
