-- Everything that figures of a business are worked out for, of the days from {from:Date} to {to:Date}: of coins and orders by the day of any report, of
-- referrals by their creation, of activities by the vendor's own day. Identifiers have no day: all of them.
SELECT 'identifiers' AS kind, identifier AS key, '' AS friend
FROM landing.identity_links
WHERE business = {business:String} AND NOT startsWith(identifier, 'customer:')
GROUP BY identifier
UNION ALL
SELECT DISTINCT 'coin_days', toString(arrayJoin(if(stored_day = toDate(0), [occurred_day], [occurred_day, created_day])) AS day), '' FROM landing.coin_facts WHERE business = {business:String} AND day BETWEEN {from:Date} AND {to:Date}
UNION ALL
-- neighbours in the projection of the facts follow each other, so that many are read in one piece
SELECT * FROM (SELECT 'coin_members', lead_id, '' FROM landing.coin_facts WHERE business = {business:String} AND lead_id != '' AND occurred_day BETWEEN {from:Date} AND {to:Date} GROUP BY lead_id ORDER BY cityHash64({business:String}, lead_id))
UNION ALL
SELECT DISTINCT 'order_days', toString(arrayJoin(if(stored_day = toDate(0), [occurred_day], [occurred_day, created_day])) AS day), '' FROM landing.order_facts WHERE business = {business:String} AND day BETWEEN {from:Date} AND {to:Date}
UNION ALL
SELECT 'referrals', record_key, max(ifNull(referred_to_lead_id, '')) FROM landing.referrals WHERE business = {business:String} GROUP BY record_key HAVING min(coalesce(created_day, day)) BETWEEN {from:Date} AND {to:Date}
UNION ALL
SELECT DISTINCT 'activities', toString(stored_day), '' FROM landing.activity_facts WHERE business = {business:String} AND stored_day != toDate(0) AND stored_day BETWEEN {from:Date} AND {to:Date}
-- a day that was worked out before and has nothing any more
UNION ALL
SELECT DISTINCT 'coin_days', toString(day), '' FROM landing.coin_days WHERE business = {business:String} AND day BETWEEN {from:Date} AND {to:Date}
UNION ALL
SELECT DISTINCT 'order_days', toString(day), '' FROM landing.order_days WHERE business = {business:String} AND day BETWEEN {from:Date} AND {to:Date}
