-- Of the coins issued in a month, how many were redeemed within 30, 60 and 90 days of their issue?
-- First in, first out: a debit takes the oldest coins of the member that are left, whatever its kind, and only those of type redeem count
-- as redeemed. Nector does not say which coins a debit takes, so this is a convention, the usual one. Where a closing balance is not what
-- the movement before and this one add up to, coins went or came without a webhook in between: they take part, but are nobody's cohort.
-- A month is final 90 days after its end (final_after); until then its figures can only grow.
WITH
    movement AS
    (
        SELECT
            business, lead_id, day, occurred_at, transaction_key, type, amount, operation,
            ifNull(ifNull(lagInFrame(closing_balance) OVER wallet, 0) + signed_amount - closing_balance, 0) AS unannounced
        FROM analytics.coin_ledger
        WHERE ifNull(status, 'success') = 'success' AND amount > 0 AND lead_id IS NOT NULL
        WINDOW wallet AS (PARTITION BY business, lead_id ORDER BY occurred_at, transaction_key ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)
    ),
    every_movement AS
    (
        SELECT business, lead_id, day, occurred_at, transaction_key, 1 AS number, ifNull(operation, '') AS direction, ifNull(type, '') AS kind, assumeNotNull(amount) AS coins
        FROM movement
        UNION ALL
        SELECT business, lead_id, day, occurred_at, transaction_key, 0, if(unannounced > 0, 'dr', 'cr'), 'unannounced', abs(unannounced)
        FROM movement
        WHERE unannounced != 0
    ),
    -- the coins of a wallet in a line: each movement has the stretch from `first` to `last`
    placed AS
    (
        SELECT
            *,
            sum(coins) OVER (PARTITION BY business, lead_id, direction ORDER BY occurred_at, transaction_key, number ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS last,
            last - coins AS first
        FROM every_movement
    ),
    spent AS
    (
        SELECT
            c.business AS business, c.lead_id AS lead_id, c.transaction_key AS transaction_key,
            sumIf(least(c.last, d.last) - greatest(c.first, d.first), d.day <= c.day + 30) AS within_30,
            sumIf(least(c.last, d.last) - greatest(c.first, d.first), d.day <= c.day + 60) AS within_60,
            sumIf(least(c.last, d.last) - greatest(c.first, d.first), d.day <= c.day + 90) AS within_90
        FROM (SELECT * FROM placed WHERE direction = 'cr' AND kind != 'unannounced') AS c
        INNER JOIN (SELECT * FROM placed WHERE direction = 'dr' AND kind = 'redeem') AS d ON d.business = c.business AND d.lead_id = c.lead_id
        WHERE d.first < c.last AND c.first < d.last
        GROUP BY business, lead_id, transaction_key
    )
SELECT
    c.business AS business,
    toStartOfMonth(c.day) AS month,
    sum(c.coins) AS issued,
    sum(s.within_30) AS redeemed_30_days,
    sum(s.within_60) AS redeemed_60_days,
    sum(s.within_90) AS redeemed_90_days,
    toFloat64(redeemed_30_days) / toFloat64(issued) AS rate_30_days,
    toFloat64(redeemed_60_days) / toFloat64(issued) AS rate_60_days,
    toFloat64(redeemed_90_days) / toFloat64(issued) AS rate_90_days,
    toLastDayOfMonth(month) + 90 AS final_after
FROM (SELECT * FROM placed WHERE direction = 'cr' AND kind != 'unannounced') AS c
LEFT JOIN spent AS s ON s.business = c.business AND s.lead_id = c.lead_id AND s.transaction_key = c.transaction_key
GROUP BY business, month
ORDER BY business, month;
