-- The latest state of every order.
CREATE OR REPLACE VIEW analytics.orders
(
    business               LowCardinality(String)           COMMENT 'Business of CONFIG_FILE',
    order_key              String                           COMMENT 'Source and id of the order in the shop',
    customer_key           Nullable(String)                 COMMENT 'The person, the same in every view and for both vendors: customer:, email:, mobile:, nector: or visitor: and an id or hash; null where nobody is known',
    lead_id                Nullable(String)                 COMMENT 'Nector''s id of the member',
    status                 LowCardinality(Nullable(String)) COMMENT 'pending, processing, completed, cancelled, refunded, unknown or whatever else Nector sends',
    financial_status       LowCardinality(Nullable(String)) COMMENT 'State of the payment',
    counts_as_revenue      Bool                             COMMENT 'Whether its amount is revenue: not cancelled, refunded, voided or failed, by status or financial_status',
    delivery_status        LowCardinality(Nullable(String)) COMMENT 'State of the delivery',
    reference_order_id     Nullable(String)                 COMMENT 'Id of the order in the shop',
    reference_order_name   Nullable(String)                 COMMENT 'Name of the order in the shop, such as #1001',
    reference_order_source LowCardinality(Nullable(String)) COMMENT 'The shop''s platform',
    currency_code          LowCardinality(Nullable(String)) COMMENT 'Currency of the amounts, ISO 4217: as sent, else that of the business',
    fiat_amount            Nullable(Decimal(38, 10))        COMMENT 'What was paid',
    fiat_discount          Nullable(Decimal(38, 10))        COMMENT 'Discount',
    fiat_tax               Nullable(Decimal(38, 10))        COMMENT 'Tax',
    coin_spent             Nullable(Decimal(38, 10))        COMMENT 'Coins spent on it',
    coin_reward            Nullable(Decimal(38, 10))        COMMENT 'Coins earned with it',
    payment_source         LowCardinality(Nullable(String)) COMMENT 'How it was paid',
    payment_medium         LowCardinality(Nullable(String)) COMMENT 'By which means it was paid',
    utm_source             LowCardinality(Nullable(String)) COMMENT 'Campaign source',
    utm_medium             LowCardinality(Nullable(String)) COMMENT 'Campaign medium',
    utm_campaign           LowCardinality(Nullable(String)) COMMENT 'Campaign name',
    order_driven_by        LowCardinality(Nullable(String)) COMMENT 'What Nector says brought the order',
    couponredeem_driven_by LowCardinality(Nullable(String)) COMMENT 'What Nector says made the member redeem a coupon',
    created_at             DateTime64(3, 'UTC')             COMMENT 'When it was placed, UTC',
    day                    Date                             COMMENT 'Day of created_at in the time zone of the business',
    updated_at             Nullable(DateTime64(3, 'UTC'))   COMMENT 'When it last changed, UTC'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    o.business AS business,
    o.record_key AS order_key,
    nullIf(if(i.customer_key = '', o.identifier, i.customer_key), '') AS customer_key,
    o.lead_id AS lead_id,
    o.status AS status,
    o.financial_status AS financial_status,
    o.counts_as_revenue AS counts_as_revenue,
    o.delivery_status AS delivery_status,
    o.reference_order_id AS reference_order_id,
    o.reference_order_name AS reference_order_name,
    o.reference_order_source AS reference_order_source,
    o.currency AS currency_code,
    o.fiat_amount AS fiat_amount,
    o.fiat_discount AS fiat_discount,
    o.fiat_tax AS fiat_tax,
    o.meta_coin_spent AS coin_spent,
    o.meta_coin_reward AS coin_reward,
    o.payment_source AS payment_source,
    o.payment_medium AS payment_medium,
    o.utm_source AS utm_source,
    o.utm_medium AS utm_medium,
    o.utm_campaign AS utm_campaign,
    o.order_driven_by AS order_driven_by,
    o.couponredeem_driven_by AS couponredeem_driven_by,
    coalesce(o.told_at, o.first_at) AS created_at,
    coalesce(o.told_day, o.first_day) AS day,
    o.updated_at AS updated_at
FROM
(
    SELECT
        *,
        -- as any report tells it, the last that does; where none does a repetition must not move the record
        argMaxIf(created_at, recency, created_at IS NOT NULL) OVER (PARTITION BY business, record_key) AS told_at,
        argMaxIf(created_day, recency, created_at IS NOT NULL) OVER (PARTITION BY business, record_key) AS told_day,
        min(occurred_at) OVER (PARTITION BY business, record_key) AS first_at,
        min(day) OVER (PARTITION BY business, record_key) AS first_day,
        if(arrayFirst(one -> (business, one) GLOBAL NOT IN (SELECT business, identifier FROM landing.ambiguous_identifiers), identifiers) AS usable = '', identifiers[1], usable) AS identifier
    FROM landing.orders FINAL
    ORDER BY recency DESC
    LIMIT 1 BY business, record_key
) AS o
LEFT JOIN landing.identities AS i ON i.business = o.business AND i.identifier = o.identifier
SETTINGS join_use_nulls = 0
COMMENT 'Latest state of every order of a member';
