import type { DeadLetter } from '../schemas/dead-letters.ts'
import type { Receipt } from '../schemas/receipts.ts'
import type { TypedRecord } from '../vendors/event-outcome.ts'

/** The outcome of one event of a raw record: its records or its dead letter. */
export type EventMessages =
  | { readonly kind: 'records', readonly records: readonly TypedRecord[] }
  | { readonly kind: 'dead-letter', readonly letter: DeadLetter }

/** The outcome of one raw record. */
export interface Outcome {
  readonly records: readonly TypedRecord[]
  readonly deadLetters: readonly DeadLetter[]
  readonly receipt: Receipt
}
