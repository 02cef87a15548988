-- Revenue by day
-- tab: overview
-- chart: bar
-- x: day
-- y: revenue
-- unit: currency
-- note: Orders in the currency of the business, without those that were cancelled or refunded.
SELECT o.day AS day, round(sum(toFloat64(o.revenue)), 2) AS revenue, sum(o.orders) AS orders, sum(o.buyers) AS buyers
FROM analytics.order_daily AS o
WHERE o.business = {business:String} AND o.day BETWEEN {from:Date} AND {to:Date}
    AND o.currency = (SELECT currency FROM analytics.businesses WHERE business = {business:String})
GROUP BY day
ORDER BY day WITH FILL FROM {from:Date} TO {to:Date} + 1
