import { decimal, text } from '../../fields.ts'

/** Sent on every webhook: the business, and the customer where the event has one. */
export const userFields = {
  business_name: text,
  business_uri: text,
  nector_business_uri: text,
  business_coin_name: text,
  business_currency_code: text,
  business_currency_symbol: text,
  user_customer_id: text,
  user_name: text,
  user_email: text,
  user_mobile: text,
  user_tier: text,
  user_type: text,
  user_referral_code: text,
  user_referred_by_referral_code: text,
  user_referral_link: text,
  user_new_referral_link: text,
  user_available_balance: decimal,
  user_balance: decimal,
  user_dob: text,
  user_full_dob: text,
  user_country: text,
  user_transaction_amount: decimal
}
