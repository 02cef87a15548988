-- The days and members that these records are of, or were of by any of their reports.
SELECT
    toString(arrayJoin(arrayDistinct(arrayConcat([occurred_day], if(stored_day = toDate(0), [], [created_day]))))) AS day,
    lead_id AS lead
FROM landing.coin_facts
WHERE record_hash GLOBAL IN (SELECT cityHash64({business:String}, arrayJoin({records:Array(String)})))
GROUP BY day, lead
