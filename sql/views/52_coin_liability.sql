CREATE OR REPLACE VIEW analytics.coin_liability
(
    business                 String            COMMENT 'Business of CONFIG_FILE',
    outstanding_coins        Decimal(38, 10)   COMMENT 'Sum of the balances of all members',
    coin_value               Decimal(38, 10)   COMMENT 'Value of one coin in the currency, as configured',
    currency                 String            COMMENT 'Currency of the business, as configured',
    expected_redemption_rate Nullable(Float64) COMMENT 'Coins that members ever redeemed / were ever issued; null where none were',
    liability                Nullable(Decimal(38, 10)) COMMENT 'outstanding_coins × coin_value × coins redeemed / coins issued, in the currency, exact to ten decimals; null where none were issued'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    b.business AS business,
    ifNull(c.outstanding, 0) AS outstanding_coins,
    b.coin_value AS coin_value,
    b.currency AS currency,
    toFloat64(c.redeemed) / nullIf(toFloat64(c.issued), 0) AS expected_redemption_rate,
    -- by 256-bit decimals: a product has twenty digits behind the point, and must not overflow on its way
    CAST(if(c.issued = 0, NULL, divideDecimal(multiplyDecimal(multiplyDecimal(toDecimal256(outstanding_coins, 10), toDecimal256(b.coin_value, 10), 20), toDecimal256(c.redeemed, 10), 20), toDecimal256(if(c.issued = 0, 1, c.issued), 10), 10)), 'Nullable(Decimal(38, 10))') AS liability
FROM landing.businesses AS b
LEFT JOIN
(
    SELECT business, sum(balance) AS outstanding, sum(coins_issued) AS issued, sum(coins_redeemed) AS redeemed
    FROM landing.coin_leads FINAL
    GROUP BY business
) AS c ON c.business = b.business
SETTINGS join_use_nulls = 0
COMMENT 'What the coins that members hold will cost';
