-- The days of entry, of each funnel, whose windows reach to activities of these days.
SELECT DISTINCT
    funnel,
    -- an activity near midnight belongs to another day in the time zone of the business; one of another day may be within the window
    toString(arrayJoin(arrayMap(back -> day + 1 - back, range(toUInt16(ceil(window_ms / 86400000)) + 3)))) AS day
FROM landing.funnels
CROSS JOIN (SELECT arrayJoin({days:Array(Date)}) AS day) AS changed
WHERE business = {business:String}
