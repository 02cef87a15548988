import { deterministicId, canonicalText } from '../../../vendors/event-id.ts'
import type { Facts } from './facts.ts'
import { createdAt, recordsOf } from './records.ts'
import { decimalOf, decimalText, textOf, timeOf, timeText, type Payload, type Row } from './values.ts'

export interface Movement {
  readonly business: string
  readonly key: string
  readonly customer: string | null
  readonly lead: string | null
  readonly at: number
  readonly operation: string | null
  readonly type: string | null
  readonly status: string | null
  readonly amount: bigint
  readonly signed: bigint
  readonly closing: bigint | null
  readonly title: string | null
}

const topics = ['walletreward_create', 'wallettrasaction_update', 'wallettransaction_update']

export function movementsOf ({ events, customerOf }: Facts): Movement[] {
  return recordsOf(events, topics, keyOf).map((record) => {
    const { business, key, latest } = record
    const p = latest.payload
    const amount = decimalOf(p['amount']) ?? 0n
    const operation = textOf(p['operation'])
    return {
      business, key, operation, amount, customer: customerOf(latest), lead: textOf(p['lead_id']), at: createdAt(record), type: textOf(p['type']),
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
export function isSuccessful ({ status }: Movement): boolean {
  return status === null || status === 'success'
}

export function isRedeemed ({ operation, type }: Movement): boolean {
  return operation === 'dr' && type === 'redeem'
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
    status: m.status,
    amount: decimalText(m.amount),
    signed_amount: decimalText(m.signed),
    closing_balance: decimalText(m.closing),
    title: m.title
  }))
}
