-- Sales in other currencies
-- tab: overview
-- chart: table
-- y: currency, revenue, orders, average_order
-- note: Amounts of different currencies are never added up. Without orders that were cancelled or refunded.
-- empty: hidden
SELECT
    o.currency AS currency,
    round(sum(toFloat64(o.revenue)), 2) AS revenue,
    sum(o.orders) AS orders,
    round(revenue / nullIf(orders, 0), 2) AS average_order
FROM analytics.order_daily AS o
WHERE o.business = {business:String} AND o.day BETWEEN {from:Date} AND {to:Date}
    AND o.currency != (SELECT currency FROM analytics.businesses WHERE business = {business:String})
GROUP BY currency
ORDER BY orders DESC, currency
