-- Do customers who spend coins bring more than those who only earn them, or than those without any?
-- A difference is no proof: who buys often has more coins to spend.
SELECT
    business,
    multiIf(coins_redeemed > 0, 'spends coins', coins_earned > 0, 'earns only', 'no coins') AS coins,
    count() AS customers,
    countIf(orders > 0) AS buyers,
    sum(revenue) AS total_revenue,
    toFloat64(total_revenue) / nullIf(buyers, 0) AS revenue_per_buyer,
    sum(orders) / nullIf(buyers, 0) AS orders_per_buyer
FROM analytics.loyalty_journey
GROUP BY business, coins
ORDER BY business, revenue_per_buyer DESC;
