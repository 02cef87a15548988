-- Who is who: every identifier that a webhook carries, and the customer it leads to.
--
-- A customer is named after the best identifier known: `customer:` the shop's customer id without its platform's prefix, else
-- `email:` the SHA-256 of the e-mail (Nector's eid), else `mobile:` that of the number, else `nector:` Nector's lead id; in the
-- order of the alphabet, so that the best of several is the least. The transform makes them (vendors/identifiers.ts). Hashes only: what leaves
-- landing holds no address.

-- What each Netcore identity is, by the configuration as it is now. An e-mail is one, whatever the panel's key is said to be.
CREATE OR REPLACE VIEW landing.netcore_identifiers AS
SELECT
    n.business AS business, n.source AS source, n.email_hash AS email_hash, n.mobile_hash AS mobile_hash, n.customer_id AS customer_id, n.guid AS guid, n.last_seen_at AS last_seen_at,
    multiIf(
        n.email_hash = '', '',
        c.identity_kind = 'email' OR n.customer_id = '', concat('email:', n.email_hash),
        c.identity_kind = 'mobile' AND n.mobile_hash != '', concat('mobile:', n.mobile_hash),
        c.identity_kind = 'customer_id', concat('customer:', n.customer_id),
        '') AS identifier
FROM landing.netcore_identities AS n
LEFT JOIN landing.netcore_sources AS c ON c.business = n.business AND c.source = n.source
SETTINGS join_use_nulls = 0;

-- Sets of identifiers that were seen together, of both vendors.
CREATE OR REPLACE VIEW landing.identifiers_seen AS
SELECT business, lead_id, customer_id, email_hash, mobile_hash, identifiers, last_seen_at FROM landing.identifier_sets
UNION ALL
SELECT
    business, '',
    if(startsWith(identifier, 'customer:'), customer_id, ''),
    if(startsWith(identifier, 'email:'), email_hash, ''),
    if(startsWith(identifier, 'mobile:'), mobile_hash, ''),
    [identifier], last_seen_at
FROM landing.netcore_identifiers
WHERE identifier != '';

-- What must be added to identity_keys. Each combination of identifiers takes the best key that any of them leads to; whoever got a better one
-- is looked at again the next time, with all whom it was seen with. So a refresh carries a key one hop further, until nothing changes.
CREATE OR REPLACE VIEW landing.dirty_identity_keys AS
WITH
    (SELECT max(updated_at) - toIntervalSecond((SELECT seconds FROM landing.grace_period)) FROM landing.identity_keys WHERE business = '' AND identifier = '') AS since,
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
-- the watermark last, so that it is never ahead of what was worked out
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
SELECT DISTINCT business, guid, concat('visitor:', guid) AS identifier, n.identifier AS leads_to
FROM landing.netcore_identifiers AS n
WHERE guid != '' AND leads_to != '';

-- The device of an anonymous visitor, once it was seen with an identity: the best customer among those that it was seen with.
CREATE OR REPLACE VIEW landing.identified_devices AS
SELECT d.business AS business, d.identifier AS identifier, min(if(k.customer_key = '', d.leads_to, k.customer_key)) AS customer_key
FROM landing.device_identifiers AS d
LEFT JOIN landing.identities AS k ON k.business = d.business AND k.identifier = d.leads_to
GROUP BY business, identifier
SETTINGS join_use_nulls = 0;
