/** What a statement is asked for: texts by name. */
export type FigureParameters = Readonly<Record<string, string | readonly string[]>>

/** The statements of sql/figures, by the name of their file. Rejects as `classifyClickHouseError` says. */
export interface FigureStatements {
  /** Works figures out and keeps them: resolves when they are durable. A repetition works them out again. */
  workOut (name: string, parameters: FigureParameters, signal: AbortSignal): Promise<void>
  /** Looks something up. */
  lookUp (name: string, parameters: FigureParameters, signal: AbortSignal): Promise<ReadonlyArray<Readonly<Record<string, string>>>>
}
