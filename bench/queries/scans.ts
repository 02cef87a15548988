/**
 * What a figure is made of: the columns of landing that a query without any preparation would have to read, every row of them. The bare scan that a
 * query is measured against adds them up or counts them, with no regard to repetitions.
 */
const coins = 'SELECT count(), sum(amount), max(closing_balance), max(day), uniq(lead_id), countIf(operation = \'cr\'), countIf(type = \'redeem\') FROM landing.coin_transactions'
const referrals = 'SELECT count(), max(created_at), max(created_day), countIf(status = \'completed\'), uniq(referred_by_lead_id), sum(wallettransaction_amount), sum(coupon_fiat_value) FROM landing.referrals'
const orders = 'SELECT count(), sum(fiat_amount), max(day), countIf(status = \'cancelled\'), uniq(lead_id) FROM landing.orders'
const activities = 'SELECT count(), max(occurred_at), max(day), uniq(activity_id), uniq(identity) FROM landing.activities'

const scans: ReadonlyArray<readonly [view: string, scan: string]> = [
  ['analytics.coin_', coins], ['analytics.referr', referrals], ['analytics.order', orders], ['analytics.funnel', activities]
]

/** The bare scan beside a query: of all that its views are made of. Undefined where they are made of nothing that grows. */
export function bareScans (sql: string): readonly string[] {
  return scans.filter(([view]) => sql.includes(view)).map(([, scan]) => scan)
}
