-- Of the coins issued in a month, how many were redeemed within 30, 60 and 90 days of their issue?
-- First in, first out: a debit takes the oldest coins of the member that are left, whatever its kind, and only redemptions count
-- as redeemed. Coins that were given back, or came from another account, take part but are nobody's cohort. Nector does not say which coins a debit takes, so this is a convention, the usual one. Where a closing balance is not what
-- the movement before and this one add up to, coins went or came without a webhook in between: they take part, but are nobody's cohort.
-- A month is final 90 days after its end (final_after); until then its figures can only grow.
WITH
    told AS
    (
        SELECT
            business, lead_id, day, occurred_at, transaction_key,
            assumeNotNull(amount) AS moved,
            ifNull(operation, '') AS operation,
            movement AS is,
            ifNull(ifNull(lagInFrame(closing_balance) OVER wallet, 0) + signed_amount - closing_balance, 0) AS gone
        FROM analytics.coin_ledger
        WHERE ifNull(status, 'success') = 'success' AND amount > 0 AND lead_id IS NOT NULL
        WINDOW wallet AS (PARTITION BY business, lead_id ORDER BY occurred_at, transaction_key ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)
    ),
    movement AS
    (
        SELECT business, lead_id, day, occurred_at, transaction_key, part.1 AS number, part.2 AS direction, part.3 AS kind, part.4 AS coins
        FROM told
        ARRAY JOIN [(0, if(gone > 0, 'dr', 'cr'), 'unannounced', abs(gone)), (1, operation, is, moved)] AS part
        WHERE part.4 > 0
    ),
    -- the coins of a wallet in a line: each movement has the stretch from `first` to `last`
    placed AS
    (
        SELECT
            business, lead_id, day, direction, kind,
            sum(coins) OVER (PARTITION BY business, lead_id, direction ORDER BY occurred_at, transaction_key, number ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS last,
            last - coins AS first
        FROM movement
    ),
    member AS
    (
        SELECT
            business, lead_id,
            groupArrayIf((day, first, last), kind = 'issue') AS credits,
            groupArrayIf((day, first, last), kind = 'redemption') AS debits
        FROM placed
        GROUP BY business, lead_id
    ),
    credit AS
    (
        SELECT
            business,
            c.1 AS day,
            c.3 - c.2 AS coins,
            -- of each debit that took some of these coins: after how many days, and how many coins
            arrayMap(d -> (d.1 - c.1, greatest(least(c.3, d.3) - greatest(c.2, d.2), 0)), debits) AS taken
        FROM member
        ARRAY JOIN credits AS c
    )
SELECT
    business,
    toStartOfMonth(day) AS month,
    sum(coins) AS issued,
    sum(arraySum(t -> if(t.1 <= 30, t.2, 0), taken)) AS redeemed_30_days,
    sum(arraySum(t -> if(t.1 <= 60, t.2, 0), taken)) AS redeemed_60_days,
    sum(arraySum(t -> if(t.1 <= 90, t.2, 0), taken)) AS redeemed_90_days,
    toFloat64(redeemed_30_days) / toFloat64(issued) AS rate_30_days,
    toFloat64(redeemed_60_days) / toFloat64(issued) AS rate_60_days,
    toFloat64(redeemed_90_days) / toFloat64(issued) AS rate_90_days,
    toLastDayOfMonth(month) + 90 AS final_after
FROM credit
GROUP BY business, month
ORDER BY business, month;
