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
        if(kind = 'mobile' AND match(s.identity, '[0-9]'), lower(hex(SHA256(replaceRegexpAll(s.identity, '[^0-9]', '')))), ''),
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

-- What must be added to identity_keys. Each combination of identifiers takes the best key that any of them leads to; whoever got a better one
-- is looked at again the next time, with all whom it was seen with. So a refresh carries a key one hop further, until nothing changes.
CREATE OR REPLACE VIEW landing.due_identity_keys AS
WITH
    (SELECT max(updated_at) - toIntervalSecond((SELECT seconds FROM landing.settling)) FROM landing.identity_keys WHERE business = '' AND identifier = '') AS since,
    changed AS
    (
        SELECT business, identifiers FROM landing.identity_links WHERE linked_at >= since
        UNION DISTINCT
        SELECT business, identifiers
        FROM landing.identity_links
        WHERE (business, identifier) GLOBAL IN (SELECT business, identifier FROM landing.identity_keys WHERE updated_at >= since AND identifier != '')
    ),
    known AS
    (
        SELECT business, identifier, min(customer_key) AS customer_key
        FROM landing.identity_keys
        WHERE (business, identifier) GLOBAL IN (SELECT business, arrayJoin(identifiers) FROM changed)
        GROUP BY business, identifier
    ),
    led AS
    (
        SELECT
            c.business AS business,
            c.identifiers AS identifiers,
            groupArray((c.identifier, if(k.customer_key = '', c.identifier, k.customer_key))) AS keys,
            min(if(k.customer_key = '', c.identifier, k.customer_key)) AS best
        FROM (SELECT business, identifiers, arrayJoin(identifiers) AS identifier FROM changed) AS c
        LEFT JOIN known AS k ON k.business = c.business AND k.identifier = c.identifier
        GROUP BY business, identifiers
    )
SELECT business, identifier, customer_key, if(identifier = '', now64(3, 'UTC'), nowInBlock64(3, 'UTC')) AS updated_at
FROM
(
    SELECT business, key.1 AS identifier, min(best) AS customer_key
    FROM led
    ARRAY JOIN keys AS key
    WHERE best < key.2
    GROUP BY business, identifier
    UNION ALL
    SELECT '', '', ''
    WHERE (SELECT max(linked_at) FROM landing.identity_links) >= since OR (SELECT max(updated_at) FROM landing.identity_keys WHERE identifier != '') >= since
)
-- the mark last, so that it is not written without what it stands for
ORDER BY identifier = ''
SETTINGS join_use_nulls = 0;

-- The best identifier that each leads to: the least of all that are connected with it, directly or through others. Who is not here
-- leads to itself.
CREATE OR REPLACE VIEW landing.identities AS
SELECT business, identifier, min(k.customer_key) AS customer_key
FROM landing.identity_keys AS k
WHERE identifier != ''
GROUP BY business, identifier;

-- What was seen on each device: it links no two identities with each other, as a household may share it.
CREATE OR REPLACE VIEW landing.device_identifiers AS
SELECT *
FROM
(
    SELECT
        l.business AS business,
        l.guid AS guid,
        concat('visitor:', l.guid) AS identifier,
        multiIf(
            s.identity_kind = 'email' OR position(l.identity, '@') > 0, concat('email:', lower(hex(SHA256(lower(trimBoth(l.identity)))))),
            s.identity_kind = 'mobile' AND match(l.identity, '[0-9]'), concat('mobile:', lower(hex(SHA256(replaceRegexpAll(l.identity, '[^0-9]', ''))))),
            s.identity_kind = 'customer_id', concat('customer:', replaceRegexpOne(l.identity, '^shopify-', '')),
            '') AS leads_to
    FROM (SELECT DISTINCT business, guid, source, identity FROM landing.device_links) AS l
    LEFT JOIN landing.netcore_sources AS s ON s.business = l.business AND s.source = l.source
)
WHERE leads_to != ''
SETTINGS join_use_nulls = 0;

-- The device of an anonymous visitor, once it was seen with an identity: the best customer among those that it was seen with.
CREATE OR REPLACE VIEW landing.identified_devices AS
SELECT d.business AS business, d.identifier AS identifier, min(if(k.customer_key = '', d.leads_to, k.customer_key)) AS customer_key
FROM landing.device_identifiers AS d
LEFT JOIN landing.identities AS k ON k.business = d.business AND k.identifier = d.leads_to
GROUP BY business, identifier
SETTINGS join_use_nulls = 0;
