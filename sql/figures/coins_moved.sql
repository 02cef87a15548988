-- Of these records, or of all where none is named, those whose reports do not agree on day or member, or tell no day: a day's facts alone would not tell where they belong.
INSERT INTO landing.moved_records
SELECT 'coins' AS facts, {business:String} AS business, record_hash
FROM landing.coin_facts
WHERE business = {business:String} AND (empty({records:Array(String)}) OR record_hash GLOBAL IN (SELECT cityHash64({business:String}, arrayJoin({records:Array(String)}))))
GROUP BY record_hash
HAVING min(stored_day) = toDate(0) OR min(stored_day) != max(stored_day) OR min(lead_hash) != max(lead_hash)
