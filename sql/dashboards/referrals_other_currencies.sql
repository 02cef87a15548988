-- Revenue of referrals in other currencies
-- tab: referrals
-- chart: table
-- y: currency, revenue
-- note: Amounts of different currencies are never added up.
-- empty: hidden
SELECT currency, round(sum(amount), 2) AS revenue
FROM
(
    SELECT arrayJoin(mapKeys(r.other_revenue)) AS currency, toFloat64(r.other_revenue[currency]) AS amount
    FROM analytics.referral_conversion AS r
    WHERE r.business = {business:String} AND r.cohort_day BETWEEN {from:Date} AND {to:Date}
)
GROUP BY currency
ORDER BY currency
