-- What became of the coupons, by kind of discount?
SELECT
    business,
    fiat_class,
    fiat_value,
    count() AS issued,
    countIf(status = 'redeemed') AS redeemed,
    countIf(expired) AS expired,
    redeemed / issued AS redemption_rate
FROM analytics.coupons
GROUP BY business, fiat_class, fiat_value
ORDER BY issued DESC;
