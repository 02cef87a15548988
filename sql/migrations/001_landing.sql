-- What arrived: one table an Avro record of schemas/, filled by the load stage.
--
-- Engine. The pipeline delivers at least once: a stage that dies between its write and its acknowledgement repeats the
-- write, and vendors repeat webhooks. ReplacingMergeTree keeps one row a sorting key: that of the webhook that arrived first, so
-- that a repetition moves nothing, not even the time of an event that carries none; and of equals the one loaded last, so that
-- what is transformed again from the same raw webhook replaces its earlier self. Until a merge has done so all are there: read
-- with FINAL.
--
-- Sorting key. It ends with the id of the event and holds nothing that depends on CONFIG_FILE: after a time zone was
-- corrected and events were replayed, occurred_at and day of an event are others, but its key is the same.
-- The columns before it are what queries ask by: the record of the business, or the kind and time of an activity.
--
-- Partitions. Records of a business key are few and stay in one partition: a twin that arrives next month must meet its
-- twin in a merge. Activities grow without end and are cut by year of the vendor's own time (yy of yyMMddHHmmss), raw webhooks
-- and receipts by month of arrival: neither is changed by a repetition. A year, as a batch may hold activities of any time, and
-- ClickHouse refuses an insert into more than 100 partitions.
--
-- Settings. non_replicated_deduplication_window makes an insert with a known deduplication token add nothing (a lost answer
-- is repeated under the same token). fsync: the log is trimmed once a row is loaded, so by then it must be on the disk.

CREATE DATABASE IF NOT EXISTS landing COMMENT 'What arrived, a table an Avro record';

CREATE DATABASE IF NOT EXISTS analytics COMMENT 'For people and BI tools: right at any moment, no e-mail, mobile or name in clear';

CREATE DATABASE IF NOT EXISTS contacts COMMENT 'For those who must reach a person: user crm only';

CREATE TABLE IF NOT EXISTS landing.leads
(
    event_id                       UUID COMMENT 'Deterministic id of the event: the same event sent again has the same id',
    business                       LowCardinality(String) COMMENT 'Business of CONFIG_FILE',
    source                         LowCardinality(String) COMMENT 'Webhook source of CONFIG_FILE',
    topic                          LowCardinality(String) COMMENT 'Nector: x-nector-topic; Netcore: the channel',
    delivery_id                    Nullable(String) COMMENT 'x-nector-delivery-id',
    occurred_at                    DateTime64(3, 'UTC') COMMENT 'When the event happened at the vendor',
    day                            Date COMMENT 'Day of occurred_at in the time zone of the business',
    received_at                    DateTime64(3, 'UTC') COMMENT 'When the webhook arrived',
    raw_topic                      LowCardinality(String) COMMENT 'Position of the raw record in the log',
    raw_partition                  Int32,
    raw_offset                     Int64,
    raw_index                      Int32 COMMENT 'Index of the event within its webhook, from 0',
    record_key                     String COMMENT 'Business key of the record: all events of one record share it',
    created_day                    Nullable(Date) COMMENT 'Day of created_at in the time zone of the business',
    business_name                  LowCardinality(Nullable(String)),
    business_uri                   LowCardinality(Nullable(String)),
    nector_business_uri            LowCardinality(Nullable(String)),
    business_coin_name             LowCardinality(Nullable(String)),
    business_currency_code         LowCardinality(Nullable(String)),
    business_currency_symbol       LowCardinality(Nullable(String)),
    user_customer_id               Nullable(String),
    user_name                      Nullable(String),
    user_email                     Nullable(String),
    user_mobile                    Nullable(String),
    user_tier                      LowCardinality(Nullable(String)),
    user_type                      LowCardinality(Nullable(String)),
    user_referral_code             Nullable(String),
    user_referred_by_referral_code Nullable(String),
    user_referral_link             Nullable(String),
    user_new_referral_link         Nullable(String),
    user_available_balance         Nullable(Decimal(38, 10)),
    user_balance                   Nullable(Decimal(38, 10)),
    user_dob                       Nullable(String),
    user_full_dob                  Nullable(String),
    user_country                   LowCardinality(Nullable(String)),
    user_transaction_amount        Nullable(Decimal(38, 10)),
    entity_id                      Nullable(String),
    referral_code                  Nullable(String),
    customer_id                    Nullable(String),
    referred_by_referral_code      Nullable(String),
    name                           Nullable(String),
    available                      Nullable(Decimal(38, 10)),
    tier                           LowCardinality(Nullable(String)),
    type                           LowCardinality(Nullable(String)),
    classification                 LowCardinality(Nullable(String)),
    transaction_amount             Nullable(Decimal(38, 10)),
    last_transaction               Nullable(String),
    accept_email                   Nullable(Bool),
    accept_mobile                  Nullable(Bool),
    accept_smartdiscountapply      Nullable(Bool),
    dob                            Nullable(String),
    full_dob                       Nullable(String),
    mid                            Nullable(String),
    mobile                         Nullable(String),
    country                        LowCardinality(Nullable(String)),
    eid                            Nullable(String),
    email                          Nullable(String),
    email_status                   LowCardinality(Nullable(String)),
    is_freezed                     Nullable(Bool),
    created_at                     Nullable(DateTime64(3, 'UTC')),
    updated_at                     Nullable(DateTime64(3, 'UTC')),
    extra                          Map(String, String) COMMENT 'Fields that have no column, by their path',
    loaded_at                      DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'When the row came into this table',
    precedence                     UInt64 MATERIALIZED toUInt64(9999999999999 - toUnixTimestamp64Milli(received_at)) COMMENT 'Highest for what arrived first'
)
ENGINE = ReplacingMergeTree(precedence)
ORDER BY (business, record_key, event_id)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Customers of the loyalty programme (lead_create, lead_update)';

CREATE TABLE IF NOT EXISTS landing.coupons
(
    event_id                       UUID COMMENT 'Deterministic id of the event: the same event sent again has the same id',
    business                       LowCardinality(String) COMMENT 'Business of CONFIG_FILE',
    source                         LowCardinality(String) COMMENT 'Webhook source of CONFIG_FILE',
    topic                          LowCardinality(String) COMMENT 'Nector: x-nector-topic; Netcore: the channel',
    delivery_id                    Nullable(String) COMMENT 'x-nector-delivery-id',
    occurred_at                    DateTime64(3, 'UTC') COMMENT 'When the event happened at the vendor',
    day                            Date COMMENT 'Day of occurred_at in the time zone of the business',
    received_at                    DateTime64(3, 'UTC') COMMENT 'When the webhook arrived',
    raw_topic                      LowCardinality(String) COMMENT 'Position of the raw record in the log',
    raw_partition                  Int32,
    raw_offset                     Int64,
    raw_index                      Int32 COMMENT 'Index of the event within its webhook, from 0',
    record_key                     String COMMENT 'Business key of the record: all events of one record share it',
    created_day                    Nullable(Date) COMMENT 'Day of created_at in the time zone of the business',
    business_name                  LowCardinality(Nullable(String)),
    business_uri                   LowCardinality(Nullable(String)),
    nector_business_uri            LowCardinality(Nullable(String)),
    business_coin_name             LowCardinality(Nullable(String)),
    business_currency_code         LowCardinality(Nullable(String)),
    business_currency_symbol       LowCardinality(Nullable(String)),
    user_customer_id               Nullable(String),
    user_name                      Nullable(String),
    user_email                     Nullable(String),
    user_mobile                    Nullable(String),
    user_tier                      LowCardinality(Nullable(String)),
    user_type                      LowCardinality(Nullable(String)),
    user_referral_code             Nullable(String),
    user_referred_by_referral_code Nullable(String),
    user_referral_link             Nullable(String),
    user_new_referral_link         Nullable(String),
    user_available_balance         Nullable(Decimal(38, 10)),
    user_balance                   Nullable(Decimal(38, 10)),
    user_dob                       Nullable(String),
    user_full_dob                  Nullable(String),
    user_country                   LowCardinality(Nullable(String)),
    user_transaction_amount        Nullable(Decimal(38, 10)),
    entity_id                      Nullable(String),
    lead_id                        Nullable(String),
    activity_id                    Nullable(String),
    offer_id                       Nullable(String),
    reference_coupon_id            Nullable(String),
    reference_coupon_source        LowCardinality(Nullable(String)),
    name                           Nullable(String),
    description                    Nullable(String),
    type                           LowCardinality(Nullable(String)),
    value                          Nullable(String),
    fiat_class                     LowCardinality(Nullable(String)),
    fiat_value                     Nullable(Decimal(38, 10)),
    fiat_target                    LowCardinality(Nullable(String)),
    minimumcart_amount             Nullable(Decimal(38, 10)),
    meta_lead_name                 Nullable(String),
    status                         LowCardinality(Nullable(String)),
    redirect_link                  Nullable(String),
    expire                         Nullable(DateTime64(3, 'UTC')),
    formatted_expire               Nullable(String),
    created_at                     Nullable(DateTime64(3, 'UTC')),
    updated_at                     Nullable(DateTime64(3, 'UTC')),
    extra                          Map(String, String) COMMENT 'Fields that have no column, by their path',
    loaded_at                      DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'When the row came into this table',
    precedence                     UInt64 MATERIALIZED toUInt64(9999999999999 - toUnixTimestamp64Milli(received_at)) COMMENT 'Highest for what arrived first'
)
ENGINE = ReplacingMergeTree(precedence)
ORDER BY (business, record_key, event_id)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Coupons (coupon_create, coupon_update) and nudges about them (unusedcouponrequest_create)';

CREATE TABLE IF NOT EXISTS landing.coin_transactions
(
    event_id                       UUID COMMENT 'Deterministic id of the event: the same event sent again has the same id',
    business                       LowCardinality(String) COMMENT 'Business of CONFIG_FILE',
    source                         LowCardinality(String) COMMENT 'Webhook source of CONFIG_FILE',
    topic                          LowCardinality(String) COMMENT 'Nector: x-nector-topic; Netcore: the channel',
    delivery_id                    Nullable(String) COMMENT 'x-nector-delivery-id',
    occurred_at                    DateTime64(3, 'UTC') COMMENT 'When the event happened at the vendor',
    day                            Date COMMENT 'Day of occurred_at in the time zone of the business',
    received_at                    DateTime64(3, 'UTC') COMMENT 'When the webhook arrived',
    raw_topic                      LowCardinality(String) COMMENT 'Position of the raw record in the log',
    raw_partition                  Int32,
    raw_offset                     Int64,
    raw_index                      Int32 COMMENT 'Index of the event within its webhook, from 0',
    record_key                     String COMMENT 'Business key of the record: all events of one record share it',
    created_day                    Nullable(Date) COMMENT 'Day of created_at in the time zone of the business',
    business_name                  LowCardinality(Nullable(String)),
    business_uri                   LowCardinality(Nullable(String)),
    nector_business_uri            LowCardinality(Nullable(String)),
    business_coin_name             LowCardinality(Nullable(String)),
    business_currency_code         LowCardinality(Nullable(String)),
    business_currency_symbol       LowCardinality(Nullable(String)),
    user_customer_id               Nullable(String),
    user_name                      Nullable(String),
    user_email                     Nullable(String),
    user_mobile                    Nullable(String),
    user_tier                      LowCardinality(Nullable(String)),
    user_type                      LowCardinality(Nullable(String)),
    user_referral_code             Nullable(String),
    user_referred_by_referral_code Nullable(String),
    user_referral_link             Nullable(String),
    user_new_referral_link         Nullable(String),
    user_available_balance         Nullable(Decimal(38, 10)),
    user_balance                   Nullable(Decimal(38, 10)),
    user_dob                       Nullable(String),
    user_full_dob                  Nullable(String),
    user_country                   LowCardinality(Nullable(String)),
    user_transaction_amount        Nullable(Decimal(38, 10)),
    entity_id                      Nullable(String),
    lead_id                        Nullable(String),
    activity_id                    Nullable(String),
    title                          Nullable(String),
    description                    Nullable(String),
    amount                         Nullable(Decimal(38, 10)),
    closing_balance                Nullable(Decimal(38, 10)),
    consolidated_cr                Nullable(Decimal(38, 10)),
    consolidated_dr                Nullable(Decimal(38, 10)),
    hash                           Nullable(String),
    meta_lead_name                 Nullable(String),
    operation                      LowCardinality(Nullable(String)),
    type                           LowCardinality(Nullable(String)),
    status                         LowCardinality(Nullable(String)),
    created_at                     Nullable(DateTime64(3, 'UTC')),
    updated_at                     Nullable(DateTime64(3, 'UTC')),
    extra                          Map(String, String) COMMENT 'Fields that have no column, by their path',
    loaded_at                      DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'When the row came into this table',
    precedence                     UInt64 MATERIALIZED toUInt64(9999999999999 - toUnixTimestamp64Milli(received_at)) COMMENT 'Highest for what arrived first'
)
ENGINE = ReplacingMergeTree(precedence)
ORDER BY (business, record_key, event_id)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Coin transactions (walletreward_create, wallettrasaction_update) and nudges about unused coins (unusedwalletcoinrequest_create)';

CREATE TABLE IF NOT EXISTS landing.reviews
(
    event_id                        UUID COMMENT 'Deterministic id of the event: the same event sent again has the same id',
    business                        LowCardinality(String) COMMENT 'Business of CONFIG_FILE',
    source                          LowCardinality(String) COMMENT 'Webhook source of CONFIG_FILE',
    topic                           LowCardinality(String) COMMENT 'Nector: x-nector-topic; Netcore: the channel',
    delivery_id                     Nullable(String) COMMENT 'x-nector-delivery-id',
    occurred_at                     DateTime64(3, 'UTC') COMMENT 'When the event happened at the vendor',
    day                             Date COMMENT 'Day of occurred_at in the time zone of the business',
    received_at                     DateTime64(3, 'UTC') COMMENT 'When the webhook arrived',
    raw_topic                       LowCardinality(String) COMMENT 'Position of the raw record in the log',
    raw_partition                   Int32,
    raw_offset                      Int64,
    raw_index                       Int32 COMMENT 'Index of the event within its webhook, from 0',
    record_key                      String COMMENT 'Business key of the record: all events of one record share it',
    created_day                     Nullable(Date) COMMENT 'Day of created_at in the time zone of the business',
    business_name                   LowCardinality(Nullable(String)),
    business_uri                    LowCardinality(Nullable(String)),
    nector_business_uri             LowCardinality(Nullable(String)),
    business_coin_name              LowCardinality(Nullable(String)),
    business_currency_code          LowCardinality(Nullable(String)),
    business_currency_symbol        LowCardinality(Nullable(String)),
    user_customer_id                Nullable(String),
    user_name                       Nullable(String),
    user_email                      Nullable(String),
    user_mobile                     Nullable(String),
    user_tier                       LowCardinality(Nullable(String)),
    user_type                       LowCardinality(Nullable(String)),
    user_referral_code              Nullable(String),
    user_referred_by_referral_code  Nullable(String),
    user_referral_link              Nullable(String),
    user_new_referral_link          Nullable(String),
    user_available_balance          Nullable(Decimal(38, 10)),
    user_balance                    Nullable(Decimal(38, 10)),
    user_dob                        Nullable(String),
    user_full_dob                   Nullable(String),
    user_country                    LowCardinality(Nullable(String)),
    user_transaction_amount         Nullable(Decimal(38, 10)),
    entity_id                       Nullable(String),
    lead_id                         Nullable(String),
    order_id                        Nullable(String),
    activity_id                     Nullable(String),
    reference_product_name          Nullable(String),
    reference_product_source        LowCardinality(Nullable(String)),
    reference_product_id            Nullable(String),
    reference_product_redirect_link Nullable(String),
    reference_review_source         LowCardinality(Nullable(String)),
    reference_review_id             Nullable(String),
    type                            LowCardinality(Nullable(String)),
    name                            Nullable(String),
    rating                          Nullable(Decimal(38, 10)),
    title                           Nullable(String),
    description                     Nullable(String),
    reply_to                        Nullable(String),
    meta_coin_reward                Nullable(String),
    meta_is_rewarded                Nullable(Bool),
    is_verified                     Nullable(Bool),
    is_approved                     Nullable(Bool),
    is_featured                     Nullable(Bool),
    created_at                      Nullable(DateTime64(3, 'UTC')),
    updated_at                      Nullable(DateTime64(3, 'UTC')),
    extra                           Map(String, String) COMMENT 'Fields that have no column, by their path',
    loaded_at                       DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'When the row came into this table',
    precedence                      UInt64 MATERIALIZED toUInt64(9999999999999 - toUnixTimestamp64Milli(received_at)) COMMENT 'Highest for what arrived first'
)
ENGINE = ReplacingMergeTree(precedence)
ORDER BY (business, record_key, event_id)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Product reviews (review_create, review_update)';

CREATE TABLE IF NOT EXISTS landing.orders
(
    event_id                       UUID COMMENT 'Deterministic id of the event: the same event sent again has the same id',
    business                       LowCardinality(String) COMMENT 'Business of CONFIG_FILE',
    source                         LowCardinality(String) COMMENT 'Webhook source of CONFIG_FILE',
    topic                          LowCardinality(String) COMMENT 'Nector: x-nector-topic; Netcore: the channel',
    delivery_id                    Nullable(String) COMMENT 'x-nector-delivery-id',
    occurred_at                    DateTime64(3, 'UTC') COMMENT 'When the event happened at the vendor',
    day                            Date COMMENT 'Day of occurred_at in the time zone of the business',
    received_at                    DateTime64(3, 'UTC') COMMENT 'When the webhook arrived',
    raw_topic                      LowCardinality(String) COMMENT 'Position of the raw record in the log',
    raw_partition                  Int32,
    raw_offset                     Int64,
    raw_index                      Int32 COMMENT 'Index of the event within its webhook, from 0',
    record_key                     String COMMENT 'Business key of the record: all events of one record share it',
    created_day                    Nullable(Date) COMMENT 'Day of created_at in the time zone of the business',
    business_name                  LowCardinality(Nullable(String)),
    business_uri                   LowCardinality(Nullable(String)),
    nector_business_uri            LowCardinality(Nullable(String)),
    business_coin_name             LowCardinality(Nullable(String)),
    business_currency_code         LowCardinality(Nullable(String)),
    business_currency_symbol       LowCardinality(Nullable(String)),
    user_customer_id               Nullable(String),
    user_name                      Nullable(String),
    user_email                     Nullable(String),
    user_mobile                    Nullable(String),
    user_tier                      LowCardinality(Nullable(String)),
    user_type                      LowCardinality(Nullable(String)),
    user_referral_code             Nullable(String),
    user_referred_by_referral_code Nullable(String),
    user_referral_link             Nullable(String),
    user_new_referral_link         Nullable(String),
    user_available_balance         Nullable(Decimal(38, 10)),
    user_balance                   Nullable(Decimal(38, 10)),
    user_dob                       Nullable(String),
    user_full_dob                  Nullable(String),
    user_country                   LowCardinality(Nullable(String)),
    user_transaction_amount        Nullable(Decimal(38, 10)),
    entity_id                      Nullable(String),
    lead_id                        Nullable(String),
    reference_order_name           Nullable(String),
    reference_order_id             Nullable(String),
    reference_order_source         LowCardinality(Nullable(String)),
    activity_id                    Nullable(String),
    currency_code                  LowCardinality(Nullable(String)),
    reference_cart_token           Nullable(String),
    fiat_amount                    Nullable(Decimal(38, 10)),
    fiat_discount                  Nullable(Decimal(38, 10)),
    fiat_tax                       Nullable(Decimal(38, 10)),
    payment_source                 LowCardinality(Nullable(String)),
    payment_medium                 LowCardinality(Nullable(String)),
    utm_source                     LowCardinality(Nullable(String)),
    utm_medium                     LowCardinality(Nullable(String)),
    utm_campaign                   LowCardinality(Nullable(String)),
    order_driven_by                LowCardinality(Nullable(String)),
    couponredeem_driven_by         LowCardinality(Nullable(String)),
    status                         LowCardinality(Nullable(String)),
    financial_status               LowCardinality(Nullable(String)),
    delivery_status                LowCardinality(Nullable(String)),
    meta_lead_name                 Nullable(String),
    meta_coin_spent                Nullable(Decimal(38, 10)),
    meta_coin_reward               Nullable(Decimal(38, 10)),
    meta_currency_code             LowCardinality(Nullable(String)),
    meta_redirect_link             Nullable(String),
    created_at                     Nullable(DateTime64(3, 'UTC')),
    updated_at                     Nullable(DateTime64(3, 'UTC')),
    extra                          Map(String, String) COMMENT 'Fields that have no column, by their path',
    loaded_at                      DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'When the row came into this table',
    precedence                     UInt64 MATERIALIZED toUInt64(9999999999999 - toUnixTimestamp64Milli(received_at)) COMMENT 'Highest for what arrived first'
)
ENGINE = ReplacingMergeTree(precedence)
ORDER BY (business, record_key, event_id)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Orders (order_create, order_update)';

CREATE TABLE IF NOT EXISTS landing.review_requests
(
    event_id                       UUID COMMENT 'Deterministic id of the event: the same event sent again has the same id',
    business                       LowCardinality(String) COMMENT 'Business of CONFIG_FILE',
    source                         LowCardinality(String) COMMENT 'Webhook source of CONFIG_FILE',
    topic                          LowCardinality(String) COMMENT 'Nector: x-nector-topic; Netcore: the channel',
    delivery_id                    Nullable(String) COMMENT 'x-nector-delivery-id',
    occurred_at                    DateTime64(3, 'UTC') COMMENT 'When the event happened at the vendor',
    day                            Date COMMENT 'Day of occurred_at in the time zone of the business',
    received_at                    DateTime64(3, 'UTC') COMMENT 'When the webhook arrived',
    raw_topic                      LowCardinality(String) COMMENT 'Position of the raw record in the log',
    raw_partition                  Int32,
    raw_offset                     Int64,
    raw_index                      Int32 COMMENT 'Index of the event within its webhook, from 0',
    record_key                     String COMMENT 'Business key of the record: all events of one record share it',
    created_day                    Nullable(Date) COMMENT 'Day of created_at in the time zone of the business',
    business_name                  LowCardinality(Nullable(String)),
    business_uri                   LowCardinality(Nullable(String)),
    nector_business_uri            LowCardinality(Nullable(String)),
    business_coin_name             LowCardinality(Nullable(String)),
    business_currency_code         LowCardinality(Nullable(String)),
    business_currency_symbol       LowCardinality(Nullable(String)),
    user_customer_id               Nullable(String),
    user_name                      Nullable(String),
    user_email                     Nullable(String),
    user_mobile                    Nullable(String),
    user_tier                      LowCardinality(Nullable(String)),
    user_type                      LowCardinality(Nullable(String)),
    user_referral_code             Nullable(String),
    user_referred_by_referral_code Nullable(String),
    user_referral_link             Nullable(String),
    user_new_referral_link         Nullable(String),
    user_available_balance         Nullable(Decimal(38, 10)),
    user_balance                   Nullable(Decimal(38, 10)),
    user_dob                       Nullable(String),
    user_full_dob                  Nullable(String),
    user_country                   LowCardinality(Nullable(String)),
    user_transaction_amount        Nullable(Decimal(38, 10)),
    entity_id                      Nullable(String),
    lead_id                        Nullable(String),
    reference_order_name           Nullable(String),
    reference_order_id             Nullable(String),
    reference_order_source         LowCardinality(Nullable(String)),
    activity_id                    Nullable(String),
    currency_code                  LowCardinality(Nullable(String)),
    reference_cart_token           Nullable(String),
    fiat_amount                    Nullable(Decimal(38, 10)),
    fiat_discount                  Nullable(Decimal(38, 10)),
    fiat_tax                       Nullable(Decimal(38, 10)),
    payment_source                 LowCardinality(Nullable(String)),
    payment_medium                 LowCardinality(Nullable(String)),
    utm_source                     LowCardinality(Nullable(String)),
    utm_medium                     LowCardinality(Nullable(String)),
    utm_campaign                   LowCardinality(Nullable(String)),
    order_driven_by                LowCardinality(Nullable(String)),
    couponredeem_driven_by         LowCardinality(Nullable(String)),
    status                         LowCardinality(Nullable(String)),
    financial_status               LowCardinality(Nullable(String)),
    delivery_status                LowCardinality(Nullable(String)),
    meta_lead_name                 Nullable(String),
    meta_coin_spent                Nullable(Decimal(38, 10)),
    meta_coin_reward               Nullable(Decimal(38, 10)),
    meta_currency_code             LowCardinality(Nullable(String)),
    meta_redirect_link             Nullable(String),
    order_review_link              Nullable(String),
    created_at                     Nullable(DateTime64(3, 'UTC')),
    updated_at                     Nullable(DateTime64(3, 'UTC')),
    extra                          Map(String, String) COMMENT 'Fields that have no column, by their path',
    loaded_at                      DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'When the row came into this table',
    precedence                     UInt64 MATERIALIZED toUInt64(9999999999999 - toUnixTimestamp64Milli(received_at)) COMMENT 'Highest for what arrived first'
)
ENGINE = ReplacingMergeTree(precedence)
ORDER BY (business, record_key, event_id)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Requests for a review of an order (reviewrequest_create)';

CREATE TABLE IF NOT EXISTS landing.referrals
(
    event_id                              UUID COMMENT 'Deterministic id of the event: the same event sent again has the same id',
    business                              LowCardinality(String) COMMENT 'Business of CONFIG_FILE',
    source                                LowCardinality(String) COMMENT 'Webhook source of CONFIG_FILE',
    topic                                 LowCardinality(String) COMMENT 'Nector: x-nector-topic; Netcore: the channel',
    delivery_id                           Nullable(String) COMMENT 'x-nector-delivery-id',
    occurred_at                           DateTime64(3, 'UTC') COMMENT 'When the event happened at the vendor',
    day                                   Date COMMENT 'Day of occurred_at in the time zone of the business',
    received_at                           DateTime64(3, 'UTC') COMMENT 'When the webhook arrived',
    raw_topic                             LowCardinality(String) COMMENT 'Position of the raw record in the log',
    raw_partition                         Int32,
    raw_offset                            Int64,
    raw_index                             Int32 COMMENT 'Index of the event within its webhook, from 0',
    record_key                            String COMMENT 'Business key of the record: all events of one record share it',
    created_day                           Nullable(Date) COMMENT 'Day of created_at in the time zone of the business',
    business_name                         LowCardinality(Nullable(String)),
    business_uri                          LowCardinality(Nullable(String)),
    nector_business_uri                   LowCardinality(Nullable(String)),
    business_coin_name                    LowCardinality(Nullable(String)),
    business_currency_code                LowCardinality(Nullable(String)),
    business_currency_symbol              LowCardinality(Nullable(String)),
    user_customer_id                      Nullable(String),
    user_name                             Nullable(String),
    user_email                            Nullable(String),
    user_mobile                           Nullable(String),
    user_tier                             LowCardinality(Nullable(String)),
    user_type                             LowCardinality(Nullable(String)),
    user_referral_code                    Nullable(String),
    user_referred_by_referral_code        Nullable(String),
    user_referral_link                    Nullable(String),
    user_new_referral_link                Nullable(String),
    user_available_balance                Nullable(Decimal(38, 10)),
    user_balance                          Nullable(Decimal(38, 10)),
    user_dob                              Nullable(String),
    user_full_dob                         Nullable(String),
    user_country                          LowCardinality(Nullable(String)),
    user_transaction_amount               Nullable(Decimal(38, 10)),
    _id                                   Nullable(String),
    entity_id                             Nullable(String),
    coupon_id                             Nullable(String),
    wallettransaction_id                  Nullable(String),
    order_id                              Nullable(String),
    referral_mode                         LowCardinality(Nullable(String)),
    referred_by_name                      Nullable(String),
    referred_by_lead_id                   Nullable(String),
    referred_by_eid                       Nullable(String),
    referred_by_mid                       Nullable(String),
    referred_to_name                      Nullable(String),
    referred_to_lead_id                   Nullable(String),
    referred_to_eid                       Nullable(String),
    referred_to_mid                       Nullable(String),
    meta_referred_by_coupon_id            Nullable(String),
    meta_referred_to_coupon_id            Nullable(String),
    meta_incompletereferralrequest_count  Nullable(Int64),
    meta_incompletereferralrequest_sentat Nullable(DateTime64(3, 'UTC')),
    meta_referred_by_wallettransaction_id Nullable(String),
    meta_referred_to_wallettransaction_id Nullable(String),
    status                                LowCardinality(Nullable(String)),
    created_at                            Nullable(DateTime64(3, 'UTC')),
    updated_at                            Nullable(DateTime64(3, 'UTC')),
    version                               Nullable(Int64),
    wallettransaction_title               Nullable(String),
    wallettransaction_description         Nullable(String),
    wallettransaction_amount              Nullable(Decimal(38, 10)),
    wallettransaction_closing_balance     Nullable(Decimal(38, 10)),
    coupon_name                           Nullable(String),
    coupon_description                    Nullable(String),
    coupon_value                          Nullable(String),
    coupon_fiat_value                     Nullable(Decimal(38, 10)),
    coupon_fiat_target                    LowCardinality(Nullable(String)),
    coupon_fiat_class                     LowCardinality(Nullable(String)),
    coupon_minimumcart_amount             Nullable(Decimal(38, 10)),
    coupon_formatted_expire               Nullable(String),
    coupon_expire                         Nullable(DateTime64(3, 'UTC')),
    coupon_redirect_link                  Nullable(String),
    extra                                 Map(String, String) COMMENT 'Fields that have no column, by their path',
    loaded_at                             DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'When the row came into this table',
    precedence                            UInt64 MATERIALIZED toUInt64(9999999999999 - toUnixTimestamp64Milli(received_at)) COMMENT 'Highest for what arrived first'
)
ENGINE = ReplacingMergeTree(precedence)
ORDER BY (business, record_key, event_id)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Referrals (refereenotify_create, referrernotify_create) and nudges about incomplete ones (incompletereferralrequest_create)';

CREATE TABLE IF NOT EXISTS landing.coin_expiries
(
    event_id                             UUID COMMENT 'Deterministic id of the event: the same event sent again has the same id',
    business                             LowCardinality(String) COMMENT 'Business of CONFIG_FILE',
    source                               LowCardinality(String) COMMENT 'Webhook source of CONFIG_FILE',
    topic                                LowCardinality(String) COMMENT 'Nector: x-nector-topic; Netcore: the channel',
    delivery_id                          Nullable(String) COMMENT 'x-nector-delivery-id',
    occurred_at                          DateTime64(3, 'UTC') COMMENT 'When the event happened at the vendor',
    day                                  Date COMMENT 'Day of occurred_at in the time zone of the business',
    received_at                          DateTime64(3, 'UTC') COMMENT 'When the webhook arrived',
    raw_topic                            LowCardinality(String) COMMENT 'Position of the raw record in the log',
    raw_partition                        Int32,
    raw_offset                           Int64,
    raw_index                            Int32 COMMENT 'Index of the event within its webhook, from 0',
    record_key                           String COMMENT 'Business key of the record: all events of one record share it',
    business_name                        LowCardinality(Nullable(String)),
    business_uri                         LowCardinality(Nullable(String)),
    nector_business_uri                  LowCardinality(Nullable(String)),
    business_coin_name                   LowCardinality(Nullable(String)),
    business_currency_code               LowCardinality(Nullable(String)),
    business_currency_symbol             LowCardinality(Nullable(String)),
    user_customer_id                     Nullable(String),
    user_name                            Nullable(String),
    user_email                           Nullable(String),
    user_mobile                          Nullable(String),
    user_tier                            LowCardinality(Nullable(String)),
    user_type                            LowCardinality(Nullable(String)),
    user_referral_code                   Nullable(String),
    user_referred_by_referral_code       Nullable(String),
    user_referral_link                   Nullable(String),
    user_new_referral_link               Nullable(String),
    user_available_balance               Nullable(Decimal(38, 10)),
    user_balance                         Nullable(Decimal(38, 10)),
    user_dob                             Nullable(String),
    user_full_dob                        Nullable(String),
    user_country                         LowCardinality(Nullable(String)),
    user_transaction_amount              Nullable(Decimal(38, 10)),
    entity_id                            Nullable(String),
    lead_id                              Nullable(String),
    wallet_expiry_unit                   LowCardinality(Nullable(String)),
    wallet_expiry_amount                 Nullable(Decimal(38, 10)),
    wallet_expiry_notify_generated_on    Nullable(DateTime64(3, 'UTC')),
    wallet_expiry_estimated_on           Nullable(DateTime64(3, 'UTC')),
    wallet_expiry_formatted_estimated_on Nullable(String),
    extra                                Map(String, String) COMMENT 'Fields that have no column, by their path',
    loaded_at                            DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'When the row came into this table',
    precedence                           UInt64 MATERIALIZED toUInt64(9999999999999 - toUnixTimestamp64Milli(received_at)) COMMENT 'Highest for what arrived first'
)
ENGINE = ReplacingMergeTree(precedence)
ORDER BY (business, record_key, event_id)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Forecasts of coins about to expire (coinexpirynotify_create)';

CREATE TABLE IF NOT EXISTS landing.other_events
(
    event_id      UUID COMMENT 'Deterministic id of the event: the same event sent again has the same id',
    business      LowCardinality(String) COMMENT 'Business of CONFIG_FILE',
    source        LowCardinality(String) COMMENT 'Webhook source of CONFIG_FILE',
    topic         LowCardinality(String) COMMENT 'Nector: x-nector-topic; Netcore: the channel',
    delivery_id   Nullable(String) COMMENT 'x-nector-delivery-id',
    occurred_at   DateTime64(3, 'UTC') COMMENT 'When the event happened at the vendor',
    day           Date COMMENT 'Day of occurred_at in the time zone of the business',
    received_at   DateTime64(3, 'UTC') COMMENT 'When the webhook arrived',
    raw_topic     LowCardinality(String) COMMENT 'Position of the raw record in the log',
    raw_partition Int32,
    raw_offset    Int64,
    raw_index     Int32 COMMENT 'Index of the event within its webhook, from 0',
    extra         Map(String, String) COMMENT 'Fields that have no column, by their path',
    loaded_at     DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'When the row came into this table',
    precedence    UInt64 MATERIALIZED toUInt64(9999999999999 - toUnixTimestamp64Milli(received_at)) COMMENT 'Highest for what arrived first'
)
ENGINE = ReplacingMergeTree(precedence)
ORDER BY (business, topic, event_id)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Nector topics without a table of their own, all fields in extra';

CREATE TABLE IF NOT EXISTS landing.activities
(
    event_id        UUID COMMENT 'Deterministic id of the event: the same event sent again has the same id',
    business        LowCardinality(String) COMMENT 'Business of CONFIG_FILE',
    source          LowCardinality(String) COMMENT 'Webhook source of CONFIG_FILE',
    topic           LowCardinality(String) COMMENT 'Nector: x-nector-topic; Netcore: the channel',
    delivery_id     Nullable(String) COMMENT 'x-nector-delivery-id',
    occurred_at     DateTime64(3, 'UTC') COMMENT 'When the event happened at the vendor',
    day             Date COMMENT 'Day of occurred_at in the time zone of the business',
    received_at     DateTime64(3, 'UTC') COMMENT 'When the webhook arrived',
    raw_topic       LowCardinality(String) COMMENT 'Position of the raw record in the log',
    raw_partition   Int32,
    raw_offset      Int64,
    raw_index       Int32 COMMENT 'Index of the event within its webhook, from 0',
    panel           LowCardinality(String) COMMENT 'Panel of the batch',
    activity_id     LowCardinality(String) COMMENT 'Vendor''s number of the kind of activity; empty where absent',
    ts              Int64 COMMENT 'Vendor''s own time as sent, yyMMddHHmmss in the time zone of the source; 0 where absent',
    channel         LowCardinality(Nullable(String)),
    msgid           Nullable(String),
    webhook_name    LowCardinality(Nullable(String)),
    journey_name    LowCardinality(Nullable(String)),
    activity_source LowCardinality(Nullable(String)),
    foreignkey      Nullable(String),
    identity        Nullable(String),
    asset_name      LowCardinality(Nullable(String)),
    asset_id        LowCardinality(Nullable(String)),
    guid            Nullable(String),
    att_params      Map(String, String) COMMENT 'Attributes of the customer',
    custom_params   Map(String, String) COMMENT 'Parameters chosen in the journey',
    payload_params  Map(String, String) COMMENT 'Parameters of the activity other than its items',
    extra           Map(String, String) COMMENT 'Fields that have no column, by their path',
    loaded_at       DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'When the row came into this table',
    precedence      UInt64 MATERIALIZED toUInt64(9999999999999 - toUnixTimestamp64Milli(received_at)) COMMENT 'Highest for what arrived first'
)
ENGINE = ReplacingMergeTree(precedence)
PARTITION BY intDiv(ts, 10000000000)
ORDER BY (business, activity_id, ts, event_id)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Netcore activities';

CREATE TABLE IF NOT EXISTS landing.activity_items
(
    event_id       UUID COMMENT 'Deterministic id of the event: the same event sent again has the same id',
    business       LowCardinality(String) COMMENT 'Business of CONFIG_FILE',
    source         LowCardinality(String) COMMENT 'Webhook source of CONFIG_FILE',
    topic          LowCardinality(String) COMMENT 'Nector: x-nector-topic; Netcore: the channel',
    delivery_id    Nullable(String) COMMENT 'x-nector-delivery-id',
    occurred_at    DateTime64(3, 'UTC') COMMENT 'When the event happened at the vendor',
    day            Date COMMENT 'Day of occurred_at in the time zone of the business',
    received_at    DateTime64(3, 'UTC') COMMENT 'When the webhook arrived',
    raw_topic      LowCardinality(String) COMMENT 'Position of the raw record in the log',
    raw_partition  Int32,
    raw_offset     Int64,
    raw_index      Int32 COMMENT 'Index of the event within its webhook, from 0',
    panel          LowCardinality(String),
    activity_id    LowCardinality(String),
    ts             Int64,
    item_index     Int32 COMMENT 'Index of the item within its activity, from 0',
    identity       Nullable(String),
    guid           Nullable(String),
    prid           Nullable(String),
    prqt           Nullable(Decimal(38, 10)),
    price          Nullable(Decimal(38, 10)),
    name           Nullable(String),
    category       LowCardinality(Nullable(String)),
    brand          LowCardinality(Nullable(String)),
    variant        Nullable(String),
    image          Nullable(String),
    produrl        Nullable(String),
    currency       LowCardinality(Nullable(String)),
    dateofpurchase Nullable(String),
    extra          Map(String, String) COMMENT 'Fields that have no column, by their path',
    loaded_at      DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'When the row came into this table',
    precedence     UInt64 MATERIALIZED toUInt64(9999999999999 - toUnixTimestamp64Milli(received_at)) COMMENT 'Highest for what arrived first'
)
ENGINE = ReplacingMergeTree(precedence)
PARTITION BY intDiv(ts, 10000000000)
ORDER BY (business, activity_id, ts, event_id, item_index)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Items of Netcore activities, one row an item; event_id is the activity''s';

CREATE TABLE IF NOT EXISTS landing.raw_webhooks
(
    raw_id         UUID COMMENT 'Given at the edge',
    vendor         LowCardinality(String) COMMENT 'nector or netcore',
    business       LowCardinality(String),
    source         LowCardinality(String),
    topic          LowCardinality(Nullable(String)) COMMENT 'x-nector-topic',
    delivery_id    Nullable(String) COMMENT 'x-nector-delivery-id',
    received_at    DateTime64(3, 'UTC'),
    remote_address String COMMENT 'Address of the sender',
    hmac           LowCardinality(String) COMMENT 'off, absent, valid or invalid',
    headers        Map(LowCardinality(String), String) COMMENT 'Headers that matter; never credentials',
    body           String COMMENT 'The body, byte for byte',
    loaded_at      DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'When the row came into this table'
)
ENGINE = ReplacingMergeTree(loaded_at)
PARTITION BY toYYYYMM(received_at)
ORDER BY (source, received_at, raw_id)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Webhooks as they arrived, byte for byte';

CREATE TABLE IF NOT EXISTS landing.receipts
(
    raw_id         UUID,
    vendor         LowCardinality(String),
    business       LowCardinality(String),
    source         LowCardinality(String),
    topic          LowCardinality(Nullable(String)),
    delivery_id    Nullable(String),
    received_at    DateTime64(3, 'UTC'),
    transformed_at DateTime64(3, 'UTC'),
    raw_topic      LowCardinality(String) COMMENT 'Position of the raw record in the log',
    raw_partition  Int32,
    raw_offset     Int64,
    event_ids      Array(UUID) COMMENT 'Events that the raw record became',
    records        Map(LowCardinality(String), Int32) COMMENT 'Number of records by table',
    dead_letters   Int32 COMMENT 'Events that became dead letters',
    dead_letter_ids Array(UUID) COMMENT 'Dead letters that the raw record became',
    loaded_at      DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'When the row came into this table'
)
ENGINE = ReplacingMergeTree(transformed_at)
PARTITION BY toYYYYMM(received_at)
ORDER BY (source, received_at, raw_id)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'What became of each raw record';

-- One row a bad event. The latest failure stays: its code and reason are those of the code that runs, and its place in the log is still there.
CREATE TABLE IF NOT EXISTS landing.dead_letters
(
    dead_letter_id UUID COMMENT 'From source and content: the same event sent again has the same id',
    vendor         LowCardinality(Nullable(String)),
    business       LowCardinality(Nullable(String)),
    source         LowCardinality(Nullable(String)),
    topic          LowCardinality(Nullable(String)),
    delivery_id    Nullable(String),
    stage          LowCardinality(String) COMMENT 'transform or load',
    code           LowCardinality(String) COMMENT 'Code of the error table',
    reason         String COMMENT 'What was expected and what was got',
    received_at    Nullable(DateTime64(3, 'UTC')) COMMENT 'When the webhook arrived',
    failed_at      DateTime64(3, 'UTC'),
    raw_id         Nullable(UUID) COMMENT 'The raw record, where it is known',
    log_topic      LowCardinality(String) COMMENT 'Position of the failed record in the log',
    log_partition  Int32,
    log_offset     Int64,
    log_index      Int32 COMMENT 'Index of the event within its webhook, from 0; -1 where the whole record failed',
    payload        String COMMENT 'What failed: the body byte for byte at stage transform, or the one activity of a batch as JSON (the batch itself is in raw_webhooks under raw_id); the framed Avro record at stage load',
    loaded_at      DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'When the row came into this table'
)
ENGINE = ReplacingMergeTree(failed_at)
ORDER BY (dead_letter_id)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Events that no table takes, with what is needed to replay them';
