-- The latest state of every review. The reviewer's name stays in landing.
CREATE OR REPLACE VIEW analytics.reviews
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    r.business AS business,
    r.record_key AS review_key,
    nullIf(i.customer_key, '') AS customer_key,
    r.lead_id AS lead_id,
    multiIf(r.is_approved IS NULL, NULL, r.is_approved, 'approved', 'not approved') AS status,
    r.type AS type,
    r.rating AS rating,
    r.title AS title,
    r.description AS description,
    r.reference_product_id AS reference_product_id,
    r.reference_product_name AS reference_product_name,
    r.reference_product_source AS reference_product_source,
    r.order_id AS order_id,
    r.is_verified AS is_verified,
    r.is_approved AS is_approved,
    r.is_featured AS is_featured,
    r.meta_is_rewarded AS is_rewarded,
    coalesce(r.created_at, r.first_at) AS created_at,
    coalesce(r.created_day, r.first_day) AS day,
    r.updated_at AS updated_at
FROM
(
    SELECT
        *,
        -- where the record carries no time of its own, a repetition must not move it
        min(occurred_at) OVER (PARTITION BY business, record_key) AS first_at,
        min(day) OVER (PARTITION BY business, record_key) AS first_day,
        if(user_customer_id IS NULL, concat('nector:', ifNull(lead_id, '')), concat('customer:', replaceRegexpOne(user_customer_id, '^shopify-', ''))) AS identifier
    FROM landing.reviews FINAL
    ORDER BY occurred_at DESC, received_at DESC, event_id
    LIMIT 1 BY business, record_key
) AS r
LEFT JOIN landing.identities AS i ON i.business = r.business AND i.identifier = r.identifier
SETTINGS join_use_nulls = 0;
