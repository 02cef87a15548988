-- The latest state of every order.
CREATE OR REPLACE VIEW analytics.orders
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    o.business AS business,
    o.record_key AS order_key,
    nullIf(i.customer_key, '') AS customer_key,
    o.lead_id AS lead_id,
    o.status AS status,
    o.financial_status AS financial_status,
    o.delivery_status AS delivery_status,
    o.reference_order_id AS reference_order_id,
    o.reference_order_name AS reference_order_name,
    o.reference_order_source AS reference_order_source,
    o.currency_code AS currency_code,
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
    coalesce(o.created_at, o.first_at) AS created_at,
    coalesce(o.created_day, o.first_day) AS day,
    o.updated_at AS updated_at
FROM
(
    SELECT
        *,
        -- where the record carries no time of its own, a repetition must not move it
        min(occurred_at) OVER (PARTITION BY business, record_key) AS first_at,
        min(day) OVER (PARTITION BY business, record_key) AS first_day,
        if(user_customer_id IS NULL, concat('nector:', ifNull(lead_id, '')), concat('customer:', replaceRegexpOne(user_customer_id, '^shopify-', ''))) AS identifier
    FROM landing.orders FINAL
    ORDER BY occurred_at DESC, received_at DESC, event_id
    LIMIT 1 BY business, record_key
) AS o
LEFT JOIN landing.identities AS i ON i.business = o.business AND i.identifier = o.identifier
SETTINGS join_use_nulls = 0;
