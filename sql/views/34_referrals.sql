-- Every referral once, as sql/figures/referrals.sql has worked it out.
CREATE OR REPLACE VIEW analytics.referrals
(
    business            LowCardinality(String)         COMMENT 'Business of CONFIG_FILE',
    referral_id         String                         COMMENT 'Nector''s id of the referral',
    referral_mode       Nullable(String)               COMMENT 'link, code or whatever else Nector sends',
    status              Nullable(String)               COMMENT 'Last reported state, such as completed',
    referred_by_lead_id Nullable(String)               COMMENT 'Nector''s id of the referrer',
    referred_to_lead_id Nullable(String)               COMMENT 'Nector''s id of the friend',
    created_at          DateTime64(3, 'UTC')           COMMENT 'When the referral was created, UTC',
    nudged_at           Nullable(DateTime64(3, 'UTC')) COMMENT 'When the friend was first reminded, UTC; null where never',
    completed_at        Nullable(DateTime64(3, 'UTC')) COMMENT 'When it was first reported as completed, UTC; null where it is not',
    hours_to_convert    Nullable(Float64)              COMMENT 'Hours from created_at to completed_at',
    order_id            Nullable(String)               COMMENT 'Order that completed it, as Nector names it',
    order_amount        Nullable(Decimal(38, 10))      COMMENT 'Revenue of that order, 0 once it is cancelled or refunded; where its id is unknown, of the friend''s first order between creation and completion; null where another referral of the friend has it',
    order_currency      LowCardinality(Nullable(String)) COMMENT 'Currency of order_amount, ISO 4217',
    reward_coins        Nullable(Decimal(38, 10))      COMMENT 'Coins given for it, to both sides',
    reward_coupon_value Nullable(Decimal(38, 10))      COMMENT 'Value of the coupons given for it, to both sides, in the currency; percent coupons have none'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    business,
    record_key AS referral_id,
    referral_mode,
    status,
    referred_by_lead_id,
    referred_to_lead_id,
    created_at,
    nudged_at,
    completed_at,
    dateDiff('millisecond', created_at, completed_at) / 3600000 AS hours_to_convert,
    order_id,
    order_amount,
    order_currency,
    -- of both sides: unknown where neither is known
    if(referrer_coins IS NULL AND friend_coins IS NULL, NULL, ifNull(referrer_coins, 0) + ifNull(friend_coins, 0)) AS reward_coins,
    if(referrer_coupon_value IS NULL AND friend_coupon_value IS NULL, NULL, ifNull(referrer_coupon_value, 0) + ifNull(friend_coupon_value, 0)) AS reward_coupon_value
FROM landing.referral_figures FINAL
COMMENT 'Every referral once. No webhook tells of a share, an invite or a click: a referral begins with the friend who is told';
