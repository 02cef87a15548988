-- The days with activities that were not worked out under the configuration as it is now.
SELECT DISTINCT a.business AS business, toString(a.stored_day) AS day
FROM (SELECT DISTINCT business, stored_day FROM landing.activity_facts WHERE stored_day != toDate(0)) AS a
INNER JOIN landing.funnels AS f ON f.business = a.business
LEFT JOIN
(
    SELECT d.business AS business, d.funnel AS funnel, d.day AS day, argMax(d.configuration, d.computed_at) AS configuration
    FROM landing.funnel_days AS d
    GROUP BY business, funnel, day
) AS d ON d.business = f.business AND d.funnel = f.funnel AND d.day = a.stored_day
WHERE d.configuration != f.configuration
SETTINGS join_use_nulls = 0
