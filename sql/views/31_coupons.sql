-- The latest state of every coupon.
CREATE OR REPLACE VIEW analytics.coupons
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    c.business AS business,
    c.record_key AS coupon_key,
    nullIf(i.customer_key, '') AS customer_key,
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
    SELECT *, if(user_customer_id IS NULL, concat('nector:', ifNull(lead_id, '')), concat('customer:', replaceRegexpOne(user_customer_id, '^shopify-', ''))) AS identifier
    FROM landing.coupons FINAL
    ORDER BY coalesce(updated_at, created_at, occurred_at) DESC, received_at DESC, event_id
    LIMIT 1 BY business, record_key
) AS c
LEFT JOIN landing.identities AS i ON i.business = c.business AND i.identifier = c.identifier
SETTINGS join_use_nulls = 0;
