-- Drops what up.sql made, children before parents, with every row in it.

DROP TABLE report_runs;
DROP TABLE contact_submissions;
DROP TABLE activities;
DROP TABLE notifications;
DROP TABLE usage_logs;
DROP TABLE subscriptions;
DROP TABLE organization_settings;
DROP TABLE users;
DROP TABLE organizations;
