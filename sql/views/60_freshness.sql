-- What of the figures is still to be worked out: changes that the stage load has noted and the stage figures has not worked out yet. Single events
-- (coin_ledger, orders, activities and the like) are complete at any moment.
CREATE OR REPLACE VIEW analytics.freshness
(
    business       String                         COMMENT 'Business of CONFIG_FILE',
    figure         String                         COMMENT 'customers: who is who; coins: coin_daily, coin_balances, coin_liability; orders: order_daily; referrals: referrals, referral_conversion, referrers; funnels: funnel, funnel_daily',
    complete_until Nullable(DateTime64(3, 'UTC')) COMMENT 'What arrived before this and is loaded is in the figure, UTC; null where nothing has come yet',
    pending        UInt64                         COMMENT 'Days, members, records or identifiers that are still to be worked out; 0 where the figure is complete',
    pending_since  Nullable(DateTime64(3, 'UTC')) COMMENT 'When the first of them was loaded, UTC; null where the figure is complete'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
WITH
    -- what each kind of change has still to change
    follows AS
    (
        SELECT pair.1 AS kind, pair.2 AS figure
        FROM (SELECT arrayJoin([('identifiers', 'customers'), ('identifiers', 'coins'), ('identifiers', 'funnels'), ('devices', 'funnels'), ('coins', 'coins'), ('orders', 'orders'), ('orders', 'referrals'), ('referrals', 'referrals'), ('activities', 'funnels')]) AS pair)
    ),
    change AS (SELECT business, kind, arrived_at, loaded_at, state, keys FROM landing.changes FINAL)
SELECT
    b.business AS business,
    f.figure AS figure,
    if(pending = 0, maxOrNullIf(c.arrived_at, c.kind != ''), minOrNullIf(c.arrived_at, c.waits)) AS complete_until,
    uniqExactArrayIf(c.keys, c.waits) AS pending,
    minOrNullIf(c.loaded_at, c.waits) AS pending_since
FROM landing.businesses AS b
CROSS JOIN follows AS f
LEFT JOIN (SELECT *, state = 0 AS waits FROM change) AS c ON c.business = b.business AND c.kind = f.kind
GROUP BY business, figure
SETTINGS join_use_nulls = 0
COMMENT 'How complete the figures are that are worked out ahead of queries: a row a business and figure';
