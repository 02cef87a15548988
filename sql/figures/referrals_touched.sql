-- These referrals, those of these friends, and all others of the same friends: an order counts for one of them.
WITH
    asked AS (SELECT arrayJoin({records:Array(String)}) AS record),
    told AS
    (
        SELECT record_key AS record, assumeNotNull(referred_to_lead_id) AS friend
        FROM landing.referrals
        WHERE business = {business:String} AND record_key GLOBAL IN (SELECT record FROM asked) AND referred_to_lead_id IS NOT NULL
    ),
    known AS
    (
        SELECT record_key AS record, assumeNotNull(referred_to_lead_id) AS friend
        FROM landing.referral_figures
        WHERE business = {business:String} AND referred_to_lead_id GLOBAL IN (SELECT friend FROM told UNION DISTINCT SELECT arrayJoin({leads:Array(String)}))
    )
SELECT record, min(friend) AS friend
FROM (SELECT record, friend FROM told UNION ALL SELECT record, friend FROM known UNION ALL SELECT record, '' FROM asked WHERE record GLOBAL NOT IN (SELECT record FROM told))
GROUP BY record
