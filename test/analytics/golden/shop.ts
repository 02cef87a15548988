import { sourceConfigSchema, type BusinessConfig } from '../../../config/businesses.ts'
import type { RawWebhook } from '../../../schemas/raw-webhooks.ts'
import { activity, batch, indian, made, nector } from './shop-webhooks.ts'

/**
 * A small shop written down by hand. README.md beside this file tells its story a member at a time and says what every view must answer.
 * Times are `day of January 2024` and the clock in India; a webhook comes at the time that it begins with.
 */
export const goldenBusinesses: readonly BusinessConfig[] = sourceConfigSchema.parse({
  businesses: [{
    id: 'chai',
    currency: 'INR',
    coinValue: '0.10',
    timezone: 'Asia/Kolkata',
    nector: [{ id: 'chai-nector', insecure: true }],
    netcore: [{ id: 'chai-netcore', insecure: true, timezone: 'Asia/Kolkata', identity: 'email', activities: { 103: 'product_search', 2: 'add_to_cart', 3: 'checkout', 110: 'purchase' } }],
    funnels: [{ name: 'purchase', windowHours: 24, steps: ['product_search', 'add_to_cart', 'checkout', 'purchase'] }]
  }]
}).businesses

/** When the views are asked what came in the last 24 hours. */
export const goldenAskedAt = Date.parse(indian('20 20:00'))

const asha = { lead_id: 'asha', user_customer_id: 'shopify-101' }
const ravi = { lead_id: 'ravi', user_customer_id: 'shopify-102' }
const meera = { lead_id: 'meera', user_customer_id: 'shopify-103' }
const kiran = { lead_id: 'kiran', user_customer_id: 'shopify-104' }
const dev = { lead_id: 'dev', user_customer_id: 'shopify-105', user_email: 'dev@example.com' }
const uma = { lead_id: 'uma', user_customer_id: 'woocommerce-106' }
const isha = { lead_id: 'isha', user_customer_id: '' }

const reward = { operation: 'cr', type: 'reward', status: 'success' }
const redeem = { operation: 'dr', type: 'redeem', status: 'success' }
const shopify = { reference_order_source: 'shopify', currency_code: 'inr' }
const coupon = (id: string): object => ({ reference_coupon_source: 'shopify', reference_coupon_id: id })
const review = { reference_product_source: 'shopify', reference_product_id: '11', type: 'review', rating: 5 }
const lateRedemption = { ...ravi, ...redeem, hash: 'r2', amount: 25.5, closing_balance: '174.5', ...made('11 15:00') }

export const goldenWebhooks: readonly RawWebhook[] = [
  // members
  nector('01 10:00', 'lead_create', { customer_id: 'shopify-101', email: 'Asha@Example.com', tier: 'silver', type: 'member', referral_code: 'ASHA', ...made('01 10:00') }),
  nector('12 10:00', 'lead_update', { customer_id: 'shopify-101', email: 'Asha@Example.com', tier: 'gold', type: 'member', referral_code: 'ASHA', ...made('01 10:00', '12 10:00') }),
  nector('02 10:00', 'lead_create', { customer_id: 'shopify-102', email: 'ravi@example.com', tier: '', type: 'member', referral_code: 'RAVI', ...made('02 10:00') }),
  nector('03 10:00', 'lead_create', { customer_id: '103', email: 'meera@example.com', mobile: '+91 98765 43210', type: 'member', referral_code: 'MEERA', ...made('03 10:00') }),
  nector('09 17:00', 'lead_create', { customer_id: 'shopify-104', email: 'kiran@example.com', type: 'member', referral_code: 'KIRAN', referred_by_referral_code: 'MEERA', ...made('09 17:00') }),
  // two with the number that shops write where there is none, and an id of another platform
  nector('16 12:00', 'lead_create', { customer_id: 'woocommerce-106', email: 'uma@example.com', mobile: '0000000000', tier: 'silver', type: 'member', ...made('16 12:00') }),
  nector('16 13:00', 'lead_create', { customer_id: 'shopify-107', mobile: '0000000000', type: 'member', ...made('16 13:00') }),

  // Asha's coins: earned, spent, adjusted, reversed, pending at first, failed, and a nudge
  nector('10 10:00', 'walletreward_create', { ...asha, ...reward, hash: 'a1', amount: 100, closing_balance: 100, title: 'Sign up', ...made('10 10:00') }),
  nector('10 23:59:59', 'walletreward_create', { ...asha, ...reward, hash: 'a2', amount: '50', closing_balance: 150, title: 'Order', ...made('10 23:59:59') }),
  nector('11 00:00', 'walletreward_create', { ...asha, ...redeem, hash: 'a3', amount: 30, closing_balance: 120, title: 'Coupon', ...made('11 00:00') }),
  nector('12 09:00', 'walletreward_create', { ...asha, operation: 'cr', type: 'adjust', status: 'success', hash: 'a4', amount: 10, closing_balance: 130, title: 'Sorry', ...made('12 09:00') }),
  nector('12 12:00', 'walletreward_create', { ...asha, operation: 'dr', type: 'adjust', status: 'success', hash: 'a5', amount: 50, closing_balance: 80, title: 'Order cancelled', ...made('12 12:00') }),
  nector('13 08:00', 'walletreward_create', { ...asha, ...reward, status: 'pending', hash: 'a6', amount: 40, closing_balance: '', title: 'Review', ...made('13 08:00') }),
  nector('13 20:00', 'wallettrasaction_update', { ...asha, ...reward, hash: 'a6', amount: 40, closing_balance: 120, title: 'Review', ...made('13 08:00', '13 20:00') }),
  nector('14 09:00', 'walletreward_create', { ...asha, ...reward, status: 'failed', hash: 'a7', amount: 500, closing_balance: '', title: 'Game', ...made('14 09:00') }),
  nector('15 09:00', 'unusedwalletcoinrequest_create', { ...asha, ...reward, hash: 'a6', amount: 40, closing_balance: 120, title: 'Review', ...made('13 08:00', '13 20:00') }),

  // Ravi's: 74.5 coins go unannounced on the 12th, what he redeemed on the 11th is told nine days late and then again
  nector('10 15:00', 'walletreward_create', { ...ravi, ...reward, hash: 'r1', amount: 200, closing_balance: 200, ...made('10 15:00') }),
  nector('13 15:00', 'walletreward_create', { ...ravi, ...reward, hash: 'r3', amount: 5, closing_balance: 105, ...made('13 15:00') }),
  nector('13 16:00', 'coinexpirynotify_create', { ...ravi, wallet_expiry_amount: 100, wallet_expiry_notify_generated_on: indian('13 16:00'), wallet_expiry_estimated_on: '2024-01-31T20:00:00Z' }),
  nector('14 16:00', 'coinexpirynotify_create', { ...ravi, wallet_expiry_amount: 105, wallet_expiry_notify_generated_on: indian('14 16:00'), wallet_expiry_estimated_on: '2024-01-31T20:00:00Z' }),
  nector('20 10:00', 'walletreward_create', lateRedemption, 'late'),
  nector('20 12:00', 'walletreward_create', { ...ravi, ...reward, hash: 'r4', amount: '', ...made('20 12:00') }),
  nector('20 13:00', 'walletreward_create', lateRedemption, 'late'),

  // Meera's: one without any time of its own, two at the same moment
  nector('14 23:30', 'walletreward_create', { ...meera, operation: 'cr', type: 'reward', status: '', hash: 'm1', amount: 500, closing_balance: 500, title: 'Referral' }),
  nector('16 10:00', 'walletreward_create', { ...meera, ...reward, hash: 'm3', amount: 7, closing_balance: 407, ...made('16 10:00') }),
  nector('16 10:00', 'walletreward_create', { ...meera, ...redeem, hash: 'm2', amount: 100, closing_balance: 400, ...made('16 10:00') }),

  // Uma's: one pending until another has come, two at the same moment of which the counts tell the last, one given back, and some moved to a second account
  nector('17 09:00', 'walletreward_create', { ...uma, ...reward, status: 'pending', hash: 'u1', amount: 100, closing_balance: '', ...made('17 09:00') }),
  nector('17 10:00', 'walletreward_create', { ...uma, ...reward, hash: 'u2', amount: 50, closing_balance: 50, ...made('17 10:00') }),
  nector('17 11:00', 'wallettrasaction_update', { ...uma, ...reward, hash: 'u1', amount: 100, closing_balance: 150, ...made('17 09:00', '17 11:00') }),
  nector('18 10:00', 'walletreward_create', { ...uma, ...reward, hash: 'u4', amount: 50, closing_balance: 200, consolidated_cr: 200, consolidated_dr: 0, ...made('18 10:00') }),
  nector('18 10:00', 'walletreward_create', { ...uma, ...redeem, hash: 'u3', amount: 20, closing_balance: 180, consolidated_cr: 200, consolidated_dr: 20, ...made('18 10:00') }),
  nector('18 12:00', 'walletreward_create', { ...uma, ...redeem, operation: 'cr', hash: 'u5', amount: 20, closing_balance: 200, ...made('18 12:00') }),
  nector('18 13:00', 'walletreward_create', { ...uma, operation: 'dr', type: 'transfer', status: 'success', hash: 'u6', amount: 60, closing_balance: 140, ...made('18 13:00') }),
  nector('18 13:00', 'walletreward_create', { ...uma, lead_id: 'uma-2', operation: 'cr', type: 'transfer', status: 'success', hash: 'u7', amount: 60, closing_balance: 60, ...made('18 13:00') }),

  // coupons
  nector('10 10:05', 'coupon_create', { ...asha, ...coupon('c-1'), value: 'TENOFF', fiat_class: 'percent', fiat_value: 10, status: 'issued', expire: '2140-01-01T00:00:00Z', ...made('10 10:05') }),
  nector('10 23:50', 'coupon_update', { ...asha, ...coupon('c-1'), value: 'TENOFF', fiat_class: 'percent', fiat_value: 10, status: 'redeemed', expire: '2140-01-01T00:00:00Z', ...made('10 10:05', '10 23:50') }),
  nector('10 23:55', 'unusedcouponrequest_create', { ...asha, ...coupon('c-1'), value: 'TENOFF', fiat_class: 'percent', fiat_value: 10, status: 'issued', expire: '2140-01-01T00:00:00Z', ...made('10 10:05') }),
  nector('11 09:00', 'coupon_create', { ...kiran, ...coupon('c-2'), value: 'KIRAN200', fiat_class: 'amount', fiat_value: 200, status: 'issued', expire: indian('25 00:00'), ...made('11 09:00') }),
  nector('10 12:00', 'coupon_create', { ...isha, ...coupon('c-3'), value: 'ISHA200', fiat_class: 'amount', fiat_value: 200, status: 'issued', expire: '2140-01-01T00:00:00Z', ...made('10 12:00') }),
  nector('15 12:00', 'unusedcouponrequest_create', { ...isha, ...coupon('c-3'), value: 'ISHA200', fiat_class: 'amount', fiat_value: 200, status: 'issued', expire: '2140-01-01T00:00:00Z', ...made('10 12:00') }),

  // orders: one of before the referral, one that is cancelled, one that comes before its referral does
  nector('09 18:00', 'order_create', { ...kiran, ...shopify, reference_order_id: '1001', fiat_amount: 100, status: 'completed', ...made('09 18:00') }),
  nector('14 20:00', 'order_create', { ...kiran, ...shopify, reference_order_id: '1002', fiat_amount: 849.54, status: 'pending', ...made('14 20:00') }),
  nector('15 10:00', 'order_update', { ...kiran, ...shopify, reference_order_id: '1002', fiat_amount: 849.54, status: 'completed', ...made('14 20:00', '15 10:00') }),
  nector('12 00:10', 'order_create', { ...dev, ...shopify, reference_order_id: '1003', fiat_amount: '1000.00', status: 'completed', ...made('12 00:10') }),
  nector('10 23:50', 'order_create', { ...asha, ...shopify, reference_order_id: '1004', fiat_amount: 500, status: 'pending', ...made('10 23:50') }),
  nector('12 11:00', 'order_update', { ...asha, ...shopify, reference_order_id: '1004', fiat_amount: 500, status: 'cancelled', ...made('10 23:50', '12 11:00') }),
  nector('10 12:00', 'order_create', { ...isha, ...shopify, reference_order_id: '1005', fiat_amount: 75, status: 'cancelled', ...made('10 12:00') }),
  // one that is completed by an update in whole seconds, and one in another currency, which names the tier
  nector('17 13:00:00.750', 'order_create', { ...uma, ...shopify, reference_order_id: '1007', fiat_amount: 300, status: 'pending', ...made('17 13:00:00.750') }),
  nector('17 13:01', 'order_update', { ...uma, ...shopify, reference_order_id: '1007', fiat_amount: 300, status: 'completed', ...made('17 13:00') }),
  nector('17 15:00', 'order_create', { ...uma, ...shopify, user_tier: 'gold', reference_order_id: '1006', currency_code: 'usd', fiat_amount: 20, status: 'completed', ...made('17 15:00') }),

  // referrals: never completed; nudged and completed with coins; completed with coupons
  nector('10 12:00', 'refereenotify_create', { _id: 'ref-1', referral_mode: 'link', referred_by_lead_id: 'meera', referred_to_lead_id: 'isha', status: 'pending', version: 0, order_id: '1005', coupon_fiat_class: 'amount', coupon_fiat_value: 200, ...made('10 12:00') }),
  nector('11 09:00', 'refereenotify_create', { _id: 'ref-2', referral_mode: 'link', referred_by_lead_id: 'meera', referred_to_lead_id: 'kiran', status: 'pending', version: 0, coupon_fiat_class: 'amount', coupon_fiat_value: 200, ...made('11 09:00') }),
  nector('13 09:00', 'incompletereferralrequest_create', { _id: 'ref-2', referral_mode: 'link', referred_by_lead_id: 'meera', referred_to_lead_id: 'kiran', status: 'pending', version: 1, meta: { incompletereferralrequest_count: 1, incompletereferralrequest_sentat: indian('13 09:00') }, ...made('11 09:00', '13 09:00') }),
  nector('14 21:00', 'referrernotify_create', { _id: 'ref-2', referral_mode: 'link', referred_by_lead_id: 'meera', referred_to_lead_id: 'kiran', status: 'completed', version: 2, order_id: 'an-id-of-nectors-own', wallettransaction_amount: 500, ...made('11 09:00', '14 21:00') }),
  nector('12 00:20', 'refereenotify_create', { _id: 'ref-3', referral_mode: 'code', referred_by_lead_id: 'asha', referred_to_lead_id: 'dev', status: 'pending', version: 0, coupon_fiat_class: 'percent', coupon_fiat_value: 10, ...made('11 23:45') }),
  nector('12 00:15', 'referrernotify_create', { _id: 'ref-3', referral_mode: 'code', referred_by_lead_id: 'asha', referred_to_lead_id: 'dev', status: 'completed', version: 1, order_id: '1003', coupon_fiat_class: 'amount', coupon_fiat_value: 150, ...made('11 23:45', '12 00:15') }),
  // two who referred one friend: the order is of the one that names it
  nector('17 14:00', 'referrernotify_create', { _id: 'ref-4', referral_mode: 'link', referred_by_lead_id: 'asha', referred_to_lead_id: 'uma', status: 'completed', ...made('17 08:00', '17 14:00') }),
  nector('17 14:30', 'referrernotify_create', { _id: 'ref-5', referral_mode: 'link', referred_by_lead_id: 'meera', referred_to_lead_id: 'uma', status: 'completed', order_id: '1007', ...made('17 08:30', '17 14:30') }),

  // a review, approved an hour later
  nector('15 12:00', 'review_create', { ...kiran, ...review, title: 'Fine tea', is_approved: '', ...made('15 12:00') }),
  nector('15 13:00', 'review_update', { ...kiran, ...review, title: 'Fine tea', is_approved: true, ...made('15 12:00', '15 13:00') }),

  // Asha goes all the way
  batch('10 23:55',
    activity('10 22:55', 1, 'asha@example.com'),
    activity('10 23:00', 103, 'asha@example.com'),
    activity('10 23:10', 2, 'ASHA@example.com', { items: [{ prid_s: 11, name_s: 'Assam', prqt_i: 1, price_f: 250 }, { prid_s: '12', name_s: 'Nilgiri', prqt_i: '2', price_f: '125.50' }] }),
    activity('10 23:30', 3, 'asha@example.com'),
    activity('10 23:50', 110, 'asha@example.com')),
  // a guest does not begin with the first step; Ravi's steps are out of order
  batch('11 10:30',
    activity('10 09:00', 2, 'guest@example.com'),
    activity('11 10:20', 3, 'ravi@example.com'),
    activity('11 10:10', 110, 'ravi@example.com'),
    activity('11 10:05', 103, 'ravi@example.com'),
    activity('11 10:00', 2, 'ravi@example.com')),
  // Meera's first three within a second, written backwards, and the last a second after the window
  batch('12 12:05',
    activity('11 12:00', 3, 'meera@example.com'),
    activity('11 12:00', 2, 'meera@example.com'),
    activity('11 12:00', 103, 'meera@example.com'),
    activity('12 12:00:01', 110, 'meera@example.com')),
  // Dev's last step at the very end of the window
  batch('12 22:05',
    activity('11 22:00', 103, 'dev@example.com'),
    activity('11 23:00', 2, 'dev@example.com'),
    activity('11 23:30', 3, 'dev@example.com'),
    activity('12 22:00', 110, 'dev@example.com')),
  // a device of which nothing else is known, about midnight
  batch('13 00:05',
    activity('12 23:59:59', 103, '', undefined, 'g-9'),
    activity('13 00:00:01', 2, '', { prid: 11, price: 250, prqt: 1 }, 'g-9')),
  // Kiran repeats the first step a day later; one of the steps comes six days late
  batch('14 20:05',
    activity('13 18:00', 103, 'kiran@example.com'),
    activity('14 17:30', 103, 'kiran@example.com'),
    activity('14 18:30', 3, 'kiran@example.com'),
    activity('14 20:00', 110, 'kiran@example.com')),
  batch('20 11:00', activity('14 17:40', 2, 'kiran@example.com')),
  // one search of Uma's, sent by both journeys that she is in
  batch('17 19:05',
    { ...activity('17 19:00', 103, 'uma@example.com'), journey_name: 'welcome' },
    { ...activity('17 19:00', 103, 'uma@example.com'), journey_name: 'sale', custom_params: { colour: 'red' } })
]
