import { decimal, keyword, optional, required, text } from './define/field.ts'
import type { Table } from './define/record.ts'
import { precedence } from './event-columns.ts'

/** Columns computed from the identifiers of a Nector payload: the person. */
export const personColumns = {
  shop_customer_id: optional('text', 'The shop\'s id of the customer, without the prefix of its platform'),
  email_hash: optional('text', 'SHA-256 of the trimmed e-mail in lower case, as hex; equals Nector\'s eid'),
  mobile_hash: optional('text', 'SHA-256 of the digits of the mobile number with its country code, as hex; Nector\'s mid where it sends one'),
  identifiers: required('texts', 'All that the customer is known by in this event, best first: customer:, email:, mobile:, nector: and an id or hash')
}

/** Columns computed from a Nector payload: the record it reports, and the person. */
export const nectorColumns = {
  record_key: required('text', 'Business key of the record: all events of one record share it'),
  created_day: optional('date', 'Day of created_at in the time zone of the business'),
  ...personColumns
}

/** Sent on every webhook: the business, and the customer where the event has one. */
export const userFields = {
  business_name: keyword('Name of the business'),
  business_uri: keyword('Address of the shop'),
  nector_business_uri: keyword('Address of the shop\'s loyalty pages'),
  business_coin_name: keyword('What the business calls its coins'),
  business_currency_code: keyword('Currency of the business'),
  business_currency_symbol: keyword('Symbol of that currency'),
  user_customer_id: text('Customer\'s id in the shop, with the prefix of its platform'),
  user_name: text('Customer\'s name', { personal: true }),
  user_email: text('Customer\'s e-mail', { personal: true }),
  user_mobile: text('Customer\'s mobile number', { personal: true }),
  user_tier: keyword('Customer\'s tier in the programme'),
  user_type: keyword('Type of customer'),
  user_referral_code: text('Customer\'s own referral code'),
  user_referred_by_referral_code: text('Code of who referred the customer'),
  user_referral_link: text('Customer\'s referral link'),
  user_new_referral_link: text('Customer\'s referral link, new form'),
  user_available_balance: decimal('Coins that the customer can spend'),
  user_balance: decimal('Coins of the customer'),
  user_dob: text('Customer\'s birthday, without the year', { personal: true }),
  user_full_dob: text('Customer\'s birthday', { personal: true }),
  user_country: keyword('Customer\'s country'),
  user_transaction_amount: decimal('What the customer has spent in all')
}

/**
 * One row an event of a record; the events of a record lie together.
 *
 * `recency` orders the reports of a record. An update whose time has no fraction counts as of the end of its second: shops send the
 * creation with milliseconds and the update that follows it without.
 */
export function nectorTable ({ reportedAt = 'occurred_at' } = {}): Table {
  const at = `toUnixTimestamp64Milli(${reportedAt})`
  return {
    orderBy: ['business', 'record_key', 'event_id'],
    version: 'precedence',
    materialized: {
      ...precedence,
      recency: {
        type: 'UInt256',
        expression: `bitOr(bitOr(bitShiftLeft(toUInt256(${at} + if(endsWith(topic, '_update') AND ${at} % 1000 = 0, 999, 0)), 192), bitShiftLeft(toUInt256(toUnixTimestamp64Milli(received_at)), 128)), toUInt256(reinterpretAsUInt128(event_id)))`,
        meaning: `Greatest for the latest report of a record: ${reportedAt} (an update in whole seconds: the end of its second), received_at and event_id in one number, as tuples are slow to compare`
      }
    }
  }
}
