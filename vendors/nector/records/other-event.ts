import { keep, type TextMap } from '../../extra.ts'
import type { NectorReading } from './nector-record.ts'

/**
 * Any other topic: a dashboard trigger can fire one with free fields, so nothing is required and all is kept by path.
 */
export function readOtherEvent (payload: Readonly<Record<string, unknown>>, sentAt: number | null): NectorReading {
  const extra: TextMap = {}
  for (const [key, value] of Object.entries(payload)) keep(extra, key, value)
  return { key: null, occurredAt: sentAt, createdAt: null, values: {}, extra }
}
