-- Who was seen: every combination of identifiers that webhooks carried, once, and when it was last seen. The views that tell who is
-- who read this instead of every event. E-mail and mobile only as SHA-256, as Nector's own eid is (of the trimmed e-mail in lower case;
-- of the digits of the mobile).
--
-- AggregatingMergeTree: a combination that is seen again, or loaded again, merges into its row, so repetition changes nothing.
-- Ordered by the combination itself, '' where an identifier is absent; few rows for many events, so no partitions.
CREATE TABLE IF NOT EXISTS landing.sightings
(
    business     LowCardinality(String),
    lead_id      String COMMENT 'Nector''s id of the customer',
    customer_id  String COMMENT 'The shop''s id of the customer, without the prefix shopify-',
    email_hash   String,
    mobile_hash  String,
    last_seen_at SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY (business, lead_id, customer_id, email_hash, mobile_hash)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Combinations of identifiers seen in Nector webhooks';

-- The same for Netcore. What an identity is (e-mail, mobile, customer id) is configuration, so it is kept as sent and read when a
-- query runs.
CREATE TABLE IF NOT EXISTS landing.netcore_sightings
(
    business     LowCardinality(String),
    source       LowCardinality(String),
    identity     String,
    guid         String,
    last_seen_at SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY (business, source, identity, guid)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Combinations of identifiers seen in Netcore activities';

-- Filled by each insert into the tables of events. Seen when the event itself says that something happened, 1970 where it says nothing: when
-- a webhook was sent or came would move with every repetition.
CREATE MATERIALIZED VIEW IF NOT EXISTS landing.sightings_of_activities TO landing.netcore_sightings AS
SELECT business, source, ifNull(identity, '') AS identity, ifNull(guid, '') AS guid, max(if(ts = 0, toDateTime64(0, 3, 'UTC'), occurred_at)) AS last_seen_at
FROM landing.activities
GROUP BY business, source, identity, guid;

CREATE MATERIALIZED VIEW IF NOT EXISTS landing.sightings_of_leads TO landing.sightings AS
SELECT
    business,
    '' AS lead_id,
    replaceRegexpOne(ifNull(coalesce(t.customer_id, t.user_customer_id), ''), '^shopify-', '') AS customer_id,
    ifNull(t.eid, if(empty(ifNull(coalesce(t.email, t.user_email), '')), '', lower(hex(SHA256(lower(trimBoth(assumeNotNull(coalesce(t.email, t.user_email))))))))) AS email_hash,
    ifNull(t.mid, if(empty(replaceRegexpAll(ifNull(coalesce(t.mobile, t.user_mobile), ''), '[^0-9]', '')), '', lower(hex(SHA256(replaceRegexpAll(ifNull(coalesce(t.mobile, t.user_mobile), ''), '[^0-9]', '')))))) AS mobile_hash,
    max(coalesce(t.updated_at, t.created_at, toDateTime64(0, 3, 'UTC'))) AS last_seen_at
FROM landing.leads AS t
GROUP BY business, lead_id, customer_id, email_hash, mobile_hash;

CREATE MATERIALIZED VIEW IF NOT EXISTS landing.sightings_of_coupons TO landing.sightings AS
SELECT
    business,
    ifNull(t.lead_id, '') AS lead_id,
    replaceRegexpOne(ifNull(t.user_customer_id, ''), '^shopify-', '') AS customer_id,
    if(empty(ifNull(t.user_email, '')), '', lower(hex(SHA256(lower(trimBoth(assumeNotNull(t.user_email))))))) AS email_hash,
    if(empty(replaceRegexpAll(ifNull(t.user_mobile, ''), '[^0-9]', '')), '', lower(hex(SHA256(replaceRegexpAll(ifNull(t.user_mobile, ''), '[^0-9]', ''))))) AS mobile_hash,
    max(coalesce(t.updated_at, t.created_at, toDateTime64(0, 3, 'UTC'))) AS last_seen_at
FROM landing.coupons AS t
GROUP BY business, lead_id, customer_id, email_hash, mobile_hash;

CREATE MATERIALIZED VIEW IF NOT EXISTS landing.sightings_of_coin_transactions TO landing.sightings AS
SELECT
    business,
    ifNull(t.lead_id, '') AS lead_id,
    replaceRegexpOne(ifNull(t.user_customer_id, ''), '^shopify-', '') AS customer_id,
    if(empty(ifNull(t.user_email, '')), '', lower(hex(SHA256(lower(trimBoth(assumeNotNull(t.user_email))))))) AS email_hash,
    if(empty(replaceRegexpAll(ifNull(t.user_mobile, ''), '[^0-9]', '')), '', lower(hex(SHA256(replaceRegexpAll(ifNull(t.user_mobile, ''), '[^0-9]', ''))))) AS mobile_hash,
    max(coalesce(t.updated_at, t.created_at, toDateTime64(0, 3, 'UTC'))) AS last_seen_at
FROM landing.coin_transactions AS t
GROUP BY business, lead_id, customer_id, email_hash, mobile_hash;

CREATE MATERIALIZED VIEW IF NOT EXISTS landing.sightings_of_coin_expiries TO landing.sightings AS
SELECT
    business,
    ifNull(t.lead_id, '') AS lead_id,
    replaceRegexpOne(ifNull(t.user_customer_id, ''), '^shopify-', '') AS customer_id,
    if(empty(ifNull(t.user_email, '')), '', lower(hex(SHA256(lower(trimBoth(assumeNotNull(t.user_email))))))) AS email_hash,
    if(empty(replaceRegexpAll(ifNull(t.user_mobile, ''), '[^0-9]', '')), '', lower(hex(SHA256(replaceRegexpAll(ifNull(t.user_mobile, ''), '[^0-9]', ''))))) AS mobile_hash,
    max(coalesce(t.wallet_expiry_notify_generated_on, toDateTime64(0, 3, 'UTC'))) AS last_seen_at
FROM landing.coin_expiries AS t
GROUP BY business, lead_id, customer_id, email_hash, mobile_hash;

CREATE MATERIALIZED VIEW IF NOT EXISTS landing.sightings_of_orders TO landing.sightings AS
SELECT
    business,
    ifNull(t.lead_id, '') AS lead_id,
    replaceRegexpOne(ifNull(t.user_customer_id, ''), '^shopify-', '') AS customer_id,
    if(empty(ifNull(t.user_email, '')), '', lower(hex(SHA256(lower(trimBoth(assumeNotNull(t.user_email))))))) AS email_hash,
    if(empty(replaceRegexpAll(ifNull(t.user_mobile, ''), '[^0-9]', '')), '', lower(hex(SHA256(replaceRegexpAll(ifNull(t.user_mobile, ''), '[^0-9]', ''))))) AS mobile_hash,
    max(coalesce(t.updated_at, t.created_at, toDateTime64(0, 3, 'UTC'))) AS last_seen_at
FROM landing.orders AS t
GROUP BY business, lead_id, customer_id, email_hash, mobile_hash;

CREATE MATERIALIZED VIEW IF NOT EXISTS landing.sightings_of_reviews TO landing.sightings AS
SELECT
    business,
    ifNull(t.lead_id, '') AS lead_id,
    replaceRegexpOne(ifNull(t.user_customer_id, ''), '^shopify-', '') AS customer_id,
    if(empty(ifNull(t.user_email, '')), '', lower(hex(SHA256(lower(trimBoth(assumeNotNull(t.user_email))))))) AS email_hash,
    if(empty(replaceRegexpAll(ifNull(t.user_mobile, ''), '[^0-9]', '')), '', lower(hex(SHA256(replaceRegexpAll(ifNull(t.user_mobile, ''), '[^0-9]', ''))))) AS mobile_hash,
    max(coalesce(t.updated_at, t.created_at, toDateTime64(0, 3, 'UTC'))) AS last_seen_at
FROM landing.reviews AS t
GROUP BY business, lead_id, customer_id, email_hash, mobile_hash;

CREATE MATERIALIZED VIEW IF NOT EXISTS landing.sightings_of_review_requests TO landing.sightings AS
SELECT
    business,
    ifNull(t.lead_id, '') AS lead_id,
    replaceRegexpOne(ifNull(t.user_customer_id, ''), '^shopify-', '') AS customer_id,
    if(empty(ifNull(t.user_email, '')), '', lower(hex(SHA256(lower(trimBoth(assumeNotNull(t.user_email))))))) AS email_hash,
    if(empty(replaceRegexpAll(ifNull(t.user_mobile, ''), '[^0-9]', '')), '', lower(hex(SHA256(replaceRegexpAll(ifNull(t.user_mobile, ''), '[^0-9]', ''))))) AS mobile_hash,
    max(coalesce(t.updated_at, t.created_at, toDateTime64(0, 3, 'UTC'))) AS last_seen_at
FROM landing.review_requests AS t
GROUP BY business, lead_id, customer_id, email_hash, mobile_hash;

CREATE MATERIALIZED VIEW IF NOT EXISTS landing.sightings_of_referrers TO landing.sightings AS
SELECT
    business,
    ifNull(t.referred_by_lead_id, '') AS lead_id,
    '' AS customer_id,
    ifNull(t.referred_by_eid, '') AS email_hash,
    ifNull(t.referred_by_mid, '') AS mobile_hash,
    max(coalesce(t.updated_at, t.created_at, toDateTime64(0, 3, 'UTC'))) AS last_seen_at
FROM landing.referrals AS t
GROUP BY business, lead_id, customer_id, email_hash, mobile_hash;

CREATE MATERIALIZED VIEW IF NOT EXISTS landing.sightings_of_friends TO landing.sightings AS
SELECT
    business,
    ifNull(t.referred_to_lead_id, '') AS lead_id,
    '' AS customer_id,
    ifNull(t.referred_to_eid, '') AS email_hash,
    ifNull(t.referred_to_mid, '') AS mobile_hash,
    max(coalesce(t.updated_at, t.created_at, toDateTime64(0, 3, 'UTC'))) AS last_seen_at
FROM landing.referrals AS t
GROUP BY business, lead_id, customer_id, email_hash, mobile_hash;
