-- How to reach a customer: read by user crm only, who exists where CRM_PASSWORD is set. An address counts as last reported, blanks included:
-- a vendor that erases a person blanks it.
CREATE OR REPLACE VIEW contacts.customers
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    l.business AS business,
    if(i.customer_key = '', l.identifier, i.customer_key) AS customer_key,
    argMax(tuple(l.name), l.recency).1 AS name,
    argMax(tuple(l.email), l.recency).1 AS email,
    argMax(tuple(l.mobile), l.recency).1 AS mobile,
    argMax(tuple(l.accept_email), l.recency).1 AS accept_email,
    argMax(tuple(l.accept_mobile), l.recency).1 AS accept_mobile
FROM landing.lead_states AS l
LEFT JOIN landing.identities AS i ON i.business = l.business AND i.identifier = l.identifier
WHERE l.identifier != ''
GROUP BY business, customer_key
SETTINGS join_use_nulls = 0;
