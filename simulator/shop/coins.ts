import { day } from '../durations.ts'
import { formatTime, isoTime } from './formatted-time.ts'
import type { Person } from './person.ts'
import type { Payload } from '../webhook.ts'
import type { World } from './world.ts'

export interface Movement {
  readonly type: 'reward' | 'redeem' | 'adjust'
  readonly amount: number
  readonly title: string
}

/** What is reported of a movement. */
export type Transaction = Payload & { readonly hash: string, readonly closing_balance: number }

/** Coins for a member, and what becomes of them when nobody spends them: a correction of the text, a nudge, a notice, the expiry. */
export function creditCoins (world: World, person: Person, movement: Movement): Transaction | undefined {
  const { random } = world
  const transaction = move(world, person, 'cr', movement)
  if (transaction === undefined) return undefined
  person.wallet.lastCredit = transaction
  const movedAt = person.wallet.lastMovementAt
  const untouched = (): boolean => person.wallet.lastMovementAt === movedAt && person.wallet.balance > 0

  if (random.chance(0.04)) {
    world.later(random.between(0.1, 1) * day, () => {
      // The vendor's own spelling.
      world.nector('wallettrasaction_update', person, { ...transaction, description: 'Corrected by support', updated_at: isoTime(world.now()) })
    })
  }
  if (random.chance(0.25)) {
    world.later(random.between(3, 8) * day, () => {
      if (untouched()) world.nector('unusedwalletcoinrequest_create', person, transaction)
    })
  }
  if (random.chance(0.3)) {
    world.later(random.between(6, 10) * day, () => {
      if (untouched()) announceExpiry(world, person, untouched)
    })
  }
  return transaction
}

/** Takes coins from a member, never more than there are. */
export function debitCoins (world: World, person: Person, movement: Movement): Transaction | undefined {
  return move(world, person, 'dr', { ...movement, amount: Math.min(movement.amount, person.wallet.balance) })
}

function move (world: World, person: Person, operation: 'cr' | 'dr', { type, amount, title }: Movement): Transaction | undefined {
  if (amount <= 0) return undefined
  const { wallet } = person
  wallet.balance += operation === 'cr' ? amount : -amount
  if (operation === 'cr') wallet.credited += amount
  else wallet.debited += amount
  // No two movements of a wallet share a moment, so that one of them is the last.
  wallet.lastMovementAt = Math.max(world.now(), wallet.lastMovementAt + 1)
  const at = isoTime(wallet.lastMovementAt)
  const transaction = {
    entity_id: world.entityId,
    lead_id: person.leadId,
    activity_id: '',
    title,
    description: '',
    amount,
    closing_balance: wallet.balance,
    consolidated_cr: wallet.credited,
    consolidated_dr: wallet.debited,
    hash: world.random.hex(40),
    meta: { lead_name: person.name },
    operation,
    type,
    status: 'success',
    updated_at: at,
    created_at: at
  }
  world.nector('walletreward_create', person, transaction)
  return transaction
}

function announceExpiry (world: World, person: Person, untouched: () => boolean): void {
  const { random } = world
  const expiresAt = world.now() + Math.round(random.between(2, 7) * day)
  world.nector('coinexpirynotify_create', person, {
    entity_id: world.entityId,
    lead_id: person.leadId,
    wallet_expiry_unit: 'day',
    wallet_expiry_amount: person.wallet.balance,
    wallet_expiry_notify_generated_on: isoTime(world.now()),
    wallet_expiry_estimated_on: isoTime(expiresAt),
    wallet_expiry_formatted_estimated_on: formatTime(expiresAt)
  })
  world.later(expiresAt - world.now(), () => {
    if (!untouched()) return
    // Nothing tells of the expiry itself. It shows in what the next movement says of the balance.
    person.wallet.debited += person.wallet.balance
    person.wallet.balance = 0
    if (random.chance(0.6)) {
      world.later(random.between(0.1, 4) * day, () => { creditCoins(world, person, { type: 'reward', amount: 25, title: 'We miss you' }) })
    }
  })
}
