-- Every five seconds, appends the figures of what is dirty. No figure is older than ten seconds, except after a load of more than one portion.
-- Ordered by what each reads. One thread each: queries of people come first.

CREATE MATERIALIZED VIEW IF NOT EXISTS landing.refresh_changed_days REFRESH EVERY 5 SECOND APPEND TO landing.changed_days AS
SELECT * FROM landing.dirty_changed_days SETTINGS max_threads = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS landing.refresh_moved_records REFRESH EVERY 5 SECOND APPEND TO landing.moved_records AS
SELECT * FROM landing.dirty_moved_records SETTINGS max_threads = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS landing.refresh_coin_days REFRESH EVERY 5 SECOND APPEND TO landing.coin_days AS
SELECT * FROM landing.dirty_coin_days SETTINGS max_threads = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS landing.refresh_coin_leads REFRESH EVERY 5 SECOND APPEND TO landing.coin_leads AS
SELECT * FROM landing.dirty_coin_leads SETTINGS max_threads = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS landing.refresh_order_days REFRESH EVERY 5 SECOND APPEND TO landing.order_days AS
SELECT * FROM landing.dirty_order_days SETTINGS max_threads = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS landing.refresh_referral_figures REFRESH EVERY 5 SECOND APPEND TO landing.referral_figures AS
SELECT * FROM landing.dirty_referral_figures SETTINGS max_threads = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS landing.refresh_funnel_days REFRESH EVERY 5 SECOND APPEND TO landing.funnel_days AS
SELECT * FROM landing.dirty_funnel_days SETTINGS max_threads = 1;
