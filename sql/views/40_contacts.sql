-- How to reach a customer: read by user crm only, who exists where CRM_PASSWORD is set.
CREATE OR REPLACE VIEW contacts.customers
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    l.business AS business,
    i.customer_key AS customer_key,
    l.name AS name,
    l.email AS email,
    l.mobile AS mobile,
    l.accept_email AS accept_email,
    l.accept_mobile AS accept_mobile
FROM
(
    SELECT
        business, name, email, mobile, accept_email, accept_mobile, occurred_at,
        if(customer_id IS NULL, concat('email:', ifNull(eid, '')), concat('customer:', replaceRegexpOne(customer_id, '^shopify-', ''))) AS identifier
    FROM landing.leads FINAL
    ORDER BY occurred_at DESC, received_at DESC, event_id
    LIMIT 1 BY business, record_key
) AS l
INNER JOIN landing.identities AS i ON i.business = l.business AND i.identifier = l.identifier
ORDER BY l.occurred_at DESC
LIMIT 1 BY l.business, i.customer_key;
