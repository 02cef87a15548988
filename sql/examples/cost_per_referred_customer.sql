-- What does a customer cost who was won by a referral, and what does the first order bring?
-- Rewards of both sides of completed referrals: coins at their configured value, coupons at their amount. Percent coupons have no amount
-- until they are used and count as nothing, so that the cost is rather too low.
SELECT
    business,
    referral_mode,
    sum(completed) AS customers_won,
    sum(reward_cost) AS cost,
    cost / nullIf(customers_won, 0) AS cost_per_customer,
    toFloat64(sum(referral_revenue)) / nullIf(customers_won, 0) AS revenue_per_customer,
    toFloat64(sum(referral_revenue)) / nullIf(cost, 0) AS revenue_per_cost
FROM analytics.referral_conversion
GROUP BY business, referral_mode
ORDER BY business, referral_mode;
