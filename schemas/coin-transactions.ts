import { amount, decimal, keyword, text, timestamp } from './define/field.ts'
import { defineRecord } from './define/record.ts'
import { eventColumns, extraColumn } from './event-columns.ts'
import { nectorColumns, nectorTable, userFields } from './nector-columns.ts'

export const coinTransactions = defineRecord({
  name: 'coin_transactions',
  meaning: 'Coin transactions (walletreward_create, wallettrasaction_update) and nudges about unused coins (unusedwalletcoinrequest_create)',
  table: nectorTable,
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
    consolidated_cr: decimal('Credits in it'),
    consolidated_dr: decimal('Debits in it'),
    hash: text('Nector\'s hash of the transaction'),
    meta_lead_name: text('Customer\'s name', { path: 'meta.lead_name', personal: true }),
    operation: keyword('cr (coins came) or dr (coins went)'),
    type: keyword('reward, redeem, adjust or whatever else Nector sends'),
    status: keyword('success, or whatever else Nector sends'),
    created_at: timestamp('When the coins moved'),
    updated_at: timestamp('When it last changed'),
    ...extraColumn
  }
})
