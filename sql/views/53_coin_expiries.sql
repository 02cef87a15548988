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
            multiIf(
                user_customer_id IS NOT NULL, concat('customer:', replaceRegexpOne(user_customer_id, '^shopify-', '')),
                lead_id IS NOT NULL, concat('nector:', lead_id),
                user_email IS NOT NULL, concat('email:', lower(hex(SHA256(lower(trimBoth(user_email)))))),
                user_mobile IS NOT NULL, concat('mobile:', lower(hex(SHA256(replaceRegexpAll(user_mobile, '[^0-9]', ''))))),
                '') AS identifier
        FROM landing.coin_expiries FINAL
        ORDER BY occurred_at DESC, received_at DESC, event_id
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
    SELECT * FROM landing.identities WHERE (business, identifier) GLOBAL IN (SELECT business, identifier FROM notice)
) AS i ON i.business = e.business AND i.identifier = e.identifier
SETTINGS join_use_nulls = 0, allow_nonconst_timezone_arguments = 1
COMMENT 'Coins announced to expire, a row a member and date';
