-- Conversion by how a referral is made
-- tab: referrals
-- chart: bar
-- x: referral_mode
-- y: conversion_rate
-- unit: percent
SELECT ifNull(r.referral_mode, 'not told') AS referral_mode, sum(r.completed) / sum(r.created) AS conversion_rate, sum(r.created) AS created, sum(r.completed) AS completed
FROM analytics.referral_conversion AS r
WHERE r.business = {business:String} AND r.cohort_day BETWEEN {from:Date} AND {to:Date}
GROUP BY referral_mode
ORDER BY created DESC, referral_mode
LIMIT 20
