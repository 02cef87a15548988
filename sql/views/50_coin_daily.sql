-- What came and went each day, as sql/figures/coin_days.sql has worked it out: a year is 365 rows to read.
CREATE OR REPLACE VIEW analytics.coin_daily
(
    business            LowCardinality(String) COMMENT 'Business of CONFIG_FILE',
    day                 Date                   COMMENT 'Day in the time zone of the business',
    coins_issued        Decimal(38, 10)        COMMENT 'Coins given, less rewards taken back on that day',
    coins_redeemed      Decimal(38, 10)        COMMENT 'Coins redeemed, less redemptions given back on that day',
    net_coins           Decimal(38, 10)        COMMENT 'All successful credits less all successful debits, adjustments among them',
    transactions        UInt64                 COMMENT 'Successful movements',
    customers_earning   UInt64                 COMMENT 'Members who were given coins',
    customers_redeeming UInt64                 COMMENT 'Members who redeemed',
    redemption_rate     Nullable(Float64)      COMMENT 'coins_redeemed / coins_issued; null where none were issued'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    business,
    day,
    coins_issued,
    coins_redeemed,
    net_coins,
    transactions,
    customers_earning,
    customers_redeeming,
    toFloat64(coins_redeemed) / nullIf(toFloat64(coins_issued), 0) AS redemption_rate
FROM landing.coin_days FINAL
WHERE transactions > 0
COMMENT 'Coins of each day: issued, redeemed, and by how many members';
