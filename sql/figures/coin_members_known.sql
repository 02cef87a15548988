-- Those of these members who have coins.
SELECT DISTINCT lead_id AS lead
FROM landing.coin_leads
WHERE business = {business:String} AND lead_id GLOBAL IN (SELECT arrayJoin({leads:Array(String)}))
