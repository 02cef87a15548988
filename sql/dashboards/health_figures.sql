-- Figures that are worked out ahead
-- tab: health
-- chart: table
-- y: figure, complete_until, pending, pending_since
-- note: What arrived before is in the figure. Pending are days, members, records and identifiers that are still to be worked out; 0 where it is complete.
SELECT figure, complete_until, pending, pending_since
FROM analytics.freshness
WHERE business = {business:String}
ORDER BY figure
