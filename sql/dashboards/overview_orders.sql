-- Sales in the period
-- tab: overview
-- chart: number
-- y: revenue, orders, average_order
-- unit: currency, orders, currency
-- note: Orders in the currency of the business, without those that were cancelled or refunded.
SELECT
    round(sum(toFloat64(o.revenue)), 2) AS revenue,
    sum(o.orders) AS orders,
    round(revenue / nullIf(orders, 0), 2) AS average_order
FROM analytics.order_daily AS o
WHERE o.business = {business:String} AND o.day BETWEEN {from:Date} AND {to:Date}
    AND o.currency = (SELECT currency FROM analytics.businesses WHERE business = {business:String})
