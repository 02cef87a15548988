-- The latest state of every review. The reviewer's name stays in landing.
CREATE OR REPLACE VIEW analytics.reviews
(
    business                 LowCardinality(String)           COMMENT 'Business of CONFIG_FILE',
    review_key               String                           COMMENT 'Member, product and time of the review',
    customer_key             Nullable(String)                 COMMENT 'The person, the same in every view and for both vendors: customer:, email:, mobile:, nector: or visitor: and an id or hash; null where nobody is known',
    lead_id                  Nullable(String)                 COMMENT 'Nector''s id of the member',
    status                   Nullable(String)                 COMMENT 'approved or not approved; null where Nector does not say',
    type                     LowCardinality(Nullable(String)) COMMENT 'Type of the review',
    rating                   Nullable(Decimal(38, 10))        COMMENT 'Stars',
    title                    Nullable(String)                 COMMENT 'Headline',
    description              Nullable(String)                 COMMENT 'Text',
    reference_product_id     Nullable(String)                 COMMENT 'Id of the product in the shop',
    reference_product_name   Nullable(String)                 COMMENT 'Name of the product',
    reference_product_source LowCardinality(Nullable(String)) COMMENT 'The shop''s platform',
    order_id                 Nullable(String)                 COMMENT 'Order that the product came with',
    is_verified              Nullable(Bool)                   COMMENT 'Whether the purchase is verified',
    is_approved              Nullable(Bool)                   COMMENT 'Whether it may be shown',
    is_featured              Nullable(Bool)                   COMMENT 'Whether it is shown first',
    is_rewarded              Nullable(Bool)                   COMMENT 'Whether coins were given for it',
    created_at               DateTime64(3, 'UTC')             COMMENT 'When it was written, UTC',
    day                      Date                             COMMENT 'Day of created_at in the time zone of the business',
    updated_at               Nullable(DateTime64(3, 'UTC'))   COMMENT 'When it last changed, UTC'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    r.business AS business,
    r.record_key AS review_key,
    nullIf(if(i.customer_key = '', r.identifier, i.customer_key), '') AS customer_key,
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
    coalesce(r.told_at, r.first_at) AS created_at,
    coalesce(r.told_day, r.first_day) AS day,
    r.updated_at AS updated_at
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
    FROM landing.reviews FINAL
    ORDER BY recency DESC
    LIMIT 1 BY business, record_key
) AS r
LEFT JOIN landing.identities AS i ON i.business = r.business AND i.identifier = r.identifier
SETTINGS join_use_nulls = 0
COMMENT 'Latest state of every review. The name of who wrote it stays in landing';
