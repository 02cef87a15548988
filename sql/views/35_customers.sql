-- Every customer known to either vendor once.
CREATE OR REPLACE VIEW analytics.customers
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
WITH
    person AS
    (
        SELECT
            i.business AS business,
            i.customer_key AS customer_key,
            argMaxIf(s.lead_id, s.last_seen_at, s.lead_id != '') AS lead_id,
            argMaxIf(s.customer_id, s.last_seen_at, s.customer_id != '') AS customer_id,
            argMaxIf(s.email_hash, s.last_seen_at, s.email_hash != '') AS email_hash,
            argMaxIf(s.mobile_hash, s.last_seen_at, s.mobile_hash != '') AS mobile_hash,
            max(s.last_seen_at) AS last_seen_at
        FROM landing.sighted_together AS s
        INNER JOIN landing.identities AS i ON i.business = s.business AND i.identifier = s.identifiers[1]
        GROUP BY i.business, i.customer_key
    ),
    lead AS
    (
        SELECT
            business, tier, type, referral_code, referred_by_referral_code, created_at,
            if(customer_id IS NULL, concat('email:', ifNull(eid, '')), concat('customer:', replaceRegexpOne(customer_id, '^shopify-', ''))) AS identifier
        FROM landing.leads FINAL
        ORDER BY occurred_at DESC, received_at DESC, event_id
        LIMIT 1 BY business, record_key
    ),
    member AS
    (
        SELECT l.*, i.customer_key AS customer_key
        FROM lead AS l
        INNER JOIN landing.identities AS i ON i.business = l.business AND i.identifier = l.identifier
        ORDER BY l.created_at
        LIMIT 1 BY l.business, i.customer_key
    )
SELECT
    p.business AS business,
    p.customer_key AS customer_key,
    nullIf(p.lead_id, '') AS lead_id,
    nullIf(p.customer_id, '') AS customer_id,
    nullIf(p.email_hash, '') AS email_hash,
    nullIf(p.mobile_hash, '') AS mobile_hash,
    m.tier AS tier,
    m.type AS type,
    m.referral_code AS referral_code,
    m.referred_by_referral_code AS referred_by_referral_code,
    m.created_at AS created_at,
    p.last_seen_at AS last_seen_at
FROM person AS p
LEFT JOIN member AS m ON m.business = p.business AND m.customer_key = p.customer_key;
