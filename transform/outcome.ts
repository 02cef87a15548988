import type { DeadLetter } from '../schemas/dead-letters.ts'
import type { Receipt } from '../schemas/receipts.ts'
import type { TypedRecord } from '../vendors/event-outcome.ts'

/** What a raw record becomes, an event at a time: the records or the dead letter of each. */
export type EventMessages =
  | { readonly kind: 'records', readonly records: readonly TypedRecord[] }
  | { readonly kind: 'dead-letter', readonly letter: DeadLetter }

/** What one raw record became. */
export interface Outcome {
  readonly records: readonly TypedRecord[]
  readonly deadLetters: readonly DeadLetter[]
  readonly receipt: Receipt
}
