/** What a statement is asked for: texts by name. */
export type FigureParameters = Readonly<Record<string, string | readonly string[]>>

/** The statements of sql/figures, by the name of their file. Rejects as `classifyClickHouseError` says. */
export interface FigureStatements {
  /** Works figures out and keeps them: resolves when they are durable. A repetition works them out again. */
  workOut (name: string, parameters: FigureParameters, signal: AbortSignal): Promise<void>
  /** The rows that `workOut` would keep, without keeping them. */
  asked (name: string, parameters: FigureParameters, signal: AbortSignal): Promise<ReadonlyArray<Readonly<Record<string, unknown>>>>
  /** The rows that are kept of the business and, of those, for the keys of the last parameter. `key` is the column that names a row. */
  kept (name: string, parameters: FigureParameters, key: string, signal: AbortSignal): Promise<ReadonlyArray<Readonly<Record<string, unknown>>>>
  /** Looks something up. */
  lookUp (name: string, parameters: FigureParameters, signal: AbortSignal): Promise<ReadonlyArray<Readonly<Record<string, string>>>>
}
