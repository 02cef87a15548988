-- Customers who enter and who finish, by day of entry
-- tab: funnel
-- chart: line
-- x: day
-- y: entered, finished
-- unit: customers
SELECT f.day AS day, argMin(f.customers, f.step_number) AS entered, argMax(f.customers, f.step_number) AS finished
FROM analytics.funnel_daily AS f
WHERE f.business = {business:String} AND f.funnel = {funnel:String} AND f.day BETWEEN {from:Date} AND {to:Date}
GROUP BY day
ORDER BY day WITH FILL FROM {from:Date} TO {to:Date} + 1
