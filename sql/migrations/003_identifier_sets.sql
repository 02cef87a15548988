-- Who is who: every set of identifiers that an event named one customer by, once, and when it was last seen. The transform has hashed and
-- normalised them (vendors/identifiers.ts), so that one person has the same identifiers whoever sends them. The views that tell who is
-- who read this instead of every event.
--
-- AggregatingMergeTree: a set that is seen again, or loaded again, merges into its row, so repetition changes nothing.
-- Ordered by the set itself, '' where an identifier is absent; few rows for many events, so no partitions.
CREATE TABLE IF NOT EXISTS landing.identifier_sets
(
    business     LowCardinality(String),
    lead_id      String COMMENT 'Nector''s id of the customer',
    customer_id  String COMMENT 'The shop''s id of the customer, without the prefix of its platform',
    email_hash   String,
    mobile_hash  String,
    identifiers  Array(String) COMMENT 'All of them as identifiers, best first',
    last_seen_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
    tier         SimpleAggregateFunction(max, Tuple(DateTime64(3, 'UTC'), String)) COMMENT 'Tier that an event other than a lead''s named last, and when; '''' where none did',
    type         SimpleAggregateFunction(max, Tuple(DateTime64(3, 'UTC'), String)) COMMENT 'The same of the type of customer'
)
ENGINE = AggregatingMergeTree
ORDER BY (business, lead_id, customer_id, email_hash, mobile_hash, identifiers)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Sets of identifiers that Nector''s webhooks named one customer by';

-- The same for Netcore. What an identity is (e-mail, mobile, customer id) is configuration, so its readings are kept, and one is chosen when a
-- query runs.
CREATE TABLE IF NOT EXISTS landing.netcore_identities
(
    business     LowCardinality(String),
    source       LowCardinality(String),
    email_hash   String COMMENT 'The identity read as an e-mail; '''' where there is no identity',
    mobile_hash  String COMMENT 'The identity read as a mobile number',
    customer_id  String COMMENT 'The identity read as the shop''s id of the customer',
    guid         String COMMENT 'The device that it was seen on',
    last_seen_at SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY (business, source, email_hash, mobile_hash, customer_id, guid)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Identities seen in Netcore activities, and the devices that they were seen on';

-- Filled by each insert into the tables of events. Seen when the event itself says that something happened, 1970 where it says nothing: when
-- a webhook was sent or came would move with every repetition.
CREATE MATERIALIZED VIEW IF NOT EXISTS landing.identities_of_activities TO landing.netcore_identities AS
SELECT
    business, source, ifNull(identity_email_hash, '') AS email_hash, ifNull(identity_mobile_hash, '') AS mobile_hash, ifNull(identity_customer_id, '') AS customer_id, ifNull(t.guid, '') AS guid,
    max(if(ts = 0, toDateTime64(0, 3, 'UTC'), occurred_at)) AS last_seen_at
FROM landing.activities AS t
GROUP BY business, source, email_hash, mobile_hash, customer_id, guid;

CREATE MATERIALIZED VIEW IF NOT EXISTS landing.identifiers_of_leads TO landing.identifier_sets AS
SELECT business, '' AS lead_id, ifNull(t.shop_customer_id, '') AS customer_id, ifNull(t.email_hash, '') AS email_hash, ifNull(t.mobile_hash, '') AS mobile_hash, identifiers, max(coalesce(t.updated_at, t.created_at, toDateTime64(0, 3, 'UTC'))) AS last_seen_at
FROM landing.leads AS t
WHERE notEmpty(identifiers)
GROUP BY business, lead_id, customer_id, email_hash, mobile_hash, identifiers;

CREATE MATERIALIZED VIEW IF NOT EXISTS landing.identifiers_of_coupons TO landing.identifier_sets AS
SELECT business, ifNull(t.lead_id, '') AS lead_id, ifNull(t.shop_customer_id, '') AS customer_id, ifNull(t.email_hash, '') AS email_hash, ifNull(t.mobile_hash, '') AS mobile_hash, identifiers, max(coalesce(t.updated_at, t.created_at, toDateTime64(0, 3, 'UTC'))) AS last_seen_at,
    max(if(t.user_tier IS NULL, (toDateTime64(0, 3, 'UTC'), ''), (coalesce(t.updated_at, t.created_at, toDateTime64(0, 3, 'UTC')), assumeNotNull(t.user_tier)))) AS tier, max(if(t.user_type IS NULL, (toDateTime64(0, 3, 'UTC'), ''), (coalesce(t.updated_at, t.created_at, toDateTime64(0, 3, 'UTC')), assumeNotNull(t.user_type)))) AS type
FROM landing.coupons AS t
WHERE notEmpty(identifiers)
GROUP BY business, lead_id, customer_id, email_hash, mobile_hash, identifiers;

CREATE MATERIALIZED VIEW IF NOT EXISTS landing.identifiers_of_coin_transactions TO landing.identifier_sets AS
SELECT business, ifNull(t.lead_id, '') AS lead_id, ifNull(t.shop_customer_id, '') AS customer_id, ifNull(t.email_hash, '') AS email_hash, ifNull(t.mobile_hash, '') AS mobile_hash, identifiers, max(coalesce(t.updated_at, t.created_at, toDateTime64(0, 3, 'UTC'))) AS last_seen_at,
    max(if(t.user_tier IS NULL, (toDateTime64(0, 3, 'UTC'), ''), (coalesce(t.updated_at, t.created_at, toDateTime64(0, 3, 'UTC')), assumeNotNull(t.user_tier)))) AS tier, max(if(t.user_type IS NULL, (toDateTime64(0, 3, 'UTC'), ''), (coalesce(t.updated_at, t.created_at, toDateTime64(0, 3, 'UTC')), assumeNotNull(t.user_type)))) AS type
FROM landing.coin_transactions AS t
WHERE notEmpty(identifiers)
GROUP BY business, lead_id, customer_id, email_hash, mobile_hash, identifiers;

CREATE MATERIALIZED VIEW IF NOT EXISTS landing.identifiers_of_coin_expiries TO landing.identifier_sets AS
SELECT business, ifNull(t.lead_id, '') AS lead_id, ifNull(t.shop_customer_id, '') AS customer_id, ifNull(t.email_hash, '') AS email_hash, ifNull(t.mobile_hash, '') AS mobile_hash, identifiers, max(coalesce(t.wallet_expiry_notify_generated_on, toDateTime64(0, 3, 'UTC'))) AS last_seen_at,
    max(if(t.user_tier IS NULL, (toDateTime64(0, 3, 'UTC'), ''), (coalesce(t.wallet_expiry_notify_generated_on, toDateTime64(0, 3, 'UTC')), assumeNotNull(t.user_tier)))) AS tier, max(if(t.user_type IS NULL, (toDateTime64(0, 3, 'UTC'), ''), (coalesce(t.wallet_expiry_notify_generated_on, toDateTime64(0, 3, 'UTC')), assumeNotNull(t.user_type)))) AS type
FROM landing.coin_expiries AS t
WHERE notEmpty(identifiers)
GROUP BY business, lead_id, customer_id, email_hash, mobile_hash, identifiers;

CREATE MATERIALIZED VIEW IF NOT EXISTS landing.identifiers_of_orders TO landing.identifier_sets AS
SELECT business, ifNull(t.lead_id, '') AS lead_id, ifNull(t.shop_customer_id, '') AS customer_id, ifNull(t.email_hash, '') AS email_hash, ifNull(t.mobile_hash, '') AS mobile_hash, identifiers, max(coalesce(t.updated_at, t.created_at, toDateTime64(0, 3, 'UTC'))) AS last_seen_at,
    max(if(t.user_tier IS NULL, (toDateTime64(0, 3, 'UTC'), ''), (coalesce(t.updated_at, t.created_at, toDateTime64(0, 3, 'UTC')), assumeNotNull(t.user_tier)))) AS tier, max(if(t.user_type IS NULL, (toDateTime64(0, 3, 'UTC'), ''), (coalesce(t.updated_at, t.created_at, toDateTime64(0, 3, 'UTC')), assumeNotNull(t.user_type)))) AS type
FROM landing.orders AS t
WHERE notEmpty(identifiers)
GROUP BY business, lead_id, customer_id, email_hash, mobile_hash, identifiers;

CREATE MATERIALIZED VIEW IF NOT EXISTS landing.identifiers_of_reviews TO landing.identifier_sets AS
SELECT business, ifNull(t.lead_id, '') AS lead_id, ifNull(t.shop_customer_id, '') AS customer_id, ifNull(t.email_hash, '') AS email_hash, ifNull(t.mobile_hash, '') AS mobile_hash, identifiers, max(coalesce(t.updated_at, t.created_at, toDateTime64(0, 3, 'UTC'))) AS last_seen_at,
    max(if(t.user_tier IS NULL, (toDateTime64(0, 3, 'UTC'), ''), (coalesce(t.updated_at, t.created_at, toDateTime64(0, 3, 'UTC')), assumeNotNull(t.user_tier)))) AS tier, max(if(t.user_type IS NULL, (toDateTime64(0, 3, 'UTC'), ''), (coalesce(t.updated_at, t.created_at, toDateTime64(0, 3, 'UTC')), assumeNotNull(t.user_type)))) AS type
FROM landing.reviews AS t
WHERE notEmpty(identifiers)
GROUP BY business, lead_id, customer_id, email_hash, mobile_hash, identifiers;

CREATE MATERIALIZED VIEW IF NOT EXISTS landing.identifiers_of_review_requests TO landing.identifier_sets AS
SELECT business, ifNull(t.lead_id, '') AS lead_id, ifNull(t.shop_customer_id, '') AS customer_id, ifNull(t.email_hash, '') AS email_hash, ifNull(t.mobile_hash, '') AS mobile_hash, identifiers, max(coalesce(t.updated_at, t.created_at, toDateTime64(0, 3, 'UTC'))) AS last_seen_at,
    max(if(t.user_tier IS NULL, (toDateTime64(0, 3, 'UTC'), ''), (coalesce(t.updated_at, t.created_at, toDateTime64(0, 3, 'UTC')), assumeNotNull(t.user_tier)))) AS tier, max(if(t.user_type IS NULL, (toDateTime64(0, 3, 'UTC'), ''), (coalesce(t.updated_at, t.created_at, toDateTime64(0, 3, 'UTC')), assumeNotNull(t.user_type)))) AS type
FROM landing.review_requests AS t
WHERE notEmpty(identifiers)
GROUP BY business, lead_id, customer_id, email_hash, mobile_hash, identifiers;

-- A topic that we do not know may carry no time of its own: then it names the person, and nothing is said of when.
CREATE MATERIALIZED VIEW IF NOT EXISTS landing.identifiers_of_other_events TO landing.identifier_sets AS
SELECT business, ifNull(t.lead_id, '') AS lead_id, ifNull(t.shop_customer_id, '') AS customer_id, ifNull(t.email_hash, '') AS email_hash, ifNull(t.mobile_hash, '') AS mobile_hash, identifiers, toDateTime64(0, 3, 'UTC') AS last_seen_at
FROM landing.other_events AS t
WHERE notEmpty(identifiers)
GROUP BY business, lead_id, customer_id, email_hash, mobile_hash, identifiers;

CREATE MATERIALIZED VIEW IF NOT EXISTS landing.identifiers_of_referrers TO landing.identifier_sets AS
SELECT business, ifNull(t.referred_by_lead_id, '') AS lead_id, '' AS customer_id, ifNull(t.referred_by_eid, '') AS email_hash, ifNull(t.referred_by_mid, '') AS mobile_hash, referrer_identifiers AS identifiers, max(coalesce(t.updated_at, t.created_at, toDateTime64(0, 3, 'UTC'))) AS last_seen_at
FROM landing.referrals AS t
WHERE notEmpty(referrer_identifiers)
GROUP BY business, lead_id, customer_id, email_hash, mobile_hash, identifiers;

CREATE MATERIALIZED VIEW IF NOT EXISTS landing.identifiers_of_friends TO landing.identifier_sets AS
SELECT business, ifNull(t.referred_to_lead_id, '') AS lead_id, '' AS customer_id, ifNull(t.referred_to_eid, '') AS email_hash, ifNull(t.referred_to_mid, '') AS mobile_hash, friend_identifiers AS identifiers, max(coalesce(t.updated_at, t.created_at, toDateTime64(0, 3, 'UTC'))) AS last_seen_at
FROM landing.referrals AS t
WHERE notEmpty(friend_identifiers)
GROUP BY business, lead_id, customer_id, email_hash, mobile_hash, identifiers;
