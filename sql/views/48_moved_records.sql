-- Looks at the records that were reported lately: do their reports agree on day and member? See moved_records in 004_figures.sql.
CREATE OR REPLACE VIEW landing.dirty_moved_records AS
WITH
    (SELECT max(found_at) - toIntervalSecond((SELECT seconds FROM landing.grace_period)) FROM landing.moved_records WHERE facts = '') AS since
SELECT facts, record_hash, if(facts = '', now64(3, 'UTC'), nowInBlock64(3, 'UTC')) AS found_at
FROM
(
    SELECT 'coins' AS facts, record_hash
    FROM landing.coin_facts
    WHERE record_hash GLOBAL IN (SELECT record_hash FROM landing.coin_facts WHERE loaded_at >= since)
    GROUP BY record_hash
    HAVING min(stored_day) = toDate(0) OR min(stored_day) != max(stored_day) OR min(lead_hash) != max(lead_hash)
    UNION ALL
    SELECT 'orders', record_hash
    FROM landing.order_facts
    WHERE record_hash GLOBAL IN (SELECT record_hash FROM landing.order_facts WHERE loaded_at >= since)
    GROUP BY record_hash
    HAVING min(stored_day) = toDate(0) OR min(stored_day) != max(stored_day) OR min(lead_hash) != max(lead_hash)
    UNION ALL
    SELECT '', 0
    WHERE (SELECT max(loaded_at) FROM landing.changed_days WHERE facts != 'relinked') >= since
)
-- the watermark last, so that it is never ahead of what was worked out
ORDER BY facts = '';
