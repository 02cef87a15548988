-- Every report of a member of the loyalty programme, with the identifier that it is known by; the most recent one counts.
CREATE OR REPLACE VIEW landing.lead_states AS
SELECT
    business, tier, type, referral_code, referred_by_referral_code, created_at, name, coalesce(l.email, user_email) AS email, coalesce(l.mobile, user_mobile) AS mobile, accept_email, accept_mobile,
    recency,
    if(arrayFirst(one -> (business, one) GLOBAL NOT IN (SELECT business, identifier FROM landing.ambiguous_identifiers), identifiers) AS usable = '', identifiers[1], usable) AS identifier
FROM landing.leads AS l FINAL;

-- Every customer known to either vendor once. The latest report of the member counts, blanks included: each carries the whole state, and a vendor
-- that erases a person blanks it. In a tuple, as argMax passes over NULL. Tier and type are named by other events as well, such as an order.
CREATE OR REPLACE VIEW analytics.customers
(
    business                  LowCardinality(String)                                       COMMENT 'Business of CONFIG_FILE',
    customer_key              String                                                       COMMENT 'The person, the same in every view and for both vendors: customer:, email:, mobile: or nector: and an id or hash',
    lead_id                   Nullable(String)                                             COMMENT 'Nector''s id of the member; where there are several, the one seen last',
    customer_id               Nullable(String)                                             COMMENT 'The shop''s id of the customer, without the prefix of its platform',
    email_hash                Nullable(String)                                             COMMENT 'SHA-256 of the trimmed e-mail in lower case, as hex; equals Nector''s eid',
    mobile_hash               Nullable(String)                                             COMMENT 'SHA-256 of the digits of the mobile number with its country code, as hex',
    tier                      Nullable(String)                                             COMMENT 'Tier of the programme, as any event named it last',
    type                      Nullable(String)                                             COMMENT 'Type of member, as any event named it last',
    referral_code             Nullable(String)                                             COMMENT 'The member''s own referral code',
    referred_by_referral_code Nullable(String)                                             COMMENT 'Code of who referred the member',
    created_at                Nullable(DateTime64(3, 'UTC'))                               COMMENT 'When the member joined, UTC',
    last_seen_at              Nullable(DateTime64(3, 'UTC')) COMMENT 'When an event last named the person, UTC'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
WITH
    person AS
    (
        SELECT
            s.business AS business,
            if(i.customer_key = '', s.identifier, i.customer_key) AS customer_key,
            -- of several of one moment the greatest: which was last is not told, but the answer is always the same
            argMaxIf(s.lead_id, (s.last_seen_at, s.lead_id), s.lead_id != '') AS lead_id,
            argMaxIf(s.customer_id, (s.last_seen_at, s.customer_id), s.customer_id != '') AS customer_id,
            argMaxIf(s.email_hash, (s.last_seen_at, s.email_hash), s.email_hash != '') AS email_hash,
            argMaxIf(s.mobile_hash, (s.last_seen_at, s.mobile_hash), s.mobile_hash != '') AS mobile_hash,
            max(s.last_seen_at) AS last_seen_at
        FROM (SELECT *, if(arrayFirst(one -> (business, one) GLOBAL NOT IN (SELECT business, identifier FROM landing.ambiguous_identifiers), identifiers) AS usable = '', identifiers[1], usable) AS identifier FROM landing.identifiers_seen) AS s
        LEFT JOIN landing.identities AS i ON i.business = s.business AND i.identifier = s.identifier
        GROUP BY business, customer_key
    ),
    -- tier and type as any event names them: of leads each report, blanks included; of others what they name. A lead's report of the same moment is preferred
    report AS
    (
        SELECT business, identifier, recency, 1 AS tells_tier, 1 AS tells_type, tier, type FROM landing.lead_states
        UNION ALL
        SELECT business, if(arrayFirst(one -> (business, one) GLOBAL NOT IN (SELECT business, identifier FROM landing.ambiguous_identifiers), identifiers) AS usable = '', identifiers[1], usable), bitShiftLeft(toUInt256(toUnixTimestamp64Milli(t.tier.1)), 192), 1, 0, nullIf(t.tier.2, ''), NULL FROM landing.identifier_sets AS t WHERE t.tier.2 != ''
        UNION ALL
        SELECT business, if(arrayFirst(one -> (business, one) GLOBAL NOT IN (SELECT business, identifier FROM landing.ambiguous_identifiers), identifiers) AS usable = '', identifiers[1], usable), bitShiftLeft(toUInt256(toUnixTimestamp64Milli(t.type.1)), 192), 0, 1, NULL, nullIf(t.type.2, '') FROM landing.identifier_sets AS t WHERE t.type.2 != ''
        UNION ALL
        SELECT business, if(arrayFirst(one -> (business, one) GLOBAL NOT IN (SELECT business, identifier FROM landing.ambiguous_identifiers), identifiers) AS usable = '', identifiers[1], usable), bitShiftLeft(toUInt256(toUnixTimestamp64Milli(occurred_at)), 192), 1, 0, tier, NULL FROM landing.other_events FINAL WHERE tier IS NOT NULL
        UNION ALL
        SELECT business, if(arrayFirst(one -> (business, one) GLOBAL NOT IN (SELECT business, identifier FROM landing.ambiguous_identifiers), identifiers) AS usable = '', identifiers[1], usable), bitShiftLeft(toUInt256(toUnixTimestamp64Milli(occurred_at)), 192), 0, 1, NULL, type FROM landing.other_events FINAL WHERE type IS NOT NULL
    ),
    told AS
    (
        SELECT
            r.business AS business,
            if(i.customer_key = '', r.identifier, i.customer_key) AS customer_key,
            argMaxIf(tuple(r.tier), (r.recency, r.tier), r.tells_tier).1 AS tier,
            argMaxIf(tuple(r.type), (r.recency, r.type), r.tells_type).1 AS type
        FROM report AS r
        LEFT JOIN landing.identities AS i ON i.business = r.business AND i.identifier = r.identifier
        WHERE r.identifier != ''
        GROUP BY business, customer_key
    ),
    member AS
    (
        SELECT
            l.business AS business,
            if(i.customer_key = '', l.identifier, i.customer_key) AS customer_key,
            argMax(tuple(l.referral_code), l.recency).1 AS referral_code,
            argMax(tuple(l.referred_by_referral_code), l.recency).1 AS referred_by_referral_code,
            min(l.created_at) AS created_at
        FROM landing.lead_states AS l
        LEFT JOIN landing.identities AS i ON i.business = l.business AND i.identifier = l.identifier
        WHERE l.identifier != ''
        GROUP BY business, customer_key
    )
SELECT
    p.business AS business,
    p.customer_key AS customer_key,
    nullIf(p.lead_id, '') AS lead_id,
    nullIf(p.customer_id, '') AS customer_id,
    nullIf(p.email_hash, '') AS email_hash,
    nullIf(p.mobile_hash, '') AS mobile_hash,
    t.tier AS tier,
    t.type AS type,
    m.referral_code AS referral_code,
    m.referred_by_referral_code AS referred_by_referral_code,
    m.created_at AS created_at,
    -- cast, as the table behind says SimpleAggregateFunction, which drivers do not know
    CAST(nullIf(p.last_seen_at, toDateTime64(0, 3, 'UTC')), 'Nullable(DateTime64(3, \'UTC\'))') AS last_seen_at
FROM person AS p
LEFT JOIN told AS t ON t.business = p.business AND t.customer_key = p.customer_key
LEFT JOIN member AS m ON m.business = p.business AND m.customer_key = p.customer_key
SETTINGS join_use_nulls = 0
COMMENT 'Every person whom either vendor knows, once. E-mail and mobile only as hash';
