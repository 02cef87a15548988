import { boolean, decimal, keyword, text, timestamp } from './define/field.ts'
import { defineRecord } from './define/record.ts'
import { eventColumns, extraColumn } from './event-columns.ts'
import { nectorColumns, nectorTable, userFields } from './nector-columns.ts'

export const leads = defineRecord({
  name: 'leads',
  meaning: 'Customers of the loyalty programme (lead_create, lead_update)',
  table: nectorTable(),
  fields: {
    ...eventColumns,
    ...nectorColumns,
    ...userFields,
    entity_id: text('Nector\'s id of the business'),
    referral_code: text('Customer\'s own referral code'),
    customer_id: text('Customer\'s id in the shop, with the prefix of its platform'),
    referred_by_referral_code: text('Code of who referred the customer'),
    name: text('Customer\'s name', { personal: true }),
    available: decimal('Coins that the customer can spend'),
    tier: keyword('Tier in the programme'),
    type: keyword('Type of customer'),
    classification: keyword('Class of customer'),
    transaction_amount: decimal('What the customer has spent in all'),
    last_transaction: text('Last transaction of the customer'),
    accept_email: boolean('Whether the customer may be written to by e-mail'),
    accept_mobile: boolean('Whether the customer may be called or written to by mobile'),
    accept_smartdiscountapply: boolean('Whether discounts are applied by themselves'),
    dob: text('Birthday, without the year', { personal: true }),
    full_dob: text('Birthday', { personal: true }),
    mid: text('Nector\'s SHA-256 of the mobile number'),
    mobile: text('Mobile number', { personal: true }),
    country: keyword('Country'),
    eid: text('Nector\'s SHA-256 of the e-mail in lower case'),
    email: text('E-mail', { personal: true }),
    email_status: keyword('Whether e-mails reach it'),
    is_freezed: boolean('Whether the customer is blocked from the programme'),
    created_at: timestamp('When the customer joined'),
    updated_at: timestamp('When the customer\'s data last changed'),
    ...extraColumn
  }
})
