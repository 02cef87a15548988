-- How far customers get who entered in the period
-- tab: funnel
-- chart: funnel
-- x: step
-- y: customers
-- unit: customers
-- note: Each customer once in the whole period, at the furthest step reached from any entry. So its last share is not the one by day of entry, where a customer counts on each day of entry. Customers in journeys with a Send Webhook step only; steps in order, within the window of the funnel.
SELECT step, customers, step_conversion, overall_conversion, drop_off
FROM analytics.funnel(business = {business:String}, funnel = {funnel:String}, from_day = {from:Date}, to_day = {to:Date})
ORDER BY step_number
