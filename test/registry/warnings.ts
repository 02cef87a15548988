import { pino, type Logger } from 'pino'

/** A logger whose lines the test reads. */
export function collectLines (): { readonly logger: Logger, readonly lines: ReadonlyArray<Readonly<Record<string, unknown>>> } {
  const lines: Array<Record<string, unknown>> = []
  const logger = pino({ level: 'warn' }, { write (line: string) { lines.push(JSON.parse(line) as Record<string, unknown>) } })
  return { logger, lines }
}
