CREATE OR REPLACE VIEW analytics.referrers
(
    business         LowCardinality(String) COMMENT 'Business of CONFIG_FILE',
    lead_id          String                 COMMENT 'Nector''s id of the referrer',
    created          UInt64                 COMMENT 'Referrals created',
    completed        UInt64                 COMMENT 'Referrals completed',
    conversion_rate  Float64                COMMENT 'completed / created',
    currency         String                 COMMENT 'Currency of the business, ISO 4217',
    referral_revenue Decimal(38, 10)        COMMENT 'Amounts of the orders of the completed ones, of orders in the currency',
    other_revenue    Map(String, Decimal(38, 10)) COMMENT 'Amounts of orders in other currencies, by currency',
    reward_coins     Decimal(38, 10)        COMMENT 'Coins that the referrer got for them'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    r.business AS business,
    assumeNotNull(r.referred_by_lead_id) AS lead_id,
    count() AS created,
    count(r.completed_at) AS completed,
    completed / created AS conversion_rate,
    any(b.currency) AS currency,
    ifNull(sumIf(r.order_amount, r.completed_at IS NOT NULL AND r.order_currency = b.currency), 0) AS referral_revenue,
    sumMapIf(map(ifNull(r.order_currency, ''), ifNull(r.order_amount, 0)), r.completed_at IS NOT NULL AND r.order_amount != 0 AND r.order_currency != b.currency) AS other_revenue,
    ifNull(sum(r.referrer_coins), 0) AS reward_coins
FROM (SELECT * FROM landing.referral_figures FINAL WHERE referred_by_lead_id IS NOT NULL) AS r
LEFT JOIN landing.businesses AS b ON b.business = r.business
GROUP BY business, r.referred_by_lead_id
SETTINGS join_use_nulls = 0
COMMENT 'Members who referred somebody, and what came of it';
