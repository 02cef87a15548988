-- Nector's own definition: completed / created, by the day of creation. What a completed referral cost is the rewards of both sides; a coupon of
-- a friend who never ordered costs nothing.
CREATE OR REPLACE VIEW analytics.referral_conversion
(
    business                LowCardinality(String) COMMENT 'Business of CONFIG_FILE',
    cohort_day              Date                   COMMENT 'Day of creation in the time zone of the business',
    referral_mode           Nullable(String)       COMMENT 'link, code or whatever else Nector sends',
    created                 UInt64                 COMMENT 'Referrals created on that day',
    nudged                  UInt64                 COMMENT 'Those of them whose friend was reminded',
    completed               UInt64                 COMMENT 'Those of them that have completed by now',
    conversion_rate         Float64                COMMENT 'completed / created',
    median_hours_to_convert Nullable(Float64)      COMMENT 'Median of the hours from creation to completion',
    mean_hours_to_convert   Nullable(Float64)      COMMENT 'Mean of the hours from creation to completion',
    currency                String                 COMMENT 'Currency of the business, ISO 4217',
    referral_revenue        Decimal(38, 10)        COMMENT 'Amounts of the orders of the completed ones, of orders in the currency',
    other_revenue           Map(String, Decimal(38, 10)) COMMENT 'Amounts of orders in other currencies, by currency',
    reward_cost             Decimal(38, 10)        COMMENT 'Coins × coin value + coupons, to both sides, of the completed ones, in the currency'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    r.business AS business,
    r.created_day AS cohort_day,
    r.referral_mode AS referral_mode,
    count() AS created,
    count(r.nudged_at) AS nudged,
    count(r.completed_at) AS completed,
    completed / created AS conversion_rate,
    quantileExactInclusiveOrNull(0.5)(r.hours) AS median_hours_to_convert,
    avgOrNull(r.hours) AS mean_hours_to_convert,
    any(b.currency) AS currency,
    ifNull(sumIf(r.order_amount, r.completed_at IS NOT NULL AND r.order_currency = b.currency), 0) AS referral_revenue,
    sumMapIf(map(ifNull(r.order_currency, ''), ifNull(r.order_amount, 0)), r.completed_at IS NOT NULL AND r.order_amount != 0 AND r.order_currency != b.currency) AS other_revenue,
    -- by 256-bit decimals: a product has twenty digits behind the point, and must not overflow on its way
    CAST(sumIf(toDecimal256(ifNull(r.referrer_coins, 0) + ifNull(r.friend_coins, 0), 10) * toDecimal256(b.coin_value, 10) + toDecimal256(ifNull(r.referrer_coupon_value, 0) + ifNull(r.friend_coupon_value, 0), 20), r.completed_at IS NOT NULL), 'Decimal(38, 10)') AS reward_cost
FROM (SELECT *, dateDiff('millisecond', created_at, completed_at) / 3600000 AS hours FROM landing.referral_figures FINAL) AS r
LEFT JOIN landing.businesses AS b ON b.business = r.business
GROUP BY business, cohort_day, referral_mode
SETTINGS join_use_nulls = 0
COMMENT 'Referrals by the day they were created and mode: how many completed, how fast, for what';
