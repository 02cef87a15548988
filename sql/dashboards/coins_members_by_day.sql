-- Members who earn and who redeem, by day
-- tab: coins
-- chart: line
-- x: day
-- y: members_earning, members_redeeming
-- unit: members
SELECT d.day AS day, sum(d.customers_earning) AS members_earning, sum(d.customers_redeeming) AS members_redeeming
FROM analytics.coin_daily AS d
WHERE d.business = {business:String} AND d.day BETWEEN {from:Date} AND {to:Date}
GROUP BY day
ORDER BY day WITH FILL FROM {from:Date} TO {to:Date} + 1
