-- What was bought each day, as sql/figures/order_days.sql has worked it out.
CREATE OR REPLACE VIEW analytics.order_daily
(
    business    LowCardinality(String) COMMENT 'Business of CONFIG_FILE',
    day         Date                   COMMENT 'Day in the time zone of the business',
    currency    String                 COMMENT 'Currency of the orders, ISO 4217',
    orders      UInt64                 COMMENT 'Orders in it placed on that day that are not cancelled or refunded',
    revenue     Decimal(38, 10)        COMMENT 'Amounts of those orders',
    coins_spent Decimal(38, 10)        COMMENT 'Coins spent on those orders',
    buyers      UInt64                 COMMENT 'Members who placed them'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT d.business AS business, d.day AS day, c.currency AS currency, c.orders AS orders, c.revenue AS revenue, c.coins_spent AS coins_spent, c.buyers AS buyers
FROM landing.order_days AS d FINAL
ARRAY JOIN d.by_currency AS c
COMMENT 'Orders of each day and currency: how many, for how much, by how many members';
