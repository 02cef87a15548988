-- The shop of `npm run bench -- queries`, made by the server itself: a year, 500,000 customers of whom 300,000 are members, 5 million
-- coin transactions, 2 million orders, 500,000 referrals, 10 million activities, 10 million raw webhooks. Every 50th row is there twice and every 100th once
-- more under another delivery, as repeated webhooks are; merges are left to themselves.
--
-- Parameters: from, to (rows of this share of the data set, in thousandths), so that a caller can show how far it is.

-- leads: 300,000
INSERT INTO landing.leads (event_id, business, source, topic, delivery_id, occurred_at, day, received_at, raw_topic, raw_partition, raw_offset, raw_index, record_key, created_day, customer_id, email, eid, shop_customer_id, email_hash, identifiers, tier, type, referral_code, created_at, updated_at)
WITH
    toDateTime64(now() - INTERVAL 365 DAY + toIntervalSecond(intDiv(n * 31536000, 300000)), 3, 'UTC') AS at,
    toString(7000000000 + n) AS id
SELECT
    reinterpretAsUUID(MD5(concat('lead', id))), 'acme', 'acme-nector', 'lead_create', concat('l', id), at, toDate(at, 'Asia/Kolkata'), at, 'nector.raw', 0, n, 0,
    concat('shopify-', id), toDate(at, 'Asia/Kolkata'), concat('shopify-', id), concat('c', id, '@example.com'), lower(hex(SHA256(concat('c', id, '@example.com')))) AS hash, id, hash, [concat('customer:', id), concat('email:', hash)],
    ['bronze', 'silver', 'gold'][n % 3 + 1], 'customer', concat('R', id), at, at
FROM (SELECT number AS n FROM numbers(300 * {from:UInt32}, 300 * ({to:UInt32} - {from:UInt32})));

-- coin_transactions: 5,000,000
INSERT INTO landing.coin_transactions (event_id, business, source, topic, delivery_id, occurred_at, day, received_at, raw_topic, raw_partition, raw_offset, raw_index, record_key, created_day, user_customer_id, shop_customer_id, lead_id, identifiers, hash, operation, type, movement, status, amount, closing_balance, title, created_at)
WITH
    toDateTime64(now() - INTERVAL 365 DAY + toIntervalSecond(intDiv(n * 31536000, 5000000)), 3, 'UTC') AS at,
    7000000000 + cityHash64(n, 'who') % 300000 AS id,
    cityHash64(n, 'what') % 100 AS kind,
    lower(hex(MD5(toString(n)))) AS key
SELECT
    reinterpretAsUUID(MD5(concat('coin', toString(n), if(copy = 2, 'again', '')))), 'acme', 'acme-nector', 'walletreward_create', concat('c', toString(n), toString(copy)), at, toDate(at, 'Asia/Kolkata'), at + toIntervalSecond(copy * 7), 'nector.raw', 0, n, 0,
    key, toDate(at, 'Asia/Kolkata'), concat('shopify-', toString(id)), toString(id), lower(hex(MD5(concat('lead', toString(id))))) AS lead, [concat('customer:', toString(id)), concat('nector:', lead)], key,
    if(kind < 70, 'cr', 'dr'), multiIf(kind < 60, 'reward', kind < 75, 'adjust', 'redeem'), multiIf(kind < 70, 'issue', kind < 75, 'other_debit', 'redemption'), if(kind = 99, 'failed', 'success'),
    toDecimal64(10 + cityHash64(n, 'amount') % 490, 10), toDecimal64(cityHash64(n, 'balance') % 5000, 10), 'Order reward', at
FROM (SELECT number AS n, arrayJoin(arrayConcat([0], if(number % 50 = 0, [1], []), if(number % 100 = 0, [2], []))) AS copy FROM numbers(5000 * {from:UInt32}, 5000 * ({to:UInt32} - {from:UInt32})));

-- orders: 2,000,000, each reported when placed and every second one when completed
INSERT INTO landing.orders (event_id, business, source, topic, delivery_id, occurred_at, day, received_at, raw_topic, raw_partition, raw_offset, raw_index, record_key, created_day, user_customer_id, shop_customer_id, lead_id, identifiers, reference_order_id, reference_order_source, fiat_amount, currency_code, currency, status, counts_as_revenue, created_at, updated_at)
WITH
    toDateTime64(now() - INTERVAL 365 DAY + toIntervalSecond(intDiv(n * 31536000, 2000000)), 3, 'UTC') AS at,
    7000000000 + cityHash64(n, 'who') % 300000 AS id
SELECT
    reinterpretAsUUID(MD5(concat('order', toString(n), toString(state)))), 'acme', 'acme-nector', if(state = 0, 'order_create', 'order_update'), concat('o', toString(n), toString(state), toString(copy)), at + toIntervalSecond(state * 3600), toDate(at, 'Asia/Kolkata'), at + toIntervalSecond(state * 3600 + copy), 'nector.raw', 0, n, 0,
    concat('shopify:', toString(n)), toDate(at, 'Asia/Kolkata'), concat('shopify-', toString(id)), toString(id), lower(hex(MD5(concat('lead', toString(id))))) AS lead, [concat('customer:', toString(id)), concat('nector:', lead)], toString(n), 'shopify',
    toDecimal64(200 + cityHash64(n, 'amount') % 9000, 10), 'INR', 'INR', if(state = 0, 'pending', if(n % 20 = 1, 'cancelled', 'completed')) AS reported, reported != 'cancelled', at, at + toIntervalSecond(state * 3600)
FROM (SELECT number AS n, arrayJoin(if(number % 2 = 1, [0, 1], [0])) AS state, arrayJoin(if(number % 50 = 0, [0, 1], [0])) AS copy FROM numbers(2000 * {from:UInt32}, 2000 * ({to:UInt32} - {from:UInt32})));

-- referrals: 500,000, a third of them nudged, a third completed
INSERT INTO landing.referrals (event_id, business, source, topic, delivery_id, occurred_at, day, received_at, raw_topic, raw_partition, raw_offset, raw_index, record_key, created_day, _id, referral_mode, status, referred_by_lead_id, referred_to_lead_id, order_id, created_at, updated_at, version, wallettransaction_amount, coupon_fiat_value, coupon_fiat_class)
WITH
    toDateTime64(now() - INTERVAL 365 DAY + toIntervalSecond(intDiv(n * 31536000, 500000)), 3, 'UTC') AS at,
    lower(hex(MD5(concat('lead', toString(7000000000 + cityHash64(n, 'by') % 30000))))) AS referrer,
    lower(hex(MD5(concat('lead', toString(7000000000 + cityHash64(n, 'to') % 300000))))) AS friend,
    concat('r', toString(n)) AS key
SELECT
    reinterpretAsUUID(MD5(concat('referral', toString(n), toString(state)))), 'acme', 'acme-nector', ['refereenotify_create', 'incompletereferralrequest_create', 'referrernotify_create'][state + 1], concat('f', toString(n), toString(state), toString(copy)), at + toIntervalSecond(state * 40000), toDate(at + toIntervalSecond(state * 40000), 'Asia/Kolkata'), at + toIntervalSecond(state * 40000 + copy), 'nector.raw', 0, n, 0,
    key, toDate(at, 'Asia/Kolkata'), key, if(n % 5 = 0, 'code', 'link'), ['pending', 'pending', 'completed'][state + 1], referrer, friend, if(state = 2, toString(cityHash64(n, 'order') % 2000000), NULL), at, at + toIntervalSecond(state * 40000), state,
    if(state = 2, toDecimal64(500, 10), NULL), if(state = 0, toDecimal64(200, 10), NULL), if(state = 0, 'amount', NULL)
FROM (SELECT number AS n, arrayJoin([[0], [0, 1], [0, 2]][number % 3 + 1]) AS state, arrayJoin(if(number % 50 = 0, [0, 1], [0])) AS copy FROM numbers(500 * {from:UInt32}, 500 * ({to:UInt32} - {from:UInt32})));

-- activities: 10,000,000, a tenth of them of visitors who are known by their device alone
INSERT INTO landing.activities (event_id, business, source, topic, occurred_at, day, received_at, raw_topic, raw_partition, raw_offset, raw_index, panel, activity_id, ts, identity, identity_email_hash, action_id, guid, channel)
WITH
    toDateTime(now() - INTERVAL 365 DAY + toIntervalSecond(intDiv(n * 31536000, 10000000)), 'UTC') AS at,
    cityHash64(intDiv(n, 7), n % 40, 'who') % 500000 AS id,
    cityHash64(n, 'what') % 100 AS kind
SELECT
    reinterpretAsUUID(MD5(concat('activity', toString(n)))), 'acme', 'acme-netcore', 'custom_activity', at, toDate(at, 'Asia/Kolkata'), at + 60 + copy, 'netcore.raw', 0, n, 0,
    'acme', multiIf(kind < 50, '1', kind < 75, '103', kind < 88, '2', kind < 95, '3', '110'), toInt64(formatDateTime(at, '%y%m%d%H%i%S', 'Asia/Kolkata')),
    if(n % 10 = 0, NULL, concat('c', toString(7000000000 + id), '@example.com')) AS address, lower(hex(SHA256(address))), reinterpretAsUUID(MD5(concat('action', toString(n)))), concat('g', toString(id)), 'custom_activity'
FROM (SELECT number AS n, arrayJoin(if(number % 50 = 0, [0, 1], [0])) AS copy FROM numbers(10000 * {from:UInt32}, 10000 * ({to:UInt32} - {from:UInt32})));

-- coin_expiries: notices to 100,000 members of coins that expire within the next 90 days, every tenth of them announced twice
INSERT INTO landing.coin_expiries (event_id, business, source, topic, delivery_id, occurred_at, day, received_at, raw_topic, raw_partition, raw_offset, raw_index, record_key, user_customer_id, lead_id, wallet_expiry_estimated_on, wallet_expiry_amount)
WITH
    toDateTime64(now() - INTERVAL 30 DAY + toIntervalSecond(intDiv(n * 2592000, 100000)), 3, 'UTC') AS at,
    toString(7000000000 + n) AS id,
    lower(hex(MD5(concat('lead', id)))) AS lead
SELECT
    reinterpretAsUUID(MD5(concat('expiry', id, toString(state)))), 'acme', 'acme-nector', 'walletexpiry_create', concat('e', id, toString(state)), at + toIntervalSecond(state * 86400), toDate(at, 'Asia/Kolkata'), at + toIntervalSecond(state * 86400), 'nector.raw', 0, n, 0,
    concat(lead, toString(n % 90)), concat('shopify-', id), lead, toDateTime64(today() + n % 90, 3, 'UTC'), toDecimal64(10 + n % 490 + state, 10)
FROM (SELECT number AS n, arrayJoin(if(number % 10 = 0, [0, 1], [0])) AS state FROM numbers(100 * {from:UInt32}, 100 * ({to:UInt32} - {from:UInt32})));

-- raw_webhooks: 10,000,000, with bodies that nobody reads; the receipts of the last 30 days, each tenth webhook sent twice, and some dead letters
INSERT INTO landing.raw_webhooks (raw_id, vendor, business, source, topic, delivery_id, received_at, remote_address, hmac, headers, body)
WITH toDateTime64(now() - INTERVAL 365 DAY + toIntervalSecond(intDiv(n * 31536000, 10000000)), 3, 'UTC') AS at
SELECT reinterpretAsUUID(MD5(concat('raw', toString(n)))), if(n % 10 = 0, 'netcore', 'nector'), 'acme', if(n % 10 = 0, 'acme-netcore', 'acme-nector'), NULL, NULL, at, '192.0.2.1', 'valid', map(), '{}'
FROM (SELECT number AS n FROM numbers(10000 * {from:UInt32}, 10000 * ({to:UInt32} - {from:UInt32})));

INSERT INTO landing.receipts (raw_id, vendor, business, source, topic, delivery_id, received_at, transformed_at, raw_topic, raw_partition, raw_offset, event_ids, records, dead_letters)
WITH toDateTime64(now() - INTERVAL 30 DAY + toIntervalSecond(intDiv(n * 2592000, 800000)), 3, 'UTC') AS at
SELECT
    reinterpretAsUUID(MD5(concat('receipt', toString(n)))), if(n % 10 = 0, 'netcore', 'nector'), 'acme', if(n % 10 = 0, 'acme-netcore', 'acme-nector'), NULL, NULL, at, at, if(n % 10 = 0, 'netcore.raw', 'nector.raw'), 0, n,
    arrayMap(index -> reinterpretAsUUID(MD5(concat('received', toString(if(n % 10 = 9, n - 1, n)), toString(index)))), range(if(n % 10 = 0, 10, 1))), map(), 0
FROM (SELECT number AS n FROM numbers(800 * {from:UInt32}, 800 * ({to:UInt32} - {from:UInt32})));

INSERT INTO landing.dead_letters (dead_letter_id, vendor, business, source, stage, code, reason, failed_at, log_topic, log_partition, log_offset, log_index)
SELECT reinterpretAsUUID(MD5(concat('dead', toString(n)))), 'nector', 'acme', 'acme-nector', 'transform', 'PAYLOAD_INVALID', 'expected an amount, got none', now64(3, 'UTC') - toIntervalSecond(n * 60), 'nector.raw', 0, n, 0
FROM (SELECT number AS n FROM numbers({from:UInt32}, {to:UInt32} - {from:UInt32}));
