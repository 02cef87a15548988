-- Appends what is due every five seconds: no figure is older than ten, but after a load that takes more than one portion. In the order of what they read. On one thread, as nobody waits for
-- them and the queries of people come first.

CREATE MATERIALIZED VIEW IF NOT EXISTS landing.refresh_identity_keys REFRESH EVERY 5 SECOND APPEND TO landing.identity_keys AS
SELECT * FROM landing.due_identity_keys SETTINGS max_threads = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS landing.refresh_loads REFRESH EVERY 5 SECOND APPEND TO landing.loads AS
SELECT * FROM landing.due_loads SETTINGS max_threads = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS landing.refresh_moved_records REFRESH EVERY 5 SECOND APPEND TO landing.moved_records AS
SELECT * FROM landing.due_moved_records SETTINGS max_threads = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS landing.refresh_coin_days REFRESH EVERY 5 SECOND APPEND TO landing.coin_days AS
SELECT * FROM landing.due_coin_days SETTINGS max_threads = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS landing.refresh_coin_leads REFRESH EVERY 5 SECOND APPEND TO landing.coin_leads AS
SELECT * FROM landing.due_coin_leads SETTINGS max_threads = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS landing.refresh_order_days REFRESH EVERY 5 SECOND APPEND TO landing.order_days AS
SELECT * FROM landing.due_order_days SETTINGS max_threads = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS landing.refresh_referral_figures REFRESH EVERY 5 SECOND APPEND TO landing.referral_figures AS
SELECT * FROM landing.due_referral_figures SETTINGS max_threads = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS landing.refresh_funnel_days REFRESH EVERY 5 SECOND APPEND TO landing.funnel_days AS
SELECT * FROM landing.due_funnel_days SETTINGS max_threads = 1;
