CREATE OR REPLACE VIEW analytics.businesses
(
    business   String          COMMENT 'Business of CONFIG_FILE',
    currency   String          COMMENT 'Its currency, ISO 4217: what figures without a currency of their own are in',
    coin_value Decimal(38, 10) COMMENT 'Value of one coin in the currency',
    timezone   String          COMMENT 'Time zone of every daily figure'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT business, currency, coin_value, timezone
FROM landing.businesses
COMMENT 'The businesses as configured now';
