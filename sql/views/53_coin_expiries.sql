-- What Nector announced to expire: a forecast, as coins that are spent or earned meanwhile move the date. How a real expiry is booked is not
-- told; see ledger_gap of coin_balances.
CREATE OR REPLACE VIEW analytics.coin_expiries
(
    business     LowCardinality(String)    COMMENT 'Business of CONFIG_FILE',
    lead_id      Nullable(String)          COMMENT 'Nector''s id of the member',
    customer_key Nullable(String)          COMMENT 'The person, the same in every view and for both vendors: customer:, email:, mobile:, nector: or visitor: and an id or hash; null where nobody is known',
    expires_on   Nullable(Date)            COMMENT 'Day on which they are to expire, in the time zone of the business',
    coins        Nullable(Decimal(38, 10)) COMMENT 'Coins that are to expire, as last announced',
    notified_at  DateTime64(3, 'UTC')      COMMENT 'When the last notice of it was made, UTC'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
WITH
    notice AS
    (
        SELECT
            *,
            if(arrayFirst(one -> (business, one) GLOBAL NOT IN (SELECT business, identifier FROM landing.ambiguous_identifiers), identifiers) AS usable = '', identifiers[1], usable) AS identifier
        FROM landing.coin_expiries FINAL
        ORDER BY recency DESC
        LIMIT 1 BY business, record_key
    )
SELECT
    e.business AS business,
    e.lead_id AS lead_id,
    nullIf(if(i.customer_key = '', e.identifier, i.customer_key), '') AS customer_key,
    toDate(formatDateTime(e.wallet_expiry_estimated_on, '%F', if(b.timezone = '', 'UTC', b.timezone))) AS expires_on,
    e.wallet_expiry_amount AS coins,
    e.occurred_at AS notified_at
FROM notice AS e
LEFT JOIN landing.businesses AS b ON b.business = e.business
LEFT JOIN
(
    SELECT * FROM landing.identities WHERE cityHash64(identifier) GLOBAL IN (SELECT cityHash64(identifier) FROM notice)
) AS i ON i.business = e.business AND i.identifier = e.identifier
SETTINGS join_use_nulls = 0, allow_nonconst_timezone_arguments = 1
COMMENT 'Coins announced to expire, a row a member and date';

-- The same by day of expiry, without saying whose: of each member what was announced last, as a later notice is of the same coins.
CREATE OR REPLACE VIEW analytics.coin_expiry_daily
(
    business LowCardinality(String) COMMENT 'Business of CONFIG_FILE',
    day      Nullable(Date)         COMMENT 'Day on which they are to expire, in the time zone of the business',
    coins    Decimal(38, 10)        COMMENT 'Coins that are to expire on it, as announced last to each member',
    members  UInt64                 COMMENT 'Members whose coins they are'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    n.business AS business,
    toDate(formatDateTime(n.at, '%F', if(b.timezone = '', 'UTC', b.timezone))) AS day,
    sum(n.coins) AS coins,
    sum(n.members) AS members
FROM
(
    SELECT business, last_notice.1 AS at, ifNull(sum(last_notice.2), 0) AS coins, count() AS members
    FROM
    (
        SELECT
            business,
            argMax((wallet_expiry_estimated_on, wallet_expiry_amount), recency) AS last_notice
        FROM landing.coin_expiries FINAL
        -- members as numbers, as texts are slow to compare
        GROUP BY business, sipHash64(coalesce(concat('lead:', lead_id), concat('customer:', user_customer_id), record_key))
    )
    GROUP BY business, at
) AS n
LEFT JOIN landing.businesses AS b ON b.business = n.business
GROUP BY business, day
SETTINGS join_use_nulls = 0, allow_nonconst_timezone_arguments = 1
COMMENT 'Coins announced to expire, a row a day. A forecast, as coins that are spent or earned meanwhile move the date';
