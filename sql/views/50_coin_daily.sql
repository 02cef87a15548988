-- What came and went each day. Only successful movements count; a transaction without a status is taken for one.
CREATE OR REPLACE VIEW analytics.coin_daily
(
    business            LowCardinality(String) COMMENT 'Business of CONFIG_FILE',
    day                 Date                   COMMENT 'Day in the time zone of the business',
    coins_issued        Decimal(38, 10)        COMMENT 'Sum of the successful credits',
    coins_redeemed      Decimal(38, 10)        COMMENT 'Sum of the successful debits of type redeem',
    net_coins           Decimal(38, 10)        COMMENT 'All successful credits less all successful debits, adjustments among them',
    transactions        UInt64                 COMMENT 'Successful movements',
    customers_earning   UInt64                 COMMENT 'Customers with a credit',
    customers_redeeming UInt64                 COMMENT 'Customers who redeemed',
    redemption_rate     Nullable(Float64)      COMMENT 'coins_redeemed / coins_issued; null where none were issued'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    business,
    day,
    ifNull(sumIf(amount, operation = 'cr'), 0) AS coins_issued,
    ifNull(sumIf(amount, operation = 'dr' AND type = 'redeem'), 0) AS coins_redeemed,
    ifNull(sum(signed_amount), 0) AS net_coins,
    count() AS transactions,
    uniqExactIf(customer_key, operation = 'cr') AS customers_earning,
    uniqExactIf(customer_key, operation = 'dr' AND type = 'redeem') AS customers_redeeming,
    toFloat64(coins_redeemed) / nullIf(toFloat64(coins_issued), 0) AS redemption_rate
FROM analytics.coin_ledger
WHERE ifNull(status, 'success') = 'success'
GROUP BY business, day
COMMENT 'Coins of each day: issued, redeemed, and by how many customers';
