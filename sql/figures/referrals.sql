-- Each of these referrals once, from all that was reported of it: told to the friend, nudged, completed, and the order that it brought.
-- referrernotify_create tells of the referrer's reward, the other topics of the friend's. All referrals of a friend must be asked for together, as
-- only one of them has an order.
INSERT INTO landing.referral_figures
WITH
    asked AS (SELECT arrayJoin({records:Array(String)}) AS record_key),
    referral AS
    (
        SELECT
            e.record_key AS record_key,
            min(coalesce(e.created_day, e.day)) AS created_day,
            argMaxIf(e.referral_mode, e.recency, e.referral_mode IS NOT NULL) AS referral_mode,
            argMaxIf(e.status, e.recency, e.status IS NOT NULL) AS status,
            argMaxIf(e.referred_by_lead_id, e.recency, e.referred_by_lead_id IS NOT NULL) AS referred_by_lead_id,
            argMaxIf(e.referred_to_lead_id, e.recency, e.referred_to_lead_id IS NOT NULL) AS referred_to_lead_id,
            min(coalesce(e.created_at, e.occurred_at)) AS created_at,
            minOrNull(coalesce(e.meta_incompletereferralrequest_sentat, if(e.topic = 'incompletereferralrequest_create', e.occurred_at, NULL))) AS nudged_at,
            minOrNullIf(e.occurred_at, e.status = 'completed') AS completed_at,
            argMaxIf(e.order_id, e.recency, e.order_id IS NOT NULL) AS order_id,
            argMaxIf(e.wallettransaction_amount, e.recency, e.to_referrer AND e.wallettransaction_amount IS NOT NULL) AS referrer_coins,
            argMaxIf(e.wallettransaction_amount, e.recency, NOT e.to_referrer AND e.wallettransaction_amount IS NOT NULL) AS friend_coins,
            argMaxIf(e.coupon_fiat_value, e.recency, e.to_referrer AND e.coupon_fiat_value IS NOT NULL AND e.coupon_fiat_class = 'amount') AS referrer_coupon_value,
            argMaxIf(e.coupon_fiat_value, e.recency, NOT e.to_referrer AND e.coupon_fiat_value IS NOT NULL AND e.coupon_fiat_class = 'amount') AS friend_coupon_value,
            argMaxIf(e.coupon_value, e.recency, e.to_referrer AND e.coupon_value IS NOT NULL) AS referrer_coupon,
            argMaxIf(e.coupon_value, e.recency, NOT e.to_referrer AND e.coupon_value IS NOT NULL) AS friend_coupon
        FROM
        (
            SELECT *, (ifNull(version, 0), occurred_at, received_at, event_id) AS recency, topic = 'referrernotify_create' AS to_referrer
            FROM landing.referrals FINAL
            WHERE business = {business:String} AND record_key GLOBAL IN (SELECT record_key FROM asked)
        ) AS e
        GROUP BY e.record_key
    ),
    friend_order AS
    (
        SELECT
            record_key AS order_key,
            argMax(lead_id, recency) AS member,
            argMax(reference_order_id, recency) AS reference_id,
            argMax(tuple(fiat_amount), recency).1 AS amount,
            argMax(counts_as_revenue, recency) AS counts,
            argMax(currency, recency) AS order_currency,
            if(max(stored_day) = toDate(0), min(occurred_at), argMaxIf(created_at, recency, stored_day != toDate(0))) AS at
        FROM
        (
            SELECT record_key, event_id, stored_day, created_at, occurred_at, recency, lead_id, reference_order_id, fiat_amount, counts_as_revenue, currency
            FROM landing.order_facts
            WHERE lead_hash GLOBAL IN (SELECT cityHash64({business:String}, ifNull(referred_to_lead_id, '')) FROM referral)
                OR record_hash GLOBAL IN (SELECT record_hash FROM landing.moved_records WHERE facts = 'orders' AND business = {business:String})
            ORDER BY precedence DESC, loaded_at DESC
            LIMIT 1 BY record_key, event_id
        )
        GROUP BY order_key
    ),
    -- A referral names its order by an id that the order itself does not carry in every shop; then it is the first order of the
    -- friend between the referral and its completion, of those that count as revenue where there is one. One that does not brings 0.
    candidate AS
    (
        SELECT
            record_key,
            any(referred_at) AS first_referred_at,
            argMin((order_key, if(counts, amount, 0), order_currency, is_named), (NOT is_named, NOT counts, ordered_at, order_key)) AS found_order
        FROM
        (
            SELECT
                r.record_key AS record_key, r.created_at AS referred_at,
                o.order_key AS order_key, o.counts AS counts, o.amount AS amount, o.order_currency AS order_currency, o.at AS ordered_at,
                ifNull(o.order_key = r.order_id OR o.reference_id = r.order_id, 0) AS is_named
            FROM referral AS r
            INNER JOIN friend_order AS o ON o.member = r.referred_to_lead_id AND o.member != ''
            WHERE is_named OR (o.at >= r.created_at AND o.at <= r.completed_at)
        )
        GROUP BY record_key
    ),
    -- a friend whom two referred has brought an order once: to the referral that names it, else to the earlier one
    credited AS
    (
        SELECT record_key, found_order.2 AS order_amount, found_order.3 AS order_currency
        FROM candidate
        ORDER BY NOT found_order.4, first_referred_at, record_key
        LIMIT 1 BY found_order.1
    )
SELECT
    {business:String} AS business,
    r.record_key AS record_key,
    r.created_day AS created_day,
    r.referral_mode AS referral_mode,
    r.status AS status,
    r.referred_by_lead_id AS referred_by_lead_id,
    r.referred_to_lead_id AS referred_to_lead_id,
    r.created_at AS created_at,
    r.nudged_at AS nudged_at,
    r.completed_at AS completed_at,
    r.order_id AS order_id,
    c.order_amount AS order_amount,
    nullIf(c.order_currency, '') AS order_currency,
    r.referrer_coins AS referrer_coins,
    r.friend_coins AS friend_coins,
    r.referrer_coupon_value AS referrer_coupon_value,
    -- one coupon of which both are told is given once
    if(r.friend_coupon = r.referrer_coupon AND r.referrer_coupon_value IS NOT NULL, NULL, r.friend_coupon_value) AS friend_coupon_value,
    -- later than any row before, whatever the clock says
    greatest(now64(3, 'UTC'), (SELECT max(computed_at) FROM landing.referral_figures) + toIntervalMillisecond(1)) AS computed_at
FROM referral AS r
LEFT JOIN credited AS c ON c.record_key = r.record_key
SETTINGS join_use_nulls = 0
