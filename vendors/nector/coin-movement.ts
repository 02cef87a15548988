import type { SentRow } from '../../schemas/define/field.ts'
import type { CoinMovement, coinTransactions } from '../../schemas/coin-transactions.ts'

/** The transaction types of a business that give back what another transaction moved, and those that move coins between accounts. In lower case. */
export interface TransactionTypes {
  readonly reversal: readonly string[]
  readonly transfer: readonly string[]
}

/**
 * What a transaction is for the figures. A credit of a redemption's type, and a credit of a reversal type, give a redemption back; a debit
 * of a reward's type, and a debit of a reversal type, take a reward back. A transfer is neither issued nor redeemed.
 */
export function coinMovement ({ operation, type }: Pick<SentRow<typeof coinTransactions.fields>, 'operation' | 'type'>, { reversal, transfer }: TransactionTypes): CoinMovement {
  const kind = type?.trim().toLowerCase() ?? ''
  if (transfer.includes(kind)) return 'transfer'
  if (operation === 'cr') return kind === 'redeem' || reversal.includes(kind) ? 'redemption_reversal' : 'issue'
  if (kind === 'redeem') return 'redemption'
  return kind === 'reward' || reversal.includes(kind) ? 'issue_reversal' : 'other_debit'
}
