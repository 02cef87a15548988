-- How far do customers of the last 30 days get from search to purchase?
-- The funnel and its window are those of CONFIG_FILE; name your own business and funnel. Only users in journeys with a "Send Webhook" step
-- are counted: Netcore sends no others.
SELECT step_number, step, customers, step_conversion, overall_conversion, drop_off
FROM analytics.funnel(business = 'my-shop', funnel = 'purchase', from_day = today() - 30, to_day = today())
ORDER BY step_number;
