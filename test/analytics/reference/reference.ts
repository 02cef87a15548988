import { activities } from './activities.ts'
import { activityItems } from './activity-items.ts'
import { coinBalances } from './coin-balances.ts'
import { coinDaily } from './coin-daily.ts'
import { coinExpiries, coinExpiryDaily } from './coin-expiries.ts'
import { coinLedger } from './coin-ledger.ts'
import { coinLiability } from './coin-liability.ts'
import { coupons } from './coupons.ts'
import { customers } from './customers.ts'
import type { Facts } from './facts.ts'
import { funnelDaily } from './funnel.ts'
import { loyaltyJourney } from './loyalty-journey.ts'
import { orderDaily, orders } from './orders.ts'
import { referralConversion } from './referral-conversion.ts'
import { referrals } from './referrals.ts'
import { referrers } from './referrers.ts'
import { reviews } from './reviews.ts'
import type { Row } from './values.ts'

/** How a view is to be computed, and the columns that name a row of it. */
export interface ReferenceView {
  readonly key: readonly string[]
  readonly rows: (facts: Facts, now: number) => Row[]
}

/** Every view but the parameterised funnel and pipeline_health, which ask for more than the shop. */
export const reference: Readonly<Record<string, ReferenceView>> = {
  customers: { key: ['business', 'customer_key'], rows: customers },
  coin_ledger: { key: ['business', 'transaction_key'], rows: coinLedger },
  coin_daily: { key: ['business', 'day'], rows: coinDaily },
  coin_balances: { key: ['business', 'lead_id'], rows: coinBalances },
  coin_liability: { key: ['business'], rows: coinLiability },
  coin_expiries: { key: ['business', 'lead_id', 'expires_on', 'coins', 'notified_at'], rows: coinExpiries },
  coin_expiry_daily: { key: ['business', 'day'], rows: coinExpiryDaily },
  coupons: { key: ['business', 'coupon_key'], rows: coupons },
  orders: { key: ['business', 'order_key'], rows: orders },
  order_daily: { key: ['business', 'day', 'currency'], rows: orderDaily },
  reviews: { key: ['business', 'review_key'], rows: reviews },
  referrals: { key: ['business', 'referral_id'], rows: referrals },
  referral_conversion: { key: ['business', 'cohort_day', 'referral_mode'], rows: referralConversion },
  referrers: { key: ['business', 'lead_id'], rows: referrers },
  activities: { key: ['business', 'event_id'], rows: activities },
  activity_items: { key: ['business', 'event_id', 'item_index'], rows: activityItems },
  funnel_daily: { key: ['business', 'funnel', 'day', 'step_number'], rows: funnelDaily },
  loyalty_journey: { key: ['business', 'customer_key'], rows: loyaltyJourney }
}
