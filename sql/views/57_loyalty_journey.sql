-- The whole of a customer in one row. Orders that were cancelled or refunded bring no revenue.
CREATE OR REPLACE VIEW analytics.loyalty_journey
(
    business       LowCardinality(String)                                       COMMENT 'Business of CONFIG_FILE',
    customer_key   Nullable(String)                                             COMMENT 'The person, the same in every view and for both vendors',
    activities     UInt64                                                       COMMENT 'Behavioural events',
    orders         UInt64                                                       COMMENT 'Orders, whatever became of them',
    revenue        Decimal(38, 10)                                              COMMENT 'Amounts of the orders in the currency of the business that were not cancelled or refunded',
    other_revenue  Map(String, Decimal(38, 10))                                 COMMENT 'Amounts of such orders in other currencies, by currency',
    currency       String                                                       COMMENT 'Currency of the business, ISO 4217',
    coins_earned   Decimal(38, 10)                                              COMMENT 'Coins given, less rewards taken back',
    coins_redeemed Decimal(38, 10)                                              COMMENT 'Coins redeemed, less redemptions given back',
    referrals_made UInt64                                                       COMMENT 'Referrals created as the referrer',
    first_seen_at  Nullable(DateTime64(3, 'UTC'))                               COMMENT 'First activity, order, coin movement or referral, or joining, UTC; null where none carries a time',
    last_seen_at   Nullable(DateTime64(3, 'UTC')) COMMENT 'Last event of the customer, UTC; null where no event carries a time'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    p.business AS business,
    p.customer_key AS customer_key,
    sum(p.activities) AS activities,
    sum(p.orders) AS orders,
    sumIf(p.revenue, p.currency = b.currency) AS revenue,
    sumMapIf(map(p.currency, p.revenue), p.revenue != 0 AND p.currency != b.currency) AS other_revenue,
    any(b.currency) AS currency,
    sum(p.coins_earned) AS coins_earned,
    sum(p.coins_redeemed) AS coins_redeemed,
    sum(p.referrals_made) AS referrals_made,
    minOrNull(p.first_at) AS first_seen_at,
    maxOrNull(p.last_at) AS last_seen_at
FROM
(
    SELECT business, customer_key, 0 AS activities, 0 AS orders, toDecimal128(0, 10) AS revenue, '' AS currency, toDecimal128(0, 10) AS coins_earned, toDecimal128(0, 10) AS coins_redeemed, 0 AS referrals_made, coalesce(created_at, last_seen_at) AS first_at, coalesce(last_seen_at, created_at) AS last_at
    FROM analytics.customers
    UNION ALL
    SELECT business, customer_key, 1, 0, 0, '', 0, 0, 0, occurred_at, occurred_at
    FROM analytics.activities
    UNION ALL
    SELECT business, customer_key, 0, 1, if(counts_as_revenue, ifNull(fiat_amount, 0), 0), assumeNotNull(currency_code), 0, 0, 0, created_at, created_at
    FROM analytics.orders
    UNION ALL
    SELECT business, customer_key, 0, 0, 0, '', multiIf(movement = 'issue', ifNull(amount, 0), movement = 'issue_reversal', -ifNull(amount, 0), 0), multiIf(movement = 'redemption', ifNull(amount, 0), movement = 'redemption_reversal', -ifNull(amount, 0), 0), 0, occurred_at, occurred_at
    FROM analytics.coin_ledger
    WHERE ifNull(status, 'success') = 'success'
    UNION ALL
    SELECT r.business, if(i.customer_key = '', concat('nector:', r.referred_by_lead_id), i.customer_key), 0, 0, 0, '', 0, 0, 1, r.created_at, r.created_at
    FROM analytics.referrals AS r
    LEFT JOIN landing.identities AS i ON i.business = r.business AND i.identifier = concat('nector:', r.referred_by_lead_id)
    WHERE r.referred_by_lead_id IS NOT NULL
) AS p
LEFT JOIN landing.businesses AS b ON b.business = p.business
-- those whom only a device names, or an id of a source that is configured no more, are nobody's customers yet
WHERE p.customer_key IS NOT NULL AND p.customer_key NOT LIKE 'visitor:%' AND p.customer_key NOT LIKE 'unknown:%'
GROUP BY business, customer_key
SETTINGS join_use_nulls = 0
COMMENT 'Every customer of both vendors in one row: behaviour, orders, coins, referrals';
