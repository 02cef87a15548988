-- Do customers who came by a referral bring more than others?
-- Referred is who joined with somebody's code or link. Members of the programme only: of others Nector sends no orders.
SELECT
    j.business AS business,
    if(c.referred_by_referral_code IS NULL, 'others', 'referred') AS came,
    count() AS members,
    countIf(j.orders > 0) AS buyers,
    buyers / members AS share_of_buyers,
    sum(j.revenue) AS total_revenue,
    toFloat64(total_revenue) / nullIf(buyers, 0) AS revenue_per_buyer,
    sum(j.orders) / nullIf(buyers, 0) AS orders_per_buyer,
    sum(j.referrals_made) / members AS referrals_per_member
FROM analytics.loyalty_journey AS j
INNER JOIN analytics.customers AS c ON c.business = j.business AND c.customer_key = j.customer_key
WHERE c.created_at IS NOT NULL
GROUP BY business, came
ORDER BY business, came;
