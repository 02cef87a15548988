-- Every referral once, from all that was reported of it: told to the friend, nudged, completed.
CREATE OR REPLACE VIEW analytics.referrals
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
WITH
    referral AS
    (
        SELECT
            e.business AS business,
            e.record_key AS record_key,
            argMaxIf(e.referral_mode, e.recency, e.referral_mode IS NOT NULL) AS referral_mode,
            argMaxIf(e.status, e.recency, e.status IS NOT NULL) AS status,
            argMaxIf(e.referred_by_lead_id, e.recency, e.referred_by_lead_id IS NOT NULL) AS referred_by_lead_id,
            argMaxIf(e.referred_to_lead_id, e.recency, e.referred_to_lead_id IS NOT NULL) AS referred_to_lead_id,
            argMaxIf(e.order_id, e.recency, e.order_id IS NOT NULL) AS order_id,
            min(coalesce(e.created_at, e.occurred_at)) AS created_at,
            minOrNull(coalesce(e.meta_incompletereferralrequest_sentat, if(e.topic = 'incompletereferralrequest_create', e.occurred_at, NULL))) AS nudged_at,
            minOrNullIf(e.occurred_at, e.status = 'completed') AS completed_at,
            argMaxIf(e.wallettransaction_amount, e.recency, e.wallettransaction_amount IS NOT NULL) AS reward_coins,
            argMaxIf(e.coupon_fiat_value, e.recency, e.coupon_fiat_value IS NOT NULL AND e.coupon_fiat_class = 'amount') AS reward_coupon_value
        FROM (SELECT *, (ifNull(version, 0), occurred_at, received_at, event_id) AS recency FROM landing.referrals FINAL) AS e
        GROUP BY e.business, e.record_key
    ),
    -- A referral names its order by an id that the order itself does not carry in every shop; then it is the first order of the
    -- friend between the referral and its completion.
    candidate AS
    (
        SELECT
            r.business AS business,
            r.record_key AS record_key,
            argMin(o.fiat_amount, (o.order_key != ifNull(r.order_id, '') AND ifNull(o.reference_order_id, '') != ifNull(r.order_id, ''), o.created_at, o.order_key)) AS order_amount
        FROM referral AS r
        INNER JOIN analytics.orders AS o ON o.business = r.business AND o.lead_id = r.referred_to_lead_id
        WHERE o.order_key = r.order_id OR o.reference_order_id = r.order_id OR (o.created_at >= r.created_at AND o.created_at <= r.completed_at)
        GROUP BY r.business, r.record_key
    )
SELECT
    r.business AS business,
    r.record_key AS referral_id,
    r.referral_mode AS referral_mode,
    r.status AS status,
    r.referred_by_lead_id AS referred_by_lead_id,
    r.referred_to_lead_id AS referred_to_lead_id,
    r.created_at AS created_at,
    r.nudged_at AS nudged_at,
    r.completed_at AS completed_at,
    dateDiff('millisecond', r.created_at, r.completed_at) / 3600000 AS hours_to_convert,
    r.order_id AS order_id,
    c.order_amount AS order_amount,
    r.reward_coins AS reward_coins,
    r.reward_coupon_value AS reward_coupon_value
FROM referral AS r
LEFT JOIN candidate AS c ON c.business = r.business AND c.record_key = r.record_key
SETTINGS join_use_nulls = 0;
