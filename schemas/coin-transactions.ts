import { amount, choice, decimal, keyword, text, timestamp } from './define/field.ts'
import { defineRecord } from './define/record.ts'
import { eventColumns, extraColumn } from './event-columns.ts'
import { nectorColumns, nectorTable, userFields } from './nector-columns.ts'

/** What a transaction is for the figures of coins issued and redeemed. */
export const coinMovements = ['issue', 'redemption', 'issue_reversal', 'redemption_reversal', 'transfer', 'other_debit'] as const
export type CoinMovement = typeof coinMovements[number]

export const coinTransactions = defineRecord({
  name: 'coin_transactions',
  meaning: 'Coin transactions (walletreward_create, wallettrasaction_update) and nudges about unused coins (unusedwalletcoinrequest_create)',
  table: nectorTable(),
  fields: {
    ...eventColumns,
    ...nectorColumns,
    ...userFields,
    entity_id: text('Nector\'s id of the business'),
    lead_id: text('Nector\'s id of the customer'),
    activity_id: text('Nector\'s id of the activity that the coins moved for'),
    title: text('What it was for, as shown to the customer'),
    description: text('Text shown to the customer'),
    amount: amount('Coins, positive whatever the direction'),
    closing_balance: decimal('Coins of the customer after it'),
    consolidated_cr: decimal('Coins that ever came to the customer, this transaction included (inference)'),
    consolidated_dr: decimal('Coins that ever left the customer, this transaction included (inference)'),
    hash: text('Nector\'s hash of the transaction'),
    meta_lead_name: text('Customer\'s name', { path: 'meta.lead_name', personal: true }),
    operation: keyword('cr (coins came) or dr (coins went)'),
    type: keyword('reward, redeem, adjust or whatever else Nector sends'),
    status: keyword('success, or whatever else Nector sends'),
    movement: choice(coinMovements),
    created_at: timestamp('When the coins moved'),
    updated_at: timestamp('When it last changed'),
    ...extraColumn
  }
})
