-- How many coins did customers earn and spend each day?
SELECT
    business,
    day,
    sumIf(amount, operation = 'cr') AS coins_issued,
    sumIf(amount, operation = 'dr') AS coins_redeemed,
    uniqExactIf(customer_key, operation = 'cr') AS customers_earning,
    uniqExactIf(customer_key, operation = 'dr') AS customers_redeeming
FROM analytics.coin_ledger
WHERE status = 'success'
GROUP BY business, day
ORDER BY business, day;
