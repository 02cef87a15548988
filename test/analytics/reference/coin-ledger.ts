import { deterministicId, canonicalText } from '../../../vendors/event-id.ts'
import type { Facts } from './facts.ts'
import { happenedAt } from './nector-events.ts'
import { createdAt, recordsOf, type NectorRecord } from './records.ts'
import { decimalOf, decimalText, least, one, textOf, timeOf, timeText, type Payload, type Row } from './values.ts'

export interface Movement {
  readonly business: string
  readonly key: string
  readonly customer: string | null
  readonly lead: string | null
  readonly at: number
  /** When it changed the balance. */
  readonly effectiveAt: number
  readonly operation: string | null
  readonly type: string | null
  /** What it adds to the coins issued and to those redeemed. */
  readonly movement: string
  readonly issued: bigint
  readonly redeemed: bigint
  readonly status: string | null
  readonly amount: bigint
  readonly signed: bigint
  readonly closing: bigint | null
  /** What ever went and came, up to it. */
  readonly consolidated: readonly [bigint, bigint]
  readonly title: string | null
}

const topics = ['walletreward_create', 'wallettrasaction_update', 'wallettransaction_update']

export function movementsOf ({ events, customerOf }: Facts): Movement[] {
  return recordsOf(events, topics, keyOf).map((record) => {
    const { business, key, latest } = record
    const p = latest.payload
    const amount = decimalOf(p['amount']) ?? 0n
    const operation = textOf(p['operation'])
    const type = textOf(p['type'])
    const movement = movementOf(operation, type)
    return {
      business, key, operation, amount, customer: customerOf(latest), lead: textOf(p['lead_id']), at: createdAt(record), effectiveAt: effectiveAt(record), type, movement,
      issued: movement === 'issue' ? amount : movement === 'issue_reversal' ? -amount : 0n,
      redeemed: movement === 'redemption' ? amount : movement === 'redemption_reversal' ? -amount : 0n,
      consolidated: [decimalOf(p['consolidated_dr']) ?? -one, decimalOf(p['consolidated_cr']) ?? -one],
      status: textOf(p['status']), signed: operation === 'cr' ? amount : -amount, closing: decimalOf(p['closing_balance']), title: textOf(p['title'])
    }
  })
}

/** Nector's hash, else what no update of the transaction changes. */
function keyOf (p: Payload): string | null {
  if (textOf(p['hash']) !== null || textOf(p['created_at']) === null) return textOf(p['hash'])
  const amount = BigInt.asUintN(64, decimalOf(p['amount']) ?? 0n).toString(16).padStart(16, '0')
  return deterministicId(canonicalText([textOf(p['lead_id']), textOf(p['activity_id']), textOf(p['operation']), textOf(p['type']), textOf(p['title']), amount, timeOf(p['created_at'])]))
}

/** Only what succeeded counts; what has no status is taken to have. */
export function isSuccessful ({ status }: Pick<Movement, 'status'>): boolean {
  return status === null || status === 'success'
}

const transfers = ['transfer', 'merge']
const reversals = ['refund', 'reversal', 'cancelled']

function movementOf (operation: string | null, type: string | null): string {
  const kind = (type ?? '').toLowerCase()
  if (transfers.includes(kind)) return 'transfer'
  const givesBack = reversals.includes(kind)
  if (operation === 'cr') return givesBack || kind === 'redeem' ? 'redemption_reversal' : 'issue'
  if (kind === 'redeem') return 'redemption'
  return givesBack || kind === 'reward' ? 'issue_reversal' : 'other_debit'
}

/** Its creation; but where a report says that it had not succeeded yet, or tells another balance, the first report that says what the last one does. */
function effectiveAt (record: NectorRecord): number {
  const closing = decimalOf(record.latest.payload['closing_balance'])
  const states = record.events.map((event) => ({ event, isDone: isSuccessful({ status: textOf(event.payload['status']) }), told: decimalOf(event.payload['closing_balance']) }))
  const hasChanged = states.some(({ isDone, told }) => !isDone || (closing !== null && told !== null && told !== closing))
  const same = states.filter(({ isDone, told }) => isDone && closing !== null && told === closing)
  return hasChanged ? least(same.map(({ event }) => happenedAt(event))) ?? 0 : createdAt(record)
}

export function coinLedger (facts: Facts): Row[] {
  return movementsOf(facts).map((m) => ({
    business: m.business,
    transaction_key: m.key,
    customer_key: m.customer,
    lead_id: m.lead,
    occurred_at: timeText(m.at),
    day: facts.dayIn(m.business, m.at),
    operation: m.operation,
    type: m.type,
    movement: m.movement,
    status: m.status,
    amount: decimalText(m.amount),
    signed_amount: decimalText(m.signed),
    closing_balance: decimalText(m.closing),
    title: m.title
  }))
}
