import { canonicalText, deterministicId } from '../../event-id.ts'
import { coinMovement } from '../coin-movement.ts'
import { nectorRecord, ownId } from './nector-record.ts'

/** Sent as a reminder of unused coins: no coin moves, so nothing of the transaction is required. */
const nudge = 'unusedwalletcoinrequest_create'

export const coinTransaction = nectorRecord({
  record: 'coin_transactions',
  // wallettrasaction is how the vendor spells it; the right spelling may come one day
  topics: ['walletreward_create', 'wallettrasaction_update', 'wallettransaction_update', nudge],
  // Without a hash, the creation time and the fields that no update changes are the key; without those, the content.
  key: (transaction, payload) => ownId(payload) ?? transaction.hash ?? (transaction.created_at === null
    ? null
    : deterministicId(canonicalText([
      transaction.lead_id, transaction.activity_id, transaction.operation, transaction.type, transaction.title,
      transaction.amount?.toString('hex') ?? null, transaction.created_at
    ]))),
  occurredAt: (transaction, { topic, sentAt }) => (topic === nudge ? sentAt : null) ?? transaction.updated_at ?? transaction.created_at,
  derive: (transaction, { transactionTypes }) => ({ movement: coinMovement(transaction, transactionTypes) }),
  reject (transaction, { topic }, unreadable) {
    if (topic === nudge) return null
    if (transaction.amount === null) return unreadable.find(({ path }) => path === 'amount')?.reason ?? 'amount: expected a number, got nothing'
    // only cr and dr exist; anything else would move coins in an unknown direction
    if (transaction.operation !== 'cr' && transaction.operation !== 'dr') {
      return `operation: expected cr or dr, got ${transaction.operation === null ? 'nothing' : JSON.stringify(transaction.operation.slice(0, 60))}`
    }
    return null
  }
})
