-- How are products rated, and were the reviews paid for with coins?
SELECT
    business,
    reference_product_id AS product_id,
    any(reference_product_name) AS product,
    count() AS reviews,
    avg(rating) AS stars,
    countIf(rating <= 2) AS bad,
    countIf(status = 'approved') AS approved,
    countIf(is_rewarded) AS rewarded
FROM analytics.reviews
GROUP BY business, product_id
ORDER BY reviews DESC, stars
LIMIT 20;
