-- Who is who: every identifier that a webhook carries, and the customer it leads to.
--
-- A customer is named after the best identifier known: `customer:` the shop's customer id without its platform's prefix, else
-- `email:` the SHA-256 of the e-mail (Nector's eid), else `mobile:` that of the number, else `nector:` Nector's lead id; in the
-- order of the alphabet, so that the best of several is the least. The transform makes them (vendors/identifiers.ts), and the stage figures works
-- out which leads where (figures/identity-closure.ts). Hashes only: what leaves landing holds no address.

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

-- Where each identifier leads. Who is not here leads to itself.
CREATE OR REPLACE VIEW landing.identities AS
SELECT business, identifier, customer_key
FROM landing.identity_keys FINAL
WHERE customer_key != identifier;

-- Identifiers that several customers share: an event is known by the best of its others.
CREATE OR REPLACE VIEW landing.ambiguous_identifiers AS
SELECT business, identifier
FROM landing.identity_keys FINAL
WHERE resolution = 'ambiguous';

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
