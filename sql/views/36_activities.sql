-- Behavioural events, each once: what several journeys sent of one action is one row. The name of the step comes from the configuration as it
-- is now. The identity is a hash where it is an e-mail or mobile, or where its source is configured no more; free parameters, which may hold
-- anything, stay in landing.
CREATE OR REPLACE VIEW landing.actions AS
SELECT
    business, activity_id, ts, action_id,
    -- as of the event that arrived first: sources of one panel may have other time zones
    argMax(a.source, a.precedence) AS source,
    argMax(a.occurred_at, a.precedence) AS occurred_at,
    argMax(a.day, a.precedence) AS day,
    -- all but the journeys and the event is equal in each of an action's events
    any(a.identity_email_hash) AS identity_email_hash,
    any(a.identity_mobile_hash) AS identity_mobile_hash,
    any(a.identity_customer_id) AS identity_customer_id,
    any(a.guid) AS guid,
    any(a.channel) AS channel,
    any(a.activity_source) AS activity_source,
    any(a.asset_name) AS asset_name,
    arraySort(groupUniqArrayIf(assumeNotNull(a.journey_name), a.journey_name IS NOT NULL)) AS journey_names,
    min(a.journey_name) AS journey_name,
    min(a.webhook_name) AS webhook_name,
    min(a.event_id) AS event_id
FROM landing.activities AS a FINAL
GROUP BY business, activity_id, ts, action_id
SETTINGS optimize_aggregation_in_order = 1;

CREATE OR REPLACE VIEW landing.named_activities AS
SELECT
    a.*,
    multiIf(
        a.identity_email_hash IS NULL, if(a.guid IS NULL, '', concat('visitor:', a.guid)),
        s.identity_kind = 'email' OR a.identity_customer_id IS NULL, concat('email:', a.identity_email_hash),
        s.identity_kind = 'mobile' AND a.identity_mobile_hash IS NOT NULL, concat('mobile:', a.identity_mobile_hash),
        s.identity_kind = 'customer_id', concat('customer:', a.identity_customer_id),
        concat('unknown:', a.identity_email_hash)) AS identifier,
    -- the part behind the kind
    if(a.identity_email_hash IS NULL, NULL, substring(identifier, position(identifier, ':') + 1)) AS known_as,
    n.step AS step
FROM landing.actions AS a
LEFT JOIN landing.netcore_sources AS s ON s.business = a.business AND s.source = a.source
LEFT JOIN landing.activity_steps AS n ON n.business = a.business AND n.source = a.source AND n.activity_id = a.activity_id
SETTINGS join_use_nulls = 0;

CREATE OR REPLACE VIEW analytics.activities
(
    business        LowCardinality(String)           COMMENT 'Business of CONFIG_FILE',
    customer_key    Nullable(String)                 COMMENT 'The person, the same in every view and for both vendors: customer:, email:, mobile:, nector: or visitor: and an id or hash; null where nobody is known',
    identity        Nullable(String)                 COMMENT 'Netcore''s key of the user: the id, or a hash where it is an e-mail or mobile',
    occurred_at     DateTime64(3, 'UTC')             COMMENT 'When it happened, UTC, to the second',
    day             Date                             COMMENT 'Day of occurred_at in the time zone of the business',
    activity_id     LowCardinality(String)           COMMENT 'Netcore''s id of the activity',
    step            Nullable(String)                 COMMENT 'Name of the activity in CONFIG_FILE; null where it has none',
    channel         LowCardinality(Nullable(String)) COMMENT 'Channel, such as custom_activity',
    journey_name    LowCardinality(Nullable(String)) COMMENT 'Journey that sent it; where several did, the first by name',
    journey_names   Array(LowCardinality(String))    COMMENT 'All journeys that sent it, by name',
    webhook_name    LowCardinality(Nullable(String)) COMMENT 'Webhook step that sent it; where several did, the first by name',
    activity_source LowCardinality(Nullable(String)) COMMENT 'Where the activity came from, such as web or app',
    asset_name      LowCardinality(Nullable(String)) COMMENT 'Site or app',
    guid            Nullable(String)                 COMMENT 'Anonymous id of the device',
    event_id        UUID                             COMMENT 'Deterministic id of the event: the same activity sent again has the same id; where several journeys sent it, the least'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    a.business AS business,
    -- cast, as the tables behind say SimpleAggregateFunction, which drivers do not know
    CAST(nullIf(multiIf(i.customer_key != '', i.customer_key, d.customer_key != '', d.customer_key, a.identifier), ''), 'Nullable(String)') AS customer_key,
    a.known_as AS identity,
    a.occurred_at AS occurred_at,
    a.day AS day,
    a.activity_id AS activity_id,
    nullIf(a.step, '') AS step,
    a.channel AS channel,
    a.journey_name AS journey_name,
    a.journey_names AS journey_names,
    a.webhook_name AS webhook_name,
    a.activity_source AS activity_source,
    a.asset_name AS asset_name,
    a.guid AS guid,
    a.event_id AS event_id
FROM landing.named_activities AS a
LEFT JOIN landing.identities AS i ON i.business = a.business AND i.identifier = a.identifier
LEFT JOIN landing.identified_devices AS d ON d.business = a.business AND d.identifier = a.identifier
SETTINGS join_use_nulls = 0
COMMENT 'Behavioural events, each once. Of users in journeys with a Send Webhook step only: Netcore sends no others';

CREATE OR REPLACE VIEW analytics.activity_items
(
    business     LowCardinality(String)           COMMENT 'Business of CONFIG_FILE',
    customer_key Nullable(String)                 COMMENT 'The person, the same in every view and for both vendors: customer:, email:, mobile:, nector: or visitor: and an id or hash; null where nobody is known',
    identity     Nullable(String)                 COMMENT 'Netcore''s key of the user: the id, or a hash where it is an e-mail or mobile',
    occurred_at  DateTime64(3, 'UTC')             COMMENT 'When the activity happened, UTC, to the second',
    day          Date                             COMMENT 'Day of occurred_at in the time zone of the business',
    activity_id  LowCardinality(String)           COMMENT 'Netcore''s id of the activity',
    step         Nullable(String)                 COMMENT 'Name of the activity in CONFIG_FILE; null where it has none',
    channel      LowCardinality(Nullable(String)) COMMENT 'Channel, such as custom_activity',
    journey_name LowCardinality(Nullable(String)) COMMENT 'Journey that sent it; where several did, the first by name',
    event_id     UUID                             COMMENT 'Id of the activity; equal for its items',
    item_index   Int32                            COMMENT 'Number of the item within its activity, from 0',
    prid         Nullable(String)                 COMMENT 'Id of the product',
    name         Nullable(String)                 COMMENT 'Name of the product',
    category     LowCardinality(Nullable(String)) COMMENT 'Category of the product',
    brand        LowCardinality(Nullable(String)) COMMENT 'Brand of the product',
    variant      Nullable(String)                 COMMENT 'Variant of the product',
    prqt         Nullable(Decimal(38, 10))        COMMENT 'Quantity',
    price        Nullable(Decimal(38, 10))        COMMENT 'Price of one, in currency',
    currency     LowCardinality(Nullable(String)) COMMENT 'Currency of the price'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    a.business AS business,
    a.customer_key AS customer_key,
    a.identity AS identity,
    a.occurred_at AS occurred_at,
    a.day AS day,
    a.activity_id AS activity_id,
    a.step AS step,
    a.channel AS channel,
    a.journey_name AS journey_name,
    a.event_id AS event_id,
    t.item_index AS item_index,
    t.prid AS prid,
    t.name AS name,
    t.category AS category,
    t.brand AS brand,
    t.variant AS variant,
    t.prqt AS prqt,
    t.price AS price,
    t.currency AS currency
FROM landing.activity_items AS t FINAL
INNER JOIN analytics.activities AS a ON a.business = t.business AND a.event_id = t.event_id
SETTINGS join_use_nulls = 0
COMMENT 'Items of the activities, such as products in a cart, a row an item';
