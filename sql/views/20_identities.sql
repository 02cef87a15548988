-- Who is who: every identifier that a webhook carries, and the customer it leads to.
--
-- A customer is named after the best identifier known: `customer:` the shop's customer id without its `shopify-` prefix, else
-- `email:` the SHA-256 of the e-mail (Nector's eid), else `mobile:` that of the digits, else `nector:` Nector's lead id; in the
-- order of the alphabet, so that the best of several is the least. Hashes only: what leaves landing holds no address.

-- Identifiers that were seen together, a row a combination, best first.
CREATE OR REPLACE VIEW landing.sighted_together AS
SELECT
    business, lead_id, customer_id, email_hash, mobile_hash, last_seen_at,
    arrayFilter(part -> part != '', [
        if(customer_id = '', '', concat('customer:', customer_id)),
        if(email_hash = '', '', concat('email:', email_hash)),
        if(mobile_hash = '', '', concat('mobile:', mobile_hash)),
        if(lead_id = '', '', concat('nector:', lead_id))]) AS identifiers
FROM
(
    SELECT business, lead_id, customer_id, email_hash, mobile_hash, last_seen_at FROM landing.sightings
    UNION ALL
    SELECT
        s.business, '',
        if(kind = 'customer_id', replaceRegexpOne(s.identity, '^shopify-', ''), ''),
        if(kind = 'email', lower(hex(SHA256(lower(trimBoth(s.identity))))), ''),
        if(kind = 'mobile', lower(hex(SHA256(replaceRegexpAll(s.identity, '[^0-9]', '')))), ''),
        s.last_seen_at
    FROM
    (
        -- whatever the panel's key is said to be, what looks like an e-mail must not leave landing in clear
        SELECT n.*, if(position(n.identity, '@') > 0, 'email', c.identity_kind) AS kind
        FROM landing.netcore_sightings AS n
        LEFT JOIN landing.netcore_sources AS c ON c.business = n.business AND c.source = n.source
        WHERE n.identity != ''
    ) AS s
)
WHERE notEmpty(identifiers)
SETTINGS join_use_nulls = 0;

-- Each identifier and the best one that it was seen with, directly or through up to three others (a lead id seen with a mobile that was
-- seen with an e-mail that was seen with a customer id).
CREATE OR REPLACE VIEW landing.identities AS
WITH
    best AS
    (
        SELECT business, identifier, min(identifiers[1]) AS better
        FROM landing.sighted_together
        ARRAY JOIN identifiers AS identifier
        GROUP BY business, identifier
    ),
    twice AS
    (
        SELECT one.business AS business, one.identifier AS identifier, two.better AS better
        FROM best AS one
        INNER JOIN best AS two ON two.business = one.business AND two.identifier = one.better
    )
SELECT one.business AS business, one.identifier AS identifier, two.better AS customer_key
FROM twice AS one
INNER JOIN twice AS two ON two.business = one.business AND two.identifier = one.better
SETTINGS join_use_nulls = 0;
