-- How the funnel converts in the period
-- tab: overview
-- chart: number
-- y: entered, finished, overall_conversion
-- unit: customers, customers, percent
-- note: Customers in journeys with a Send Webhook step only.
SELECT
    argMin(customers, step_number) AS entered,
    argMax(customers, step_number) AS finished,
    finished / nullIf(entered, 0) AS overall_conversion
FROM analytics.funnel(business = {business:String}, funnel = {funnel:String}, from_day = {from:Date}, to_day = {to:Date})
