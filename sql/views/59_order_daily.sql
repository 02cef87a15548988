-- What was sold each day. Orders that were cancelled or refunded bring no revenue.
CREATE OR REPLACE VIEW analytics.order_daily
(
    business    LowCardinality(String) COMMENT 'Business of CONFIG_FILE',
    day         Date                   COMMENT 'Day in the time zone of the business',
    orders      UInt64                 COMMENT 'Orders placed on that day that were not cancelled or refunded',
    revenue     Decimal(38, 10)        COMMENT 'Amounts of those orders',
    coins_spent Decimal(38, 10)        COMMENT 'Coins spent on those orders',
    buyers      UInt64                 COMMENT 'Customers who placed them'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    business,
    day,
    count() AS orders,
    ifNull(sum(fiat_amount), 0) AS revenue,
    ifNull(sum(coin_spent), 0) AS coins_spent,
    uniqExact(customer_key) AS buyers
FROM analytics.orders
WHERE ifNull(status, '') NOT IN ('cancelled', 'refunded')
GROUP BY business, day
COMMENT 'Orders of each day: how many, for how much, by how many customers';
