-- What figures are worked out from, and where they are kept. Landing is sorted by record, so that repetitions meet; figures are asked by
-- day and by person. Over ten million events that takes seconds, so it is done ahead, for what has changed alone.
--
-- 1. Facts: each insert into landing copies the few columns that figures need, sorted by day.
-- 2. The stage load notes what an insert changes in landing.changes, before the insert.
-- 3. The stage figures works out anew, from the facts, the days, members and referrals that have changed (sql/figures).
--
-- Nothing is added up from changes: a figure is always worked out anew from all the facts of its day. So a repetition, a late event, a
-- killed server or two computations at once make no figure wrong.
--
-- Facts: sorting key. The day is the one that the vendor's own time falls on (UTC for Nector, the digits of ts for Netcore), which no change
-- of CONFIG_FILE moves: an event that is transformed again under another time zone replaces its earlier self. 1970-01-01 where the event
-- tells no time. Engine and precedence as in landing. Settings: fsync as in landing, as the log forgets a row once it is loaded. Partitions by
-- year: a day is found by the key, a partition is only for dropping. What is asked by member or by record reads a projection: the same rows in another order. 

CREATE TABLE IF NOT EXISTS landing.coin_facts
(
    business         LowCardinality(String),
    stored_day       Date COMMENT 'UTC day of created_at; 1970-01-01 where the event tells none',
    record_key       String,
    record_hash      UInt64 COMMENT 'Hash of business and record_key',
    event_id         UUID,
    created_day      Date COMMENT 'Day of created_at in the time zone of the business',
    occurred_day     Date COMMENT 'Day of occurred_at in the time zone of the business',
    created_at       DateTime64(3, 'UTC'),
    occurred_at      DateTime64(3, 'UTC'),
    recency          UInt256 COMMENT 'Greatest for the latest report of a record: occurred_at, received_at, event_id in one number, as tuples are slow to compare',
    lead_id          String,
    lead_hash        UInt64 COMMENT 'Hash of business and lead_id, which is faster to search than the text',
    operation        LowCardinality(String),
    movement         LowCardinality(String),
    is_successful    Bool,
    amount           Decimal(38, 10),
    closing_balance  Nullable(Decimal(38, 10)),
    consolidated     Tuple(dr Decimal(38, 10), cr Decimal(38, 10)) COMMENT 'What ever left and came, which only grows: tells which of two movements of one moment was later; -1 where not sent',
    precedence       UInt64,
    loaded_at        DateTime64(3, 'UTC'),
    PROJECTION by_lead (SELECT * ORDER BY lead_hash),
    PROJECTION by_record (SELECT * ORDER BY record_hash)
)
ENGINE = ReplacingMergeTree(precedence)
PARTITION BY toYear(stored_day)
ORDER BY (business, stored_day, record_key, event_id)
SETTINGS deduplicate_merge_projection_mode = 'rebuild', fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Coin transactions by day';

CREATE MATERIALIZED VIEW IF NOT EXISTS landing.facts_of_coin_transactions TO landing.coin_facts AS
SELECT
    business,
    ifNull(toDate(t.created_at), toDate(0)) AS stored_day,
    record_key,
    cityHash64(business, record_key) AS record_hash,
    event_id,
    ifNull(t.created_day, toDate(0)) AS created_day,
    t.day AS occurred_day,
    ifNull(t.created_at, toDateTime64(0, 3, 'UTC')) AS created_at,
    t.occurred_at AS occurred_at,
    t.recency AS recency,
    ifNull(t.lead_id, '') AS lead_id,
    cityHash64(business, lead_id) AS lead_hash,
    ifNull(t.operation, '') AS operation,
    t.movement AS movement,
    ifNull(t.status, 'success') = 'success' AS is_successful,
    ifNull(t.amount, 0) AS amount,
    t.closing_balance AS closing_balance,
    (ifNull(t.consolidated_dr, -1), ifNull(t.consolidated_cr, -1)) AS consolidated,
    precedence,
    loaded_at
FROM landing.coin_transactions AS t
WHERE topic != 'unusedwalletcoinrequest_create';

CREATE TABLE IF NOT EXISTS landing.order_facts
(
    business         LowCardinality(String),
    stored_day       Date COMMENT 'UTC day of created_at; 1970-01-01 where the event tells none',
    record_key       String,
    record_hash      UInt64 COMMENT 'Hash of business and record_key',
    event_id         UUID,
    created_day      Date COMMENT 'Day of created_at in the time zone of the business',
    occurred_day     Date COMMENT 'Day of occurred_at in the time zone of the business',
    created_at       DateTime64(3, 'UTC'),
    occurred_at      DateTime64(3, 'UTC'),
    recency          UInt256 COMMENT 'Greatest for the latest report of a record: occurred_at, received_at, event_id in one number, as tuples are slow to compare',
    lead_id          String,
    lead_hash        UInt64 COMMENT 'Hash of business and lead_id, which is faster to search than the text',
    reference_order_id String,
    counts_as_revenue Bool,
    currency         LowCardinality(String),
    fiat_amount      Nullable(Decimal(38, 10)),
    coin_spent       Nullable(Decimal(38, 10)),
    precedence       UInt64,
    loaded_at        DateTime64(3, 'UTC'),
    PROJECTION by_lead (SELECT * ORDER BY lead_hash),
    PROJECTION by_record (SELECT * ORDER BY record_hash)
)
ENGINE = ReplacingMergeTree(precedence)
PARTITION BY toYear(stored_day)
ORDER BY (business, stored_day, record_key, event_id)
SETTINGS deduplicate_merge_projection_mode = 'rebuild', fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Orders by day';

CREATE MATERIALIZED VIEW IF NOT EXISTS landing.facts_of_orders TO landing.order_facts AS
SELECT
    business,
    ifNull(toDate(t.created_at), toDate(0)) AS stored_day,
    record_key,
    cityHash64(business, record_key) AS record_hash,
    event_id,
    ifNull(t.created_day, toDate(0)) AS created_day,
    t.day AS occurred_day,
    ifNull(t.created_at, toDateTime64(0, 3, 'UTC')) AS created_at,
    t.occurred_at AS occurred_at,
    t.recency AS recency,
    ifNull(t.lead_id, '') AS lead_id,
    cityHash64(business, lead_id) AS lead_hash,
    ifNull(t.reference_order_id, '') AS reference_order_id,
    t.counts_as_revenue AS counts_as_revenue,
    t.currency AS currency,
    t.fiat_amount AS fiat_amount,
    t.meta_coin_spent AS coin_spent,
    precedence,
    loaded_at
FROM landing.orders AS t;

CREATE TABLE IF NOT EXISTS landing.activity_facts
(
    business    LowCardinality(String),
    stored_day  Date COMMENT 'Day of the digits of ts, in whatever zone they are meant; 1970-01-01 where there are none',
    action_id   UUID COMMENT 'What the customer did, whichever journeys sent it',
    source      LowCardinality(String),
    activity_id LowCardinality(String),
    email_hash  String COMMENT 'The identity read as an e-mail; '''' where there is no identity',
    mobile_hash String COMMENT 'The identity read as a mobile number',
    customer_id String COMMENT 'The identity read as the shop''s id of the customer',
    guid        String,
    guid_hash   UInt64,
    identifier_hashes Array(UInt64) COMMENT 'Hashes of the three identifiers that the identity may be, 0 where it can be none of that kind: which of them is configuration',
    occurred_at DateTime64(3, 'UTC'),
    day         Date COMMENT 'Day of occurred_at in the time zone of the business',
    precedence  UInt64,
    INDEX by_identifier identifier_hashes TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX by_device guid_hash TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplacingMergeTree(precedence)
PARTITION BY toYear(stored_day)
ORDER BY (business, stored_day, action_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Actions by day';

CREATE MATERIALIZED VIEW IF NOT EXISTS landing.facts_of_activities TO landing.activity_facts AS
SELECT
    business,
    makeDate(2000 + intDiv(ts, 10000000000), intDiv(ts, 100000000) % 100, intDiv(ts, 1000000) % 100) AS stored_day,
    action_id,
    source,
    activity_id,
    ifNull(identity_email_hash, '') AS email_hash,
    ifNull(identity_mobile_hash, '') AS mobile_hash,
    ifNull(identity_customer_id, '') AS customer_id,
    ifNull(guid, '') AS guid,
    cityHash64(guid) AS guid_hash,
    [if(email_hash = '', 0, cityHash64(concat('email:', email_hash))), if(mobile_hash = '', 0, cityHash64(concat('mobile:', mobile_hash))), if(customer_id = '', 0, cityHash64(concat('customer:', customer_id)))] AS identifier_hashes,
    occurred_at,
    day,
    precedence
FROM landing.activities;

-- Records whose reports do not agree on day or member, or tell no day: rare, but a day's facts alone would not tell where they belong.
CREATE TABLE IF NOT EXISTS landing.moved_records
(
    facts       LowCardinality(String) COMMENT 'coins or orders',
    business    LowCardinality(String),
    record_hash UInt64
)
ENGINE = ReplacingMergeTree
ORDER BY (facts, business, record_hash)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Records of several days or members';

-- Who is who. identity_links has each combination of identifiers under each of them; identity_keys where each leads, as the stage figures works it
-- out from them (figures/identity-closure.ts). A row is never changed but followed by a later one; updated_at tells which is the last.
CREATE TABLE IF NOT EXISTS landing.identity_links
(
    business    LowCardinality(String),
    identifier  String,
    identifiers Array(String) COMMENT 'All that were seen together with it, itself among them'
)
ENGINE = ReplacingMergeTree
ORDER BY (business, identifier, identifiers)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Identifiers that were seen together';

CREATE MATERIALIZED VIEW IF NOT EXISTS landing.links_of_identifier_sets TO landing.identity_links AS
SELECT business, identifiers, arrayJoin(identifiers) AS identifier
FROM landing.identifier_sets
WHERE length(identifiers) > 1;

CREATE TABLE IF NOT EXISTS landing.identity_keys
(
    business     LowCardinality(String),
    identifier   String,
    customer_key String COMMENT 'The identifier that it leads to; itself where it leads to none',
    resolution   LowCardinality(String) COMMENT 'direct: it was seen with one customer id; ambiguous: with several, so it ties nobody; connected: with none',
    updated_at   DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(updated_at)
ORDER BY (business, identifier)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Where identifiers lead';

CREATE TABLE IF NOT EXISTS landing.source_arrivals
(
    source           LowCardinality(String),
    last_received_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
    last_loaded_at   SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY source
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'When webhooks of a source last came';

CREATE MATERIALIZED VIEW IF NOT EXISTS landing.arrivals_of_raw_webhooks TO landing.source_arrivals AS
SELECT source, max(received_at) AS last_received_at, max(loaded_at) AS last_loaded_at FROM landing.raw_webhooks GROUP BY source;

-- The figures. A row is never changed but followed by a later one; computed_at tells which is the last.
CREATE TABLE IF NOT EXISTS landing.coin_days
(
    business            LowCardinality(String),
    day                 Date COMMENT 'Day in the time zone of the business',
    coins_issued        Decimal(38, 10),
    coins_redeemed      Decimal(38, 10),
    net_coins           Decimal(38, 10),
    transactions        UInt64,
    customers_earning   UInt64,
    customers_redeeming UInt64,
    computed_at         DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(computed_at)
ORDER BY (business, day)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Figures of coins, a row a day';

CREATE TABLE IF NOT EXISTS landing.coin_leads
(
    business            LowCardinality(String),
    lead_id             String,
    customer_key        String,
    balance             Nullable(Decimal(38, 10)),
    coins_issued        Decimal(38, 10),
    coins_redeemed      Decimal(38, 10),
    net_coins           Decimal(38, 10),
    transactions        UInt64,
    last_transaction_at DateTime64(3, 'UTC'),
    computed_at         DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(computed_at)
ORDER BY (business, lead_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Figures of coins, a row a member';

CREATE TABLE IF NOT EXISTS landing.order_days
(
    business    LowCardinality(String),
    day         Date COMMENT 'Day in the time zone of the business',
    by_currency Array(Tuple(currency String, orders UInt64, revenue Decimal(38, 10), coins_spent Decimal(38, 10), buyers UInt64)),
    computed_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(computed_at)
ORDER BY (business, day)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Figures of orders, a row a day';

CREATE TABLE IF NOT EXISTS landing.referral_figures
(
    business              LowCardinality(String),
    record_key            String,
    created_day           Date COMMENT 'Day of creation in the time zone of the business',
    referral_mode         LowCardinality(Nullable(String)),
    status                LowCardinality(Nullable(String)),
    referred_by_lead_id   Nullable(String),
    referred_to_lead_id   Nullable(String),
    created_at            DateTime64(3, 'UTC'),
    nudged_at             Nullable(DateTime64(3, 'UTC')),
    completed_at          Nullable(DateTime64(3, 'UTC')),
    order_id              Nullable(String),
    order_amount          Nullable(Decimal(38, 10)),
    order_currency        LowCardinality(Nullable(String)),
    referrer_coins        Nullable(Decimal(38, 10)),
    friend_coins          Nullable(Decimal(38, 10)),
    referrer_coupon_value Nullable(Decimal(38, 10)),
    friend_coupon_value   Nullable(Decimal(38, 10)),
    computed_at           DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(computed_at)
ORDER BY (business, record_key)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Referrals with their orders, a row a referral';

-- A day is one row, so that it is written whole or not at all, on a cluster too.
CREATE TABLE IF NOT EXISTS landing.funnel_days
(
    business      LowCardinality(String),
    funnel        LowCardinality(String),
    day           Date COMMENT 'Day of entry in the time zone of the business',
    configuration UInt64 COMMENT 'Hash of the configuration that it was worked out under',
    reached       Array(UInt64) COMMENT 'How many customers reached each step',
    customers     Array(UInt64) COMMENT 'Who entered: hashes of the customer_key',
    levels        Array(UInt8) COMMENT 'Steps that each of them reached',
    computed_at   DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(computed_at)
ORDER BY (business, funnel, day)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'How far customers got in funnels, a row a day of entry';
