-- The latest state of every coupon.
CREATE OR REPLACE VIEW analytics.coupons
(
    business           LowCardinality(String)           COMMENT 'Business of CONFIG_FILE',
    coupon_key         String                           COMMENT 'Source and id of the coupon in the shop, else its code',
    customer_key       Nullable(String)                 COMMENT 'The person, the same in every view and for both vendors: customer:, email:, mobile:, nector: or visitor: and an id or hash; null where nobody is known',
    lead_id            Nullable(String)                 COMMENT 'Nector''s id of the member',
    status             LowCardinality(Nullable(String)) COMMENT 'issued, redeemed or whatever else Nector sends',
    expired            Nullable(UInt8)                  COMMENT '1 where its time is over and it was not redeemed',
    type               LowCardinality(Nullable(String)) COMMENT 'Type of the coupon',
    name               Nullable(String)                 COMMENT 'Name shown to the member',
    value              Nullable(String)                 COMMENT 'The code itself',
    offer_id           Nullable(String)                 COMMENT 'Offer of Nector that it comes from',
    fiat_class         LowCardinality(Nullable(String)) COMMENT 'amount or percent: what fiat_value means',
    fiat_value         Nullable(Decimal(38, 10))        COMMENT 'Discount, in the currency or in percent',
    fiat_target        LowCardinality(Nullable(String)) COMMENT 'What the discount applies to, such as cart',
    minimumcart_amount Nullable(Decimal(38, 10))        COMMENT 'Least amount of the cart',
    created_at         Nullable(DateTime64(3, 'UTC'))   COMMENT 'When it was issued, UTC',
    day                Nullable(Date)                   COMMENT 'Day of created_at in the time zone of the business',
    updated_at         Nullable(DateTime64(3, 'UTC'))   COMMENT 'When it last changed, UTC',
    expires_at         Nullable(DateTime64(3, 'UTC'))   COMMENT 'When it ends, UTC'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    c.business AS business,
    c.record_key AS coupon_key,
    nullIf(if(i.customer_key = '', c.identifier, i.customer_key), '') AS customer_key,
    c.lead_id AS lead_id,
    c.status AS status,
    c.expire < now64(3) AND c.status != 'redeemed' AS expired,
    c.type AS type,
    c.name AS name,
    c.value AS value,
    c.offer_id AS offer_id,
    c.fiat_class AS fiat_class,
    c.fiat_value AS fiat_value,
    c.fiat_target AS fiat_target,
    c.minimumcart_amount AS minimumcart_amount,
    c.created_at AS created_at,
    c.created_day AS day,
    c.updated_at AS updated_at,
    c.expire AS expires_at
FROM
(
    SELECT
        *,
        if(arrayFirst(one -> (business, one) GLOBAL NOT IN (SELECT business, identifier FROM landing.ambiguous_identifiers), identifiers) AS usable = '', identifiers[1], usable) AS identifier
    FROM landing.coupons FINAL
    ORDER BY recency DESC
    LIMIT 1 BY business, record_key
) AS c
LEFT JOIN landing.identities AS i ON i.business = c.business AND i.identifier = c.identifier
SETTINGS join_use_nulls = 0
COMMENT 'Latest state of every coupon';
