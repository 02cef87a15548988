-- How to reach a customer: read by user crm only, who exists where CRM_PASSWORD is set. An address counts as last reported.
CREATE OR REPLACE VIEW contacts.customers
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    l.business AS business,
    if(i.customer_key = '', l.identifier, i.customer_key) AS customer_key,
    argMax(l.name, l.recency) AS name,
    argMax(l.email, l.recency) AS email,
    argMax(l.mobile, l.recency) AS mobile,
    argMax(l.accept_email, l.recency) AS accept_email,
    argMax(l.accept_mobile, l.recency) AS accept_mobile
FROM landing.lead_states AS l
LEFT JOIN landing.identities AS i ON i.business = l.business AND i.identifier = l.identifier
WHERE l.identifier != ''
GROUP BY business, customer_key
SETTINGS join_use_nulls = 0;
