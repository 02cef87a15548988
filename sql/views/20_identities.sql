-- Who is who: every identifier that a webhook carries, and the customer it leads to.
--
-- A customer is named after the best identifier known: `customer:` the shop's customer id without its `shopify-` prefix, else
-- `email:` the SHA-256 of the e-mail (Nector's eid), else `mobile:` that of the digits, else `nector:` Nector's lead id; in the
-- order of the alphabet, so that the best of several is the least. Hashes only: what leaves landing holds no address.

-- Identifiers that were seen together, a row a sighting.
CREATE OR REPLACE VIEW landing.sightings AS
WITH
    lower(hex(SHA256(lower(trimBoth(email))))) AS email_digest,
    lower(hex(SHA256(replaceRegexpAll(mobile, '[^0-9]', '')))) AS mobile_digest
SELECT
    business,
    nullIf(lead_id, '') AS lead_id,
    nullIf(replaceRegexpOne(customer, '^shopify-', ''), '') AS customer_id,
    coalesce(eid, if(email IS NULL, NULL, email_digest)) AS email_hash,
    coalesce(mid, if(mobile IS NULL, NULL, mobile_digest)) AS mobile_hash,
    occurred_at
FROM
(
    SELECT business, NULL::Nullable(String) AS lead_id, coalesce(customer_id, user_customer_id) AS customer, coalesce(email, user_email) AS email, coalesce(mobile, user_mobile) AS mobile, eid, mid, occurred_at FROM landing.leads
    UNION ALL SELECT business, lead_id, user_customer_id, user_email, user_mobile, NULL, NULL, occurred_at FROM landing.coupons
    UNION ALL SELECT business, lead_id, user_customer_id, user_email, user_mobile, NULL, NULL, occurred_at FROM landing.coin_transactions
    UNION ALL SELECT business, lead_id, user_customer_id, user_email, user_mobile, NULL, NULL, occurred_at FROM landing.coin_expiries
    UNION ALL SELECT business, lead_id, user_customer_id, user_email, user_mobile, NULL, NULL, occurred_at FROM landing.orders
    UNION ALL SELECT business, lead_id, user_customer_id, user_email, user_mobile, NULL, NULL, occurred_at FROM landing.reviews
    UNION ALL SELECT business, lead_id, user_customer_id, user_email, user_mobile, NULL, NULL, occurred_at FROM landing.review_requests
    UNION ALL SELECT business, referred_by_lead_id, NULL, NULL, NULL, referred_by_eid, referred_by_mid, occurred_at FROM landing.referrals
    UNION ALL SELECT business, referred_to_lead_id, NULL, NULL, NULL, referred_to_eid, referred_to_mid, occurred_at FROM landing.referrals
    UNION ALL
    SELECT
        a.business, NULL,
        if(s.identity_kind = 'customer_id' AND position(a.identity, '@') = 0, a.identity, NULL),
        if(s.identity_kind = 'email' OR position(a.identity, '@') > 0, a.identity, NULL),
        if(s.identity_kind = 'mobile' AND position(a.identity, '@') = 0, a.identity, NULL),
        NULL, NULL, a.occurred_at
    FROM landing.activities AS a
    LEFT JOIN landing.netcore_sources AS s ON s.business = a.business AND s.source = a.source
);

-- Each identifier and the best one that it was seen with, directly or through one other (a lead id seen with an e-mail that was
-- seen with a customer id).
CREATE OR REPLACE VIEW landing.identities AS
WITH
    together AS
    (
        SELECT business, arrayFilter(part -> part != '', [
            if(customer_id IS NULL, '', concat('customer:', customer_id)),
            if(email_hash IS NULL, '', concat('email:', email_hash)),
            if(mobile_hash IS NULL, '', concat('mobile:', mobile_hash)),
            if(lead_id IS NULL, '', concat('nector:', lead_id))]) AS identifiers
        FROM landing.sightings
    ),
    best AS
    (
        SELECT business, identifier, min(arrayMin(identifiers)) AS better
        FROM (SELECT business, identifiers, arrayJoin(identifiers) AS identifier FROM together)
        GROUP BY business, identifier
    )
SELECT one.business AS business, one.identifier AS identifier, two.better AS customer_key
FROM best AS one
INNER JOIN best AS two ON two.business = one.business AND two.identifier = one.better;
