-- Every referral once, from all that was reported of it: told to the friend, nudged, completed. referrernotify_create tells of the
-- referrer's reward, the other topics of the friend's. A referral is worked out anew whenever it was reported, or its friend ordered
-- (004_figures.sql says how).
CREATE OR REPLACE VIEW landing.dirty_referrals AS
WITH
    (SELECT max(watermark) FROM landing.referral_figures WHERE business = '' AND record_key = '') AS since,
    ordered AS
    (
        SELECT lead_hash, max(loaded_at) AS loaded_at
        FROM
        (
            SELECT lead_hash, loaded_at FROM landing.order_facts WHERE loaded_at >= since
            UNION ALL
            -- a report of an order that has moved takes it from whom it was of
            SELECT arrayJoin(groupUniqArray(f.lead_hash)) AS lead_hash, max(greatest(f.loaded_at, m.found_at)) AS loaded_at
            FROM landing.order_facts AS f
            INNER JOIN (SELECT record_hash, max(found_at) AS found_at FROM landing.moved_records WHERE facts = 'orders' GROUP BY record_hash) AS m ON m.record_hash = f.record_hash
            WHERE f.record_hash GLOBAL IN (SELECT record_hash FROM landing.moved_records WHERE facts = 'orders')
            GROUP BY f.record_hash
            HAVING loaded_at >= since
        )
        GROUP BY lead_hash
    ),
    changed AS
    (
        SELECT business, record_key, max(loaded_at) AS loaded_at
        FROM
        (
            SELECT business, record_key, loaded_at FROM landing.changed_referrals WHERE loaded_at >= since
            UNION ALL
            SELECT r.business AS business, r.record_key AS record_key, o.loaded_at AS loaded_at
            FROM
            (
                SELECT business, record_key, cityHash64(business, assumeNotNull(referred_to_lead_id)) AS friend_hash
                FROM landing.referral_figures
                WHERE referred_to_lead_id IS NOT NULL AND friend_hash GLOBAL IN (SELECT lead_hash FROM ordered)
            ) AS r
            INNER JOIN ordered AS o ON o.lead_hash = r.friend_hash
        )
        GROUP BY business, record_key
    ),
    oldest_dirty AS
    (
        SELECT c.business AS business, c.record_key AS record_key, min(c.loaded_at) OVER () AS waiting_since
        FROM changed AS c
        LEFT JOIN
        (
            SELECT business, record_key, max(computed_at) AS computed_at
            FROM landing.referral_figures
            WHERE (business, record_key) GLOBAL IN (SELECT business, record_key FROM changed)
            GROUP BY business, record_key
        ) AS d ON d.business = c.business AND d.record_key = c.record_key
        WHERE c.loaded_at >= d.computed_at - toIntervalSecond((SELECT seconds FROM landing.grace_period))
        ORDER BY d.computed_at, record_key, business
        LIMIT (SELECT referrals FROM landing.portions)
    ),
    (SELECT (groupArray((business, record_key)), min(waiting_since)) FROM oldest_dirty) AS found,
    -- with the other referrals of the same friends, as only one of them has an order
    (
        SELECT groupArray((business, record_key))
        FROM
        (
            SELECT one.1 AS business, one.2 AS record_key FROM (SELECT arrayJoin(found.1) AS one)
            UNION DISTINCT
            SELECT business, record_key
            FROM landing.referral_figures
            WHERE (business, referred_to_lead_id) GLOBAL IN
            (
                SELECT business, referred_to_lead_id FROM landing.referrals
                WHERE referred_to_lead_id IS NOT NULL AND (business, record_key) GLOBAL IN (SELECT business, record_key FROM oldest_dirty)
            )
        )
    ) AS with_siblings,
    now64(3, 'UTC') - toIntervalSecond((SELECT all_seconds FROM landing.grace_period)) AS grace_start
SELECT
    with_siblings AS dirty_keys,
    since AS watermark,
    if(empty(dirty_keys), grace_start, least(found.2, grace_start)) AS next_watermark
SETTINGS join_use_nulls = 0;

CREATE OR REPLACE VIEW landing.dirty_referral_figures AS
WITH
    -- as a constant: found once, however often it is read here, while another refresh may be at work
    (SELECT (dirty_keys, watermark, next_watermark) FROM landing.dirty_referrals) AS found,
    dirty AS (SELECT one.1 AS business, one.2 AS record_key FROM (SELECT arrayJoin(found.1) AS one)),
    referral AS
    (
        SELECT
            e.business AS business,
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
            WHERE (business, record_key) GLOBAL IN (SELECT business, record_key FROM dirty)
        ) AS e
        GROUP BY e.business, e.record_key
    ),
    friend_order AS
    (
        SELECT
            business,
            record_key AS order_key,
            argMax(lead_id, recency) AS member,
            argMax(reference_order_id, recency) AS reference_id,
            argMax(tuple(fiat_amount), recency).1 AS amount,
            argMax(counts_as_revenue, recency) AS counts,
            argMax(currency, recency) AS order_currency,
            if(max(stored_day) = toDate(0), min(occurred_at), argMaxIf(created_at, recency, stored_day != toDate(0))) AS at
        FROM
        (
            SELECT business, record_key, event_id, stored_day, created_at, occurred_at, recency, lead_id, reference_order_id, fiat_amount, counts_as_revenue, currency
            FROM landing.order_facts
            WHERE lead_hash GLOBAL IN (SELECT cityHash64(business, ifNull(referred_to_lead_id, '')) FROM referral)
                OR record_hash GLOBAL IN (SELECT record_hash FROM landing.moved_records WHERE facts = 'orders')
            ORDER BY precedence DESC, loaded_at DESC
            LIMIT 1 BY business, record_key, event_id
        )
        GROUP BY business, order_key
    ),
    -- A referral names its order by an id that the order itself does not carry in every shop; then it is the first order of the
    -- friend between the referral and its completion, of those that count as revenue where there is one. One that does not brings 0.
    candidate AS
    (
        SELECT
            business,
            record_key,
            any(referred_at) AS first_referred_at,
            argMin((order_key, if(counts, amount, 0), order_currency, is_named), (NOT is_named, NOT counts, ordered_at, order_key)) AS found_order
        FROM
        (
            SELECT
                r.business AS business, r.record_key AS record_key, r.created_at AS referred_at,
                o.order_key AS order_key, o.counts AS counts, o.amount AS amount, o.order_currency AS order_currency, o.at AS ordered_at,
                ifNull(o.order_key = r.order_id OR o.reference_id = r.order_id, 0) AS is_named
            FROM referral AS r
            INNER JOIN friend_order AS o ON o.business = r.business AND o.member = r.referred_to_lead_id AND o.member != ''
            WHERE is_named OR (o.at >= r.created_at AND o.at <= r.completed_at)
        )
        GROUP BY business, record_key
    ),
    -- a friend whom two referred has brought an order once: to the referral that names it, else to the earlier one
    credited AS
    (
        SELECT business, record_key, found_order.2 AS order_amount, found_order.3 AS order_currency
        FROM candidate
        ORDER BY NOT found_order.4, first_referred_at, record_key
        LIMIT 1 BY business, found_order.1
    )
SELECT *
FROM
(
    SELECT
        r.business AS business,
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
        toDateTime64(0, 3, 'UTC') AS watermark,
        now64(3, 'UTC') AS computed_at
    FROM referral AS r
    LEFT JOIN credited AS c ON c.business = r.business AND c.record_key = r.record_key
    UNION ALL
    SELECT '', '', toDate(0), NULL, NULL, NULL, NULL, toDateTime64(0, 3, 'UTC'), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, found.3, now64(3, 'UTC')
    WHERE found.3 > found.2 AND ((SELECT max(loaded_at) FROM landing.changed_referrals) >= found.2 OR (SELECT max(loaded_at) FROM landing.changed_days WHERE facts = 'orders') >= found.2)
)
SETTINGS join_use_nulls = 0;

-- Those worked out ahead, and those that are dirty, worked out now: right at any moment, except while more are dirty than one portion.
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
FROM
(
    SELECT * FROM landing.referral_figures FINAL WHERE (business, record_key) GLOBAL NOT IN (SELECT one.1, one.2 FROM (SELECT arrayJoin(dirty_keys) AS one FROM landing.dirty_referrals))
    UNION ALL
    SELECT * FROM landing.dirty_referral_figures
)
WHERE record_key != ''
COMMENT 'Every referral once. No webhook tells of a share, an invite or a click: a referral begins with the friend who is told';
