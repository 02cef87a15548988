-- What became of the coupons, by kind of discount?
-- `open` are those that can still be redeemed.
SELECT
    business,
    fiat_class,
    fiat_value,
    count() AS issued,
    countIf(status = 'redeemed') AS redeemed,
    countIf(expired) AS expired,
    issued - redeemed - expired AS open,
    redeemed / issued AS redemption_rate
FROM analytics.coupons
GROUP BY business, fiat_class, fiat_value
ORDER BY business, issued DESC;
