-- Share that reaches the last step, by day of entry
-- tab: funnel
-- chart: line
-- x: day
-- y: overall_conversion
-- unit: percent
-- note: Of the customers who entered on a day, those who reached the last step; a customer who enters on two days counts on both, and once in the share over the period. Customers in journeys with a Send Webhook step only. The last days still grow while windows are open.
SELECT f.day AS day, argMax(f.overall_conversion, f.step_number) AS overall_conversion
FROM analytics.funnel_daily AS f
WHERE f.business = {business:String} AND f.funnel = {funnel:String} AND f.day BETWEEN {from:Date} AND {to:Date}
GROUP BY day
ORDER BY day WITH FILL FROM {from:Date} TO {to:Date} + 1
