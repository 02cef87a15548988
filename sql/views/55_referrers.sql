CREATE OR REPLACE VIEW analytics.referrers
(
    business         LowCardinality(String) COMMENT 'Business of CONFIG_FILE',
    lead_id          String                 COMMENT 'Nector''s id of the referrer',
    created          UInt64                 COMMENT 'Referrals created',
    completed        UInt64                 COMMENT 'Referrals completed',
    conversion_rate  Float64                COMMENT 'completed / created',
    referral_revenue Decimal(38, 10)        COMMENT 'Order amounts of the completed ones',
    reward_coins     Decimal(38, 10)        COMMENT 'Coins that the referrer got for them'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    business,
    assumeNotNull(r.referred_by_lead_id) AS lead_id,
    count() AS created,
    count(r.completed_at) AS completed,
    completed / created AS conversion_rate,
    ifNull(sumIf(r.order_amount, r.completed_at IS NOT NULL), 0) AS referral_revenue,
    ifNull(sum(r.referrer_coins), 0) AS reward_coins
FROM landing.referral_figures AS r FINAL
WHERE r.referred_by_lead_id IS NOT NULL
GROUP BY business, r.referred_by_lead_id
COMMENT 'Members who referred somebody, and what came of it';
