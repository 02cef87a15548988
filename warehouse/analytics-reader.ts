export interface AnalyticsColumn {
  readonly name: string
  /** As ClickHouse calls it, such as `Nullable(Float64)`. */
  readonly type: string
}

export type AnalyticsValue = string | number | boolean | null

export interface AnalyticsAnswer {
  readonly columns: readonly AnalyticsColumn[]
  /** A value a column. */
  readonly rows: ReadonlyArray<readonly AnalyticsValue[]>
}

/** Port: asks the views of `analytics` as the read-only user. May be called at any time, many times at once. */
export interface AnalyticsReader {
  /**
   * Parameters are bound by name, never put into the text. An aborted signal ends the query in the server as well. Rejects with
   * WAREHOUSE_UNAVAILABLE (away for now), VIEWS_MISSING (nothing has migrated yet), READER_REFUSED (a person must mend the login),
   * QUERY_LIMIT_EXCEEDED (ask for less) or QUERY_FAILED; the message says what to do.
   */
  query (sql: string, parameters: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<AnalyticsAnswer>
  close (): Promise<void>
}
