-- Limits the length of each text, JSON and vector column; currencies are codes of three letters; a bill is never paid
-- beyond its total; payments can be void, usage voided, documents archived, an organization closing. Documents of account
-- are not deleted with an organization, a customer, a bill or a milestone.
-- SQLite cannot add a check or change a foreign key: the tables are rebuilt (https://sqlite.org/lang_altertable.html,
-- section 7), with the highest key that was ever generated. The first statements fail while foreign keys are enforced:
-- DROP TABLE would delete the rows that refer to the table. Rows that violate a new check fail the migration.
-- Reverted by down.sql, which rebuilds the tables as they were, without the new columns.

CREATE TEMP TABLE foreign_keys_off (enforced INTEGER CONSTRAINT foreign_keys_must_be_off CHECK (enforced = 0));
INSERT INTO foreign_keys_off (enforced) SELECT foreign_keys FROM pragma_foreign_keys;
DROP TABLE temp.foreign_keys_off;

CREATE TABLE organizations_rebuilt (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL CHECK (length(name) <= 200 AND instr(name, char(0)) = 0),
    status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended', 'closed')),
    plan TEXT NOT NULL DEFAULT 'trial' CHECK (plan IN ('trial', 'starter', 'business', 'enterprise')),
    billing_email TEXT CHECK (length(billing_email) <= 320 AND billing_email NOT GLOB '*[A-Z]*' AND instr(billing_email, char(0)) = 0),
    settings TEXT NOT NULL DEFAULT '{}' CONSTRAINT organizations_settings_check CHECK (json_valid(settings) AND length(CAST(settings AS BLOB)) <= 1048576),
    review_mode TEXT NOT NULL DEFAULT 'review_all' CHECK (review_mode IN ('review_all', 'low_confidence', 'automatic')),
    confidence_threshold REAL NOT NULL DEFAULT 0.85 CHECK (confidence_threshold BETWEEN -1.7976931348623157e308 AND 1.7976931348623157e308),
    auto_upload_enabled INTEGER NOT NULL DEFAULT 0 CHECK (auto_upload_enabled IN (0, 1)),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(updated_at, 1, 10) IS date(substr(updated_at, 1, 10)) AND substr(updated_at, 12, 2) < '24' AND updated_at >= '0001'),
    closing_at TEXT CHECK (closing_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(closing_at, 1, 10) IS date(substr(closing_at, 1, 10)) AND substr(closing_at, 12, 2) < '24' AND closing_at >= '0001')
) STRICT;
INSERT INTO organizations_rebuilt (id, name, status, plan, billing_email, settings, review_mode, confidence_threshold, auto_upload_enabled, created_at, updated_at) SELECT id, name, status, plan, billing_email, settings, review_mode, confidence_threshold, auto_upload_enabled, created_at, updated_at FROM organizations;
DELETE FROM sqlite_sequence WHERE name = 'organizations_rebuilt';
INSERT INTO sqlite_sequence (name, seq) SELECT 'organizations_rebuilt', seq FROM sqlite_sequence WHERE name = 'organizations';
DROP TABLE organizations;
ALTER TABLE organizations_rebuilt RENAME TO organizations;
CREATE INDEX idx_organizations_active ON organizations (name) WHERE status = 'active';

CREATE TABLE users_rebuilt (
    id TEXT NOT NULL PRIMARY KEY CHECK (id GLOB '????????-????-????-????-????????????' AND id NOT GLOB '*[^0-9a-f-]*' AND length(replace(id, '-', '')) = 32),
    organization_id INTEGER REFERENCES organizations (id) ON DELETE SET NULL,
    email TEXT NOT NULL CHECK (length(email) <= 320 AND email NOT GLOB '*[A-Z]*' AND instr(email, char(0)) = 0),
    password_hash TEXT CONSTRAINT users_password_hash_check CHECK (length(password_hash) <= 500 AND instr(password_hash, char(0)) = 0),
    auth_subject TEXT CHECK (length(auth_subject) <= 255 AND instr(auth_subject, char(0)) = 0),
    first_name TEXT NOT NULL CHECK (length(first_name) <= 200 AND instr(first_name, char(0)) = 0),
    last_name TEXT NOT NULL CHECK (length(last_name) <= 200 AND instr(last_name, char(0)) = 0),
    role TEXT NOT NULL DEFAULT 'member' CHECK (role IN ('owner', 'admin', 'member', 'client', 'freelancer')),
    avatar_url TEXT CONSTRAINT users_avatar_url_check CHECK (length(avatar_url) <= 2048 AND instr(avatar_url, char(0)) = 0),
    phone TEXT CHECK (length(phone) <= 50 AND instr(phone, char(0)) = 0),
    bio TEXT CONSTRAINT users_bio_check CHECK (length(bio) <= 10000 AND instr(bio, char(0)) = 0),
    email_verified INTEGER NOT NULL DEFAULT 0 CHECK (email_verified IN (0, 1)),
    kyc_verified INTEGER NOT NULL DEFAULT 0 CHECK (kyc_verified IN (0, 1)),
    stripe_customer_id TEXT CHECK (length(stripe_customer_id) <= 255 AND instr(stripe_customer_id, char(0)) = 0),
    notification_preferences TEXT NOT NULL DEFAULT '{"email":true,"push":true,"project_updates":true,"payment_notifications":true}' CONSTRAINT users_notification_preferences_check CHECK (json_valid(notification_preferences) AND length(CAST(notification_preferences AS BLOB)) <= 1048576),
    last_login_at TEXT CHECK (last_login_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(last_login_at, 1, 10) IS date(substr(last_login_at, 1, 10)) AND substr(last_login_at, 12, 2) < '24' AND last_login_at >= '0001'),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(updated_at, 1, 10) IS date(substr(updated_at, 1, 10)) AND substr(updated_at, 12, 2) < '24' AND updated_at >= '0001'),
    deleted_at TEXT CHECK (deleted_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(deleted_at, 1, 10) IS date(substr(deleted_at, 1, 10)) AND substr(deleted_at, 12, 2) < '24' AND deleted_at >= '0001')
) STRICT;
INSERT INTO users_rebuilt (id, organization_id, email, password_hash, auth_subject, first_name, last_name, role, avatar_url, phone, bio, email_verified, kyc_verified, stripe_customer_id, notification_preferences, last_login_at, created_at, updated_at, deleted_at) SELECT id, organization_id, email, password_hash, auth_subject, first_name, last_name, role, avatar_url, phone, bio, email_verified, kyc_verified, stripe_customer_id, notification_preferences, last_login_at, created_at, updated_at, deleted_at FROM users;
DROP TABLE users;
ALTER TABLE users_rebuilt RENAME TO users;
CREATE UNIQUE INDEX idx_users_email ON users (email);
CREATE UNIQUE INDEX users_auth_subject_key ON users (auth_subject);
CREATE INDEX idx_users_org_email ON users (organization_id, email);
CREATE INDEX idx_users_role ON users (role);
CREATE INDEX idx_users_created_at ON users (created_at);
CREATE INDEX idx_users_organization_id ON users (organization_id, id);
CREATE INDEX idx_users_organization_id_role ON users (organization_id, role, id);

CREATE TABLE organization_settings_rebuilt (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id INTEGER NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    connector_type TEXT NOT NULL CHECK (length(connector_type) <= 100 AND instr(connector_type, char(0)) = 0),
    config_encrypted TEXT NOT NULL CONSTRAINT organization_settings_config_encrypted_check CHECK (length(config_encrypted) <= 100000 AND instr(config_encrypted, char(0)) = 0),
    is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
    review_mode TEXT NOT NULL DEFAULT 'review_all' CHECK (review_mode IN ('review_all', 'low_confidence', 'automatic')),
    confidence_threshold REAL NOT NULL DEFAULT 0.85 CHECK (confidence_threshold BETWEEN -1.7976931348623157e308 AND 1.7976931348623157e308),
    auto_upload_enabled INTEGER NOT NULL DEFAULT 0 CHECK (auto_upload_enabled IN (0, 1)),
    created_by_user_id TEXT CHECK (created_by_user_id GLOB '????????-????-????-????-????????????' AND created_by_user_id NOT GLOB '*[^0-9a-f-]*' AND length(replace(created_by_user_id, '-', '')) = 32) REFERENCES users (id) ON DELETE SET NULL,
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(updated_at, 1, 10) IS date(substr(updated_at, 1, 10)) AND substr(updated_at, 12, 2) < '24' AND updated_at >= '0001')
) STRICT;
INSERT INTO organization_settings_rebuilt (id, organization_id, connector_type, config_encrypted, is_active, review_mode, confidence_threshold, auto_upload_enabled, created_by_user_id, created_at, updated_at) SELECT id, organization_id, connector_type, config_encrypted, is_active, review_mode, confidence_threshold, auto_upload_enabled, created_by_user_id, created_at, updated_at FROM organization_settings;
DELETE FROM sqlite_sequence WHERE name = 'organization_settings_rebuilt';
INSERT INTO sqlite_sequence (name, seq) SELECT 'organization_settings_rebuilt', seq FROM sqlite_sequence WHERE name = 'organization_settings';
DROP TABLE organization_settings;
ALTER TABLE organization_settings_rebuilt RENAME TO organization_settings;
CREATE UNIQUE INDEX organization_settings_connector_key ON organization_settings (organization_id, connector_type);
CREATE INDEX idx_organization_settings_created_by_user_id ON organization_settings (created_by_user_id);
CREATE INDEX idx_organization_settings_organization_id ON organization_settings (organization_id, id);

CREATE TABLE usage_logs_rebuilt (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id INTEGER NOT NULL REFERENCES organizations (id) ON DELETE RESTRICT,
    user_id TEXT CHECK (user_id GLOB '????????-????-????-????-????????????' AND user_id NOT GLOB '*[^0-9a-f-]*' AND length(replace(user_id, '-', '')) = 32) REFERENCES users (id) ON DELETE SET NULL,
    action_type TEXT NOT NULL CHECK (length(action_type) <= 100 AND instr(action_type, char(0)) = 0),
    document_count INTEGER NOT NULL DEFAULT 1 CHECK (document_count BETWEEN -2147483648 AND 2147483647),
    metadata TEXT CONSTRAINT usage_logs_metadata_check CHECK (json_valid(coalesce(metadata, 'null')) AND length(CAST(metadata AS BLOB)) <= 1048576),
    billed INTEGER NOT NULL DEFAULT 0 CHECK (billed IN (0, 1)),
    billing_period TEXT NOT NULL CHECK (billing_period GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]' AND substr(billing_period, 6) BETWEEN '01' AND '12'),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001'),
    voided_at TEXT CHECK (voided_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(voided_at, 1, 10) IS date(substr(voided_at, 1, 10)) AND substr(voided_at, 12, 2) < '24' AND voided_at >= '0001')
) STRICT;
INSERT INTO usage_logs_rebuilt (id, organization_id, user_id, action_type, document_count, metadata, billed, billing_period, created_at) SELECT id, organization_id, user_id, action_type, document_count, metadata, billed, billing_period, created_at FROM usage_logs;
DELETE FROM sqlite_sequence WHERE name = 'usage_logs_rebuilt';
INSERT INTO sqlite_sequence (name, seq) SELECT 'usage_logs_rebuilt', seq FROM sqlite_sequence WHERE name = 'usage_logs';
DROP TABLE usage_logs;
ALTER TABLE usage_logs_rebuilt RENAME TO usage_logs;
CREATE INDEX idx_usage_logs_user_id ON usage_logs (user_id);
CREATE INDEX idx_usage_unbilled ON usage_logs (organization_id, billing_period) WHERE NOT billed;
CREATE INDEX idx_usage_billing ON usage_logs (organization_id, billing_period, action_type);
CREATE INDEX idx_usage_logs_organization_id ON usage_logs (organization_id, id);
CREATE INDEX idx_usage_logs_organization_id_billing_period ON usage_logs (organization_id, billing_period, id);

CREATE TABLE notifications_rebuilt (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id INTEGER NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL CHECK (user_id GLOB '????????-????-????-????-????????????' AND user_id NOT GLOB '*[^0-9a-f-]*' AND length(replace(user_id, '-', '')) = 32) REFERENCES users (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (length(kind) <= 100 AND instr(kind, char(0)) = 0),
    title TEXT NOT NULL CHECK (length(title) <= 300 AND instr(title, char(0)) = 0),
    message TEXT NOT NULL CONSTRAINT notifications_message_check CHECK (length(message) <= 20000 AND instr(message, char(0)) = 0),
    entity_type TEXT CHECK (length(entity_type) <= 100 AND instr(entity_type, char(0)) = 0),
    entity_id TEXT CHECK (length(entity_id) <= 100 AND instr(entity_id, char(0)) = 0),
    priority TEXT NOT NULL DEFAULT 'normal' CHECK (priority IN ('low', 'normal', 'high')),
    status TEXT NOT NULL DEFAULT 'unread' CHECK (status IN ('unread', 'read', 'archived')),
    action_url TEXT CONSTRAINT notifications_action_url_check CHECK (length(action_url) <= 2048 AND instr(action_url, char(0)) = 0),
    metadata TEXT CONSTRAINT notifications_metadata_check CHECK (json_valid(coalesce(metadata, 'null')) AND length(CAST(metadata AS BLOB)) <= 1048576),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001'),
    read_at TEXT CHECK (read_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(read_at, 1, 10) IS date(substr(read_at, 1, 10)) AND substr(read_at, 12, 2) < '24' AND read_at >= '0001')
) STRICT;
INSERT INTO notifications_rebuilt (id, organization_id, user_id, kind, title, message, entity_type, entity_id, priority, status, action_url, metadata, created_at, read_at) SELECT id, organization_id, user_id, kind, title, message, entity_type, entity_id, priority, status, action_url, metadata, created_at, read_at FROM notifications;
DELETE FROM sqlite_sequence WHERE name = 'notifications_rebuilt';
INSERT INTO sqlite_sequence (name, seq) SELECT 'notifications_rebuilt', seq FROM sqlite_sequence WHERE name = 'notifications';
DROP TABLE notifications;
ALTER TABLE notifications_rebuilt RENAME TO notifications;
CREATE INDEX idx_notifications_organization_id ON notifications (organization_id);
CREATE INDEX idx_notifications_user_id ON notifications (user_id, id);
CREATE INDEX idx_notifications_user_id_status ON notifications (user_id, status, id);

CREATE TABLE activities_rebuilt (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id INTEGER NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    user_id TEXT CHECK (user_id GLOB '????????-????-????-????-????????????' AND user_id NOT GLOB '*[^0-9a-f-]*' AND length(replace(user_id, '-', '')) = 32) REFERENCES users (id) ON DELETE SET NULL,
    kind TEXT NOT NULL CHECK (length(kind) <= 100 AND instr(kind, char(0)) = 0),
    title TEXT NOT NULL CHECK (length(title) <= 300 AND instr(title, char(0)) = 0),
    description TEXT CONSTRAINT activities_description_check CHECK (length(description) <= 20000 AND instr(description, char(0)) = 0),
    entity_type TEXT CHECK (length(entity_type) <= 100 AND instr(entity_type, char(0)) = 0),
    entity_id TEXT CHECK (length(entity_id) <= 100 AND instr(entity_id, char(0)) = 0),
    metadata TEXT CONSTRAINT activities_metadata_check CHECK (json_valid(coalesce(metadata, 'null')) AND length(CAST(metadata AS BLOB)) <= 1048576),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001')
) STRICT;
INSERT INTO activities_rebuilt (id, organization_id, user_id, kind, title, description, entity_type, entity_id, metadata, created_at) SELECT id, organization_id, user_id, kind, title, description, entity_type, entity_id, metadata, created_at FROM activities;
DELETE FROM sqlite_sequence WHERE name = 'activities_rebuilt';
INSERT INTO sqlite_sequence (name, seq) SELECT 'activities_rebuilt', seq FROM sqlite_sequence WHERE name = 'activities';
DROP TABLE activities;
ALTER TABLE activities_rebuilt RENAME TO activities;
CREATE INDEX idx_activities_created ON activities (created_at DESC);
CREATE INDEX idx_activities_organization_id ON activities (organization_id, id);
CREATE INDEX idx_activities_user_id ON activities (user_id, id);
CREATE INDEX idx_activities_organization_id_entity_type_entity_id ON activities (organization_id, entity_type, entity_id, id);

CREATE TABLE contact_submissions_rebuilt (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL CHECK (length(name) <= 200 AND instr(name, char(0)) = 0),
    email TEXT NOT NULL CHECK (length(email) <= 320 AND email NOT GLOB '*[A-Z]*' AND instr(email, char(0)) = 0),
    company TEXT CHECK (length(company) <= 200 AND instr(company, char(0)) = 0),
    phone TEXT CHECK (length(phone) <= 50 AND instr(phone, char(0)) = 0),
    subject TEXT NOT NULL CHECK (length(subject) <= 300 AND instr(subject, char(0)) = 0),
    message TEXT NOT NULL CONSTRAINT contact_submissions_message_check CHECK (length(message) <= 20000 AND instr(message, char(0)) = 0),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001')
) STRICT;
INSERT INTO contact_submissions_rebuilt (id, name, email, company, phone, subject, message, created_at) SELECT id, name, email, company, phone, subject, message, created_at FROM contact_submissions;
DELETE FROM sqlite_sequence WHERE name = 'contact_submissions_rebuilt';
INSERT INTO sqlite_sequence (name, seq) SELECT 'contact_submissions_rebuilt', seq FROM sqlite_sequence WHERE name = 'contact_submissions';
DROP TABLE contact_submissions;
ALTER TABLE contact_submissions_rebuilt RENAME TO contact_submissions;

CREATE TABLE report_runs_rebuilt (
    id TEXT NOT NULL PRIMARY KEY CHECK (id GLOB '????????-????-????-????-????????????' AND id NOT GLOB '*[^0-9a-f-]*' AND length(replace(id, '-', '')) = 32),
    organization_id INTEGER NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL CHECK (user_id GLOB '????????-????-????-????-????????????' AND user_id NOT GLOB '*[^0-9a-f-]*' AND length(replace(user_id, '-', '')) = 32) REFERENCES users (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (length(kind) <= 100 AND instr(kind, char(0)) = 0),
    params TEXT NOT NULL DEFAULT '{}' CONSTRAINT report_runs_params_check CHECK (json_valid(params) AND length(CAST(params AS BLOB)) <= 1048576),
    status TEXT NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'running', 'done', 'failed')),
    url TEXT CONSTRAINT report_runs_url_check CHECK (length(url) <= 2048 AND instr(url, char(0)) = 0),
    error_message TEXT CONSTRAINT report_runs_error_message_check CHECK (length(error_message) <= 20000 AND instr(error_message, char(0)) = 0),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(updated_at, 1, 10) IS date(substr(updated_at, 1, 10)) AND substr(updated_at, 12, 2) < '24' AND updated_at >= '0001')
) STRICT;
INSERT INTO report_runs_rebuilt (id, organization_id, user_id, kind, params, status, url, error_message, created_at, updated_at) SELECT id, organization_id, user_id, kind, params, status, url, error_message, created_at, updated_at FROM report_runs;
DROP TABLE report_runs;
ALTER TABLE report_runs_rebuilt RENAME TO report_runs;
CREATE INDEX idx_report_runs_organization_id ON report_runs (organization_id, id);
CREATE INDEX idx_report_runs_user_id ON report_runs (user_id, id);

CREATE TABLE batches_rebuilt (
    id TEXT NOT NULL PRIMARY KEY CHECK (id GLOB '????????-????-????-????-????????????' AND id NOT GLOB '*[^0-9a-f-]*' AND length(replace(id, '-', '')) = 32),
    organization_id INTEGER REFERENCES organizations (id) ON DELETE SET NULL,
    user_id TEXT NOT NULL CHECK (user_id GLOB '????????-????-????-????-????????????' AND user_id NOT GLOB '*[^0-9a-f-]*' AND length(replace(user_id, '-', '')) = 32) REFERENCES users (id),
    status TEXT NOT NULL CHECK (status IN ('pending', 'processing', 'completed', 'failed')),
    total_files INTEGER NOT NULL CHECK (total_files BETWEEN -2147483648 AND 2147483647),
    processed_files INTEGER NOT NULL DEFAULT 0 CHECK (processed_files BETWEEN -2147483648 AND 2147483647),
    successful INTEGER NOT NULL DEFAULT 0 CHECK (successful BETWEEN -2147483648 AND 2147483647),
    failed INTEGER NOT NULL DEFAULT 0 CHECK (failed BETWEEN -2147483648 AND 2147483647),
    results TEXT CONSTRAINT batches_results_check CHECK (json_valid(coalesce(results, 'null')) AND length(CAST(results AS BLOB)) <= 1048576),
    processing_summary TEXT CONSTRAINT batches_processing_summary_check CHECK (json_valid(coalesce(processing_summary, 'null')) AND length(CAST(processing_summary AS BLOB)) <= 1048576),
    download_url TEXT CONSTRAINT batches_download_url_check CHECK (length(download_url) <= 2048 AND instr(download_url, char(0)) = 0),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001'),
    completed_at TEXT CHECK (completed_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(completed_at, 1, 10) IS date(substr(completed_at, 1, 10)) AND substr(completed_at, 12, 2) < '24' AND completed_at >= '0001')
) STRICT;
INSERT INTO batches_rebuilt (id, organization_id, user_id, status, total_files, processed_files, successful, failed, results, processing_summary, download_url, created_at, completed_at) SELECT id, organization_id, user_id, status, total_files, processed_files, successful, failed, results, processing_summary, download_url, created_at, completed_at FROM batches;
DROP TABLE batches;
ALTER TABLE batches_rebuilt RENAME TO batches;
CREATE INDEX idx_batches_processing ON batches (created_at) WHERE status = 'processing';
CREATE INDEX idx_batches_user_recent ON batches (user_id, created_at DESC);
CREATE INDEX idx_batches_organization_id ON batches (organization_id, id);
CREATE INDEX idx_batches_organization_id_status ON batches (organization_id, status, id);
CREATE INDEX idx_batches_user_id ON batches (user_id, id);

CREATE TABLE document_metadata_rebuilt (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id INTEGER NOT NULL REFERENCES organizations (id) ON DELETE RESTRICT,
    batch_id TEXT CHECK (batch_id GLOB '????????-????-????-????-????????????' AND batch_id NOT GLOB '*[^0-9a-f-]*' AND length(replace(batch_id, '-', '')) = 32) REFERENCES batches (id) ON DELETE SET NULL,
    filename TEXT NOT NULL CHECK (length(filename) <= 500 AND instr(filename, char(0)) = 0),
    file_path TEXT NOT NULL CONSTRAINT document_metadata_file_path_check CHECK (length(file_path) <= 4096 AND instr(file_path, char(0)) = 0),
    content_sha256 BLOB CHECK (length(content_sha256) = 32),
    category TEXT NOT NULL CHECK (length(category) <= 100 AND instr(category, char(0)) = 0),
    extracted_data TEXT CONSTRAINT document_metadata_extracted_data_check CHECK (json_valid(coalesce(extracted_data, 'null')) AND length(CAST(extracted_data AS BLOB)) <= 1048576),
    status TEXT NOT NULL DEFAULT 'pending_review' CHECK (status IN ('pending_review', 'approved', 'rejected', 'uploaded', 'failed')),
    confidence_score REAL CHECK (confidence_score BETWEEN -1.7976931348623157e308 AND 1.7976931348623157e308),
    connector_type TEXT CHECK (length(connector_type) <= 100 AND instr(connector_type, char(0)) = 0),
    connector_config_snapshot TEXT CONSTRAINT document_metadata_connector_config_snapshot_check CHECK (json_valid(coalesce(connector_config_snapshot, 'null')) AND length(CAST(connector_config_snapshot AS BLOB)) <= 1048576),
    processed_at TEXT CHECK (processed_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(processed_at, 1, 10) IS date(substr(processed_at, 1, 10)) AND substr(processed_at, 12, 2) < '24' AND processed_at >= '0001'),
    reviewed_at TEXT CHECK (reviewed_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(reviewed_at, 1, 10) IS date(substr(reviewed_at, 1, 10)) AND substr(reviewed_at, 12, 2) < '24' AND reviewed_at >= '0001'),
    reviewed_by_user_id TEXT CHECK (reviewed_by_user_id GLOB '????????-????-????-????-????????????' AND reviewed_by_user_id NOT GLOB '*[^0-9a-f-]*' AND length(replace(reviewed_by_user_id, '-', '')) = 32) REFERENCES users (id) ON DELETE SET NULL,
    approved_at TEXT CHECK (approved_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(approved_at, 1, 10) IS date(substr(approved_at, 1, 10)) AND substr(approved_at, 12, 2) < '24' AND approved_at >= '0001'),
    uploaded_at TEXT CHECK (uploaded_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(uploaded_at, 1, 10) IS date(substr(uploaded_at, 1, 10)) AND substr(uploaded_at, 12, 2) < '24' AND uploaded_at >= '0001'),
    uploaded INTEGER NOT NULL DEFAULT 0 CHECK (uploaded IN (0, 1)),
    error_message TEXT CONSTRAINT document_metadata_error_message_check CHECK (length(error_message) <= 20000 AND instr(error_message, char(0)) = 0),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001'),
    archived_at TEXT CHECK (archived_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(archived_at, 1, 10) IS date(substr(archived_at, 1, 10)) AND substr(archived_at, 12, 2) < '24' AND archived_at >= '0001')
) STRICT;
INSERT INTO document_metadata_rebuilt (id, organization_id, batch_id, filename, file_path, content_sha256, category, extracted_data, status, confidence_score, connector_type, connector_config_snapshot, processed_at, reviewed_at, reviewed_by_user_id, approved_at, uploaded_at, uploaded, error_message, created_at) SELECT id, organization_id, batch_id, filename, file_path, content_sha256, category, extracted_data, status, confidence_score, connector_type, connector_config_snapshot, processed_at, reviewed_at, reviewed_by_user_id, approved_at, uploaded_at, uploaded, error_message, created_at FROM document_metadata;
DELETE FROM sqlite_sequence WHERE name = 'document_metadata_rebuilt';
INSERT INTO sqlite_sequence (name, seq) SELECT 'document_metadata_rebuilt', seq FROM sqlite_sequence WHERE name = 'document_metadata';
DROP TABLE document_metadata;
ALTER TABLE document_metadata_rebuilt RENAME TO document_metadata;
CREATE INDEX idx_document_metadata_reviewed_by_user_id ON document_metadata (reviewed_by_user_id);
CREATE INDEX idx_docs_pending_review ON document_metadata (organization_id, created_at) WHERE status = 'pending_review';
CREATE INDEX idx_docs_ready_upload ON document_metadata (organization_id, approved_at) WHERE status = 'approved' AND NOT uploaded;
CREATE INDEX idx_docs_org_status_date ON document_metadata (organization_id, status, processed_at DESC);
CREATE INDEX idx_document_metadata_batch_id ON document_metadata (batch_id, id);
CREATE INDEX idx_document_metadata_organization_id ON document_metadata (organization_id, id);
CREATE INDEX idx_document_metadata_organization_id_status ON document_metadata (organization_id, status, id);

CREATE TABLE field_corrections_rebuilt (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id INTEGER NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    document_id INTEGER NOT NULL REFERENCES document_metadata (id) ON DELETE CASCADE,
    field_name TEXT NOT NULL CHECK (length(field_name) <= 200 AND instr(field_name, char(0)) = 0),
    original_value TEXT CONSTRAINT field_corrections_original_value_check CHECK (length(original_value) <= 20000 AND instr(original_value, char(0)) = 0),
    corrected_value TEXT NOT NULL CONSTRAINT field_corrections_corrected_value_check CHECK (length(corrected_value) <= 20000 AND instr(corrected_value, char(0)) = 0),
    original_confidence REAL CHECK (original_confidence BETWEEN -1.7976931348623157e308 AND 1.7976931348623157e308),
    correction_method TEXT CHECK (length(correction_method) <= 100 AND instr(correction_method, char(0)) = 0),
    created_by_user_id TEXT CHECK (created_by_user_id GLOB '????????-????-????-????-????????????' AND created_by_user_id NOT GLOB '*[^0-9a-f-]*' AND length(replace(created_by_user_id, '-', '')) = 32) REFERENCES users (id) ON DELETE SET NULL,
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001')
) STRICT;
INSERT INTO field_corrections_rebuilt (id, organization_id, document_id, field_name, original_value, corrected_value, original_confidence, correction_method, created_by_user_id, created_at) SELECT id, organization_id, document_id, field_name, original_value, corrected_value, original_confidence, correction_method, created_by_user_id, created_at FROM field_corrections;
DELETE FROM sqlite_sequence WHERE name = 'field_corrections_rebuilt';
INSERT INTO sqlite_sequence (name, seq) SELECT 'field_corrections_rebuilt', seq FROM sqlite_sequence WHERE name = 'field_corrections';
DROP TABLE field_corrections;
ALTER TABLE field_corrections_rebuilt RENAME TO field_corrections;
CREATE INDEX idx_field_corrections_created_by_user_id ON field_corrections (created_by_user_id);
CREATE INDEX idx_corrections_learning ON field_corrections (organization_id, field_name, created_at DESC);
CREATE INDEX idx_field_corrections_document_id ON field_corrections (document_id, id);
CREATE INDEX idx_field_corrections_organization_id ON field_corrections (organization_id, id);

CREATE TABLE connector_configs_rebuilt (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id TEXT NOT NULL CHECK (user_id GLOB '????????-????-????-????-????????????' AND user_id NOT GLOB '*[^0-9a-f-]*' AND length(replace(user_id, '-', '')) = 32) REFERENCES users (id) ON DELETE CASCADE,
    connector_type TEXT NOT NULL CHECK (length(connector_type) <= 100 AND instr(connector_type, char(0)) = 0),
    is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
    config TEXT NOT NULL CONSTRAINT connector_configs_config_check CHECK (json_valid(config) AND length(CAST(config AS BLOB)) <= 1048576),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(updated_at, 1, 10) IS date(substr(updated_at, 1, 10)) AND substr(updated_at, 12, 2) < '24' AND updated_at >= '0001'),
    last_used_at TEXT CHECK (last_used_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(last_used_at, 1, 10) IS date(substr(last_used_at, 1, 10)) AND substr(last_used_at, 12, 2) < '24' AND last_used_at >= '0001')
) STRICT;
INSERT INTO connector_configs_rebuilt (id, user_id, connector_type, is_active, config, created_at, updated_at, last_used_at) SELECT id, user_id, connector_type, is_active, config, created_at, updated_at, last_used_at FROM connector_configs;
DELETE FROM sqlite_sequence WHERE name = 'connector_configs_rebuilt';
INSERT INTO sqlite_sequence (name, seq) SELECT 'connector_configs_rebuilt', seq FROM sqlite_sequence WHERE name = 'connector_configs';
DROP TABLE connector_configs;
ALTER TABLE connector_configs_rebuilt RENAME TO connector_configs;
CREATE INDEX idx_connector_configs_user_id ON connector_configs (user_id, id);

CREATE TABLE recurring_patterns_rebuilt (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id TEXT NOT NULL CHECK (user_id GLOB '????????-????-????-????-????????????' AND user_id NOT GLOB '*[^0-9a-f-]*' AND length(replace(user_id, '-', '')) = 32) REFERENCES users (id) ON DELETE CASCADE,
    title TEXT NOT NULL CHECK (length(title) <= 300 AND instr(title, char(0)) = 0),
    description TEXT CONSTRAINT recurring_patterns_description_check CHECK (length(description) <= 20000 AND instr(description, char(0)) = 0),
    frequency TEXT NOT NULL CHECK (frequency IN ('daily', 'weekly', 'monthly')),
    interval INTEGER NOT NULL DEFAULT 1 CHECK (interval BETWEEN -2147483648 AND 2147483647),
    days_of_week TEXT CHECK (length(days_of_week) <= 50 AND instr(days_of_week, char(0)) = 0),
    day_of_month INTEGER CHECK (day_of_month BETWEEN -2147483648 AND 2147483647),
    time_of_day TEXT CHECK (time_of_day GLOB '[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]' AND time_of_day < '24'),
    start_date TEXT NOT NULL CHECK (start_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' AND start_date IS date(start_date) AND start_date >= '0001'),
    end_date TEXT CHECK (end_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' AND end_date IS date(end_date) AND end_date >= '0001'),
    last_generated_at TEXT CHECK (last_generated_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(last_generated_at, 1, 10) IS date(substr(last_generated_at, 1, 10)) AND substr(last_generated_at, 12, 2) < '24' AND last_generated_at >= '0001'),
    is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001')
) STRICT;
INSERT INTO recurring_patterns_rebuilt (id, user_id, title, description, frequency, interval, days_of_week, day_of_month, time_of_day, start_date, end_date, last_generated_at, is_active, created_at) SELECT id, user_id, title, description, frequency, interval, days_of_week, day_of_month, time_of_day, start_date, end_date, last_generated_at, is_active, created_at FROM recurring_patterns;
DELETE FROM sqlite_sequence WHERE name = 'recurring_patterns_rebuilt';
INSERT INTO sqlite_sequence (name, seq) SELECT 'recurring_patterns_rebuilt', seq FROM sqlite_sequence WHERE name = 'recurring_patterns';
DROP TABLE recurring_patterns;
ALTER TABLE recurring_patterns_rebuilt RENAME TO recurring_patterns;
CREATE INDEX idx_recurring_user_id ON recurring_patterns (user_id, id);

CREATE TABLE tasks_rebuilt (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id TEXT NOT NULL CHECK (user_id GLOB '????????-????-????-????-????????????' AND user_id NOT GLOB '*[^0-9a-f-]*' AND length(replace(user_id, '-', '')) = 32) REFERENCES users (id) ON DELETE CASCADE,
    parent_task_id INTEGER REFERENCES tasks (id) ON DELETE CASCADE DEFERRABLE INITIALLY IMMEDIATE,
    recurring_pattern_id INTEGER REFERENCES recurring_patterns (id) ON DELETE SET NULL,
    title TEXT NOT NULL CHECK (length(title) <= 300 AND instr(title, char(0)) = 0),
    description TEXT CONSTRAINT tasks_description_check CHECK (length(description) <= 20000 AND instr(description, char(0)) = 0),
    due_date TEXT CHECK (due_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(due_date, 1, 10) IS date(substr(due_date, 1, 10)) AND substr(due_date, 12, 2) < '24' AND due_date >= '0001'),
    priority TEXT NOT NULL DEFAULT 'medium' CHECK (priority IN ('low', 'medium', 'high')),
    completed INTEGER NOT NULL DEFAULT 0 CHECK (completed IN (0, 1)),
    completed_at TEXT CHECK (completed_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(completed_at, 1, 10) IS date(substr(completed_at, 1, 10)) AND substr(completed_at, 12, 2) < '24' AND completed_at >= '0001'),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(updated_at, 1, 10) IS date(substr(updated_at, 1, 10)) AND substr(updated_at, 12, 2) < '24' AND updated_at >= '0001')
) STRICT;
INSERT INTO tasks_rebuilt (id, user_id, parent_task_id, recurring_pattern_id, title, description, due_date, priority, completed, completed_at, created_at, updated_at) SELECT id, user_id, parent_task_id, recurring_pattern_id, title, description, due_date, priority, completed, completed_at, created_at, updated_at FROM tasks;
DELETE FROM sqlite_sequence WHERE name = 'tasks_rebuilt';
INSERT INTO sqlite_sequence (name, seq) SELECT 'tasks_rebuilt', seq FROM sqlite_sequence WHERE name = 'tasks';
DROP TABLE tasks;
ALTER TABLE tasks_rebuilt RENAME TO tasks;
CREATE INDEX idx_tasks_completed ON tasks (completed);
CREATE INDEX idx_tasks_user_id ON tasks (user_id, id);
CREATE INDEX idx_tasks_parent_task_id ON tasks (parent_task_id, id);
CREATE INDEX idx_tasks_recurring_pattern_id ON tasks (recurring_pattern_id, id);
CREATE INDEX idx_tasks_user_id_completed ON tasks (user_id, completed, id);

CREATE TABLE customers_rebuilt (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id INTEGER NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    name TEXT NOT NULL CHECK (length(name) <= 200 AND instr(name, char(0)) = 0),
    phone TEXT CHECK (length(phone) <= 50 AND instr(phone, char(0)) = 0),
    email TEXT CHECK (length(email) <= 320 AND email NOT GLOB '*[A-Z]*' AND instr(email, char(0)) = 0),
    address TEXT CONSTRAINT customers_address_check CHECK (length(address) <= 2000 AND instr(address, char(0)) = 0),
    credit_limit INTEGER NOT NULL DEFAULT 0 CONSTRAINT customers_credit_limit_check CHECK (credit_limit BETWEEN -99999999999999 AND 99999999999999 AND credit_limit >= 0),
    current_balance INTEGER NOT NULL DEFAULT 0 CHECK (current_balance BETWEEN -99999999999999 AND 99999999999999),
    is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001')
) STRICT;
INSERT INTO customers_rebuilt (id, organization_id, name, phone, email, address, credit_limit, current_balance, is_active, created_at) SELECT id, organization_id, name, phone, email, address, credit_limit, current_balance, is_active, created_at FROM customers;
DELETE FROM sqlite_sequence WHERE name = 'customers_rebuilt';
INSERT INTO sqlite_sequence (name, seq) SELECT 'customers_rebuilt', seq FROM sqlite_sequence WHERE name = 'customers';
DROP TABLE customers;
ALTER TABLE customers_rebuilt RENAME TO customers;
CREATE INDEX idx_customers_organization_id ON customers (organization_id, id);
CREATE INDEX idx_customers_organization_id_name ON customers (organization_id, name, id);

CREATE TABLE bills_rebuilt (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id INTEGER NOT NULL REFERENCES organizations (id) ON DELETE RESTRICT,
    customer_id INTEGER REFERENCES customers (id) ON DELETE RESTRICT,
    bill_number TEXT NOT NULL CONSTRAINT bills_bill_number_check CHECK (length(bill_number) <= 100 AND instr(bill_number, char(0)) = 0 AND replace(bill_number, ' ', '') <> ''),
    status TEXT NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'open', 'paid', 'void')),
    subtotal INTEGER NOT NULL DEFAULT 0 CHECK (subtotal BETWEEN -99999999999999 AND 99999999999999),
    tax_amount INTEGER NOT NULL DEFAULT 0 CHECK (tax_amount BETWEEN -99999999999999 AND 99999999999999),
    discount_amount INTEGER NOT NULL DEFAULT 0 CHECK (discount_amount BETWEEN -99999999999999 AND 99999999999999),
    total_amount INTEGER NOT NULL DEFAULT 0 CHECK (total_amount BETWEEN -99999999999999 AND 99999999999999),
    paid_amount INTEGER NOT NULL DEFAULT 0 CHECK (paid_amount BETWEEN -99999999999999 AND 99999999999999),
    due_date TEXT CHECK (due_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' AND due_date IS date(due_date) AND due_date >= '0001'),
    issued_at TEXT CHECK (issued_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(issued_at, 1, 10) IS date(substr(issued_at, 1, 10)) AND substr(issued_at, 12, 2) < '24' AND issued_at >= '0001'),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(updated_at, 1, 10) IS date(substr(updated_at, 1, 10)) AND substr(updated_at, 12, 2) < '24' AND updated_at >= '0001'),
    currency TEXT NOT NULL DEFAULT 'USD' CONSTRAINT bills_currency_check CHECK (currency GLOB '[A-Z][A-Z][A-Z]' AND instr(currency, char(0)) = 0),
    CONSTRAINT bills_paid_check CHECK (paid_amount >= 0 AND paid_amount <= total_amount)
) STRICT;
INSERT INTO bills_rebuilt (id, organization_id, customer_id, bill_number, status, subtotal, tax_amount, discount_amount, total_amount, paid_amount, due_date, issued_at, created_at, updated_at) SELECT id, organization_id, customer_id, bill_number, status, subtotal, tax_amount, discount_amount, total_amount, paid_amount, due_date, issued_at, created_at, updated_at FROM bills;
DELETE FROM sqlite_sequence WHERE name = 'bills_rebuilt';
INSERT INTO sqlite_sequence (name, seq) SELECT 'bills_rebuilt', seq FROM sqlite_sequence WHERE name = 'bills';
DROP TABLE bills;
ALTER TABLE bills_rebuilt RENAME TO bills;
CREATE UNIQUE INDEX bills_bill_number_key ON bills (organization_id, bill_number);
CREATE INDEX idx_bills_customer_id ON bills (customer_id, id);
CREATE INDEX idx_bills_organization_id ON bills (organization_id, id);
CREATE INDEX idx_bills_organization_id_status ON bills (organization_id, status, id);

CREATE TABLE bill_items_rebuilt (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    bill_id INTEGER NOT NULL REFERENCES bills (id) ON DELETE CASCADE,
    product_id INTEGER REFERENCES products (id) ON DELETE SET NULL,
    description TEXT NOT NULL CONSTRAINT bill_items_description_check CHECK (length(description) <= 2000 AND instr(description, char(0)) = 0),
    quantity INTEGER NOT NULL CHECK (quantity BETWEEN -999999999999 AND 999999999999),
    unit_price INTEGER NOT NULL CHECK (unit_price BETWEEN -99999999999999 AND 99999999999999),
    tax_rate INTEGER NOT NULL DEFAULT 0 CHECK (tax_rate BETWEEN -99999 AND 99999),
    total_price INTEGER NOT NULL CHECK (total_price BETWEEN -99999999999999 AND 99999999999999)
) STRICT;
INSERT INTO bill_items_rebuilt (id, bill_id, product_id, description, quantity, unit_price, tax_rate, total_price) SELECT id, bill_id, product_id, description, quantity, unit_price, tax_rate, total_price FROM bill_items;
DELETE FROM sqlite_sequence WHERE name = 'bill_items_rebuilt';
INSERT INTO sqlite_sequence (name, seq) SELECT 'bill_items_rebuilt', seq FROM sqlite_sequence WHERE name = 'bill_items';
DROP TABLE bill_items;
ALTER TABLE bill_items_rebuilt RENAME TO bill_items;
CREATE INDEX idx_bill_items_product_id ON bill_items (product_id);
CREATE INDEX idx_bill_items_bill_id ON bill_items (bill_id, id);

CREATE TABLE projects_rebuilt (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id INTEGER NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    client_user_id TEXT CHECK (client_user_id GLOB '????????-????-????-????-????????????' AND client_user_id NOT GLOB '*[^0-9a-f-]*' AND length(replace(client_user_id, '-', '')) = 32) REFERENCES users (id) ON DELETE SET NULL,
    freelancer_user_id TEXT CHECK (freelancer_user_id GLOB '????????-????-????-????-????????????' AND freelancer_user_id NOT GLOB '*[^0-9a-f-]*' AND length(replace(freelancer_user_id, '-', '')) = 32) REFERENCES users (id) ON DELETE SET NULL,
    name TEXT NOT NULL CHECK (length(name) <= 200 AND instr(name, char(0)) = 0),
    description TEXT CONSTRAINT projects_description_check CHECK (length(description) <= 20000 AND instr(description, char(0)) = 0),
    category TEXT CHECK (length(category) <= 100 AND instr(category, char(0)) = 0),
    status TEXT NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'open', 'active', 'completed', 'canceled')),
    budget INTEGER NOT NULL DEFAULT 0 CHECK (budget BETWEEN -99999999999999 AND 99999999999999),
    currency TEXT NOT NULL DEFAULT 'USD' CONSTRAINT projects_currency_check CHECK (currency GLOB '[A-Z][A-Z][A-Z]' AND instr(currency, char(0)) = 0),
    deadline TEXT CHECK (deadline GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' AND deadline IS date(deadline) AND deadline >= '0001'),
    location TEXT CONSTRAINT projects_location_check CHECK (length(location) <= 2000 AND instr(location, char(0)) = 0),
    address TEXT CONSTRAINT projects_address_check CHECK (length(address) <= 2000 AND instr(address, char(0)) = 0),
    latitude REAL CHECK (latitude BETWEEN -1.7976931348623157e308 AND 1.7976931348623157e308),
    longitude REAL CHECK (longitude BETWEEN -1.7976931348623157e308 AND 1.7976931348623157e308),
    total_units INTEGER CHECK (total_units BETWEEN -2147483648 AND 2147483647),
    affordable_units INTEGER CHECK (affordable_units BETWEEN -2147483648 AND 2147483647),
    ami_levels TEXT CONSTRAINT projects_ami_levels_check CHECK (json_valid(coalesce(ami_levels, 'null')) AND length(CAST(ami_levels AS BLOB)) <= 1048576),
    completion_date TEXT CHECK (completion_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' AND completion_date IS date(completion_date) AND completion_date >= '0001'),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(updated_at, 1, 10) IS date(substr(updated_at, 1, 10)) AND substr(updated_at, 12, 2) < '24' AND updated_at >= '0001')
) STRICT;
INSERT INTO projects_rebuilt (id, organization_id, client_user_id, freelancer_user_id, name, description, category, status, budget, currency, deadline, location, address, latitude, longitude, total_units, affordable_units, ami_levels, completion_date, created_at, updated_at) SELECT id, organization_id, client_user_id, freelancer_user_id, name, description, category, status, budget, currency, deadline, location, address, latitude, longitude, total_units, affordable_units, ami_levels, completion_date, created_at, updated_at FROM projects;
DELETE FROM sqlite_sequence WHERE name = 'projects_rebuilt';
INSERT INTO sqlite_sequence (name, seq) SELECT 'projects_rebuilt', seq FROM sqlite_sequence WHERE name = 'projects';
DROP TABLE projects;
ALTER TABLE projects_rebuilt RENAME TO projects;
CREATE INDEX idx_projects_organization ON projects (organization_id, id);
CREATE INDEX idx_projects_client_user_id ON projects (client_user_id, id);
CREATE INDEX idx_projects_freelancer_user_id ON projects (freelancer_user_id, id);
CREATE INDEX idx_projects_organization_id_status ON projects (organization_id, status, id);

CREATE TABLE milestones_rebuilt (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    position INTEGER NOT NULL CHECK (position BETWEEN -2147483648 AND 2147483647),
    title TEXT NOT NULL CHECK (length(title) <= 300 AND instr(title, char(0)) = 0),
    description TEXT CONSTRAINT milestones_description_check CHECK (length(description) <= 20000 AND instr(description, char(0)) = 0),
    amount INTEGER NOT NULL CHECK (amount BETWEEN -99999999999999 AND 99999999999999),
    deadline TEXT CHECK (deadline GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' AND deadline IS date(deadline) AND deadline >= '0001'),
    acceptance_criteria TEXT CONSTRAINT milestones_acceptance_criteria_check CHECK (length(acceptance_criteria) <= 20000 AND instr(acceptance_criteria, char(0)) = 0),
    status TEXT NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'in_progress', 'submitted', 'approved', 'paid', 'disputed')),
    submitted_at TEXT CHECK (submitted_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(submitted_at, 1, 10) IS date(substr(submitted_at, 1, 10)) AND substr(submitted_at, 12, 2) < '24' AND submitted_at >= '0001'),
    approved_at TEXT CHECK (approved_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(approved_at, 1, 10) IS date(substr(approved_at, 1, 10)) AND substr(approved_at, 12, 2) < '24' AND approved_at >= '0001'),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(updated_at, 1, 10) IS date(substr(updated_at, 1, 10)) AND substr(updated_at, 12, 2) < '24' AND updated_at >= '0001')
) STRICT;
INSERT INTO milestones_rebuilt (id, project_id, position, title, description, amount, deadline, acceptance_criteria, status, submitted_at, approved_at, created_at, updated_at) SELECT id, project_id, position, title, description, amount, deadline, acceptance_criteria, status, submitted_at, approved_at, created_at, updated_at FROM milestones;
DELETE FROM sqlite_sequence WHERE name = 'milestones_rebuilt';
INSERT INTO sqlite_sequence (name, seq) SELECT 'milestones_rebuilt', seq FROM sqlite_sequence WHERE name = 'milestones';
DROP TABLE milestones;
ALTER TABLE milestones_rebuilt RENAME TO milestones;
CREATE UNIQUE INDEX milestones_position_key ON milestones (project_id, position);
CREATE INDEX idx_milestones_project_id ON milestones (project_id, id);

CREATE TABLE payments_rebuilt (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id INTEGER NOT NULL REFERENCES organizations (id) ON DELETE RESTRICT,
    bill_id INTEGER REFERENCES bills (id) ON DELETE RESTRICT,
    milestone_id INTEGER REFERENCES milestones (id) ON DELETE RESTRICT,
    payer_user_id TEXT CHECK (payer_user_id GLOB '????????-????-????-????-????????????' AND payer_user_id NOT GLOB '*[^0-9a-f-]*' AND length(replace(payer_user_id, '-', '')) = 32) REFERENCES users (id) ON DELETE SET NULL,
    payee_user_id TEXT CHECK (payee_user_id GLOB '????????-????-????-????-????????????' AND payee_user_id NOT GLOB '*[^0-9a-f-]*' AND length(replace(payee_user_id, '-', '')) = 32) REFERENCES users (id) ON DELETE SET NULL,
    kind TEXT NOT NULL CHECK (kind IN ('deposit', 'release', 'refund', 'payment', 'fee')),
    method TEXT NOT NULL CHECK (length(method) <= 100 AND instr(method, char(0)) = 0),
    amount INTEGER NOT NULL CHECK (amount BETWEEN -99999999999999 AND 99999999999999) CHECK (amount > 0),
    currency TEXT NOT NULL DEFAULT 'USD' CONSTRAINT payments_currency_check CHECK (currency GLOB '[A-Z][A-Z][A-Z]' AND instr(currency, char(0)) = 0),
    reference TEXT CHECK (length(reference) <= 255 AND instr(reference, char(0)) = 0),
    status TEXT NOT NULL DEFAULT 'pending' CONSTRAINT payments_status_check CHECK (status IN ('pending', 'completed', 'failed', 'void')),
    processed_at TEXT CHECK (processed_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(processed_at, 1, 10) IS date(substr(processed_at, 1, 10)) AND substr(processed_at, 12, 2) < '24' AND processed_at >= '0001'),
    failure_reason TEXT CONSTRAINT payments_failure_reason_check CHECK (length(failure_reason) <= 20000 AND instr(failure_reason, char(0)) = 0),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001'),
    CONSTRAINT payments_subject_check CHECK ((bill_id IS NULL) <> (milestone_id IS NULL))
) STRICT;
INSERT INTO payments_rebuilt (id, organization_id, bill_id, milestone_id, payer_user_id, payee_user_id, kind, method, amount, currency, reference, status, processed_at, failure_reason, created_at) SELECT id, organization_id, bill_id, milestone_id, payer_user_id, payee_user_id, kind, method, amount, currency, reference, status, processed_at, failure_reason, created_at FROM payments;
DELETE FROM sqlite_sequence WHERE name = 'payments_rebuilt';
INSERT INTO sqlite_sequence (name, seq) SELECT 'payments_rebuilt', seq FROM sqlite_sequence WHERE name = 'payments';
DROP TABLE payments;
ALTER TABLE payments_rebuilt RENAME TO payments;
CREATE INDEX idx_payments_organization_id ON payments (organization_id, id);
CREATE INDEX idx_payments_bill_id ON payments (bill_id, id);
CREATE INDEX idx_payments_milestone_id ON payments (milestone_id, id);
CREATE INDEX idx_payments_payer_user_id ON payments (payer_user_id, id);
CREATE INDEX idx_payments_payee_user_id ON payments (payee_user_id, id);
CREATE INDEX idx_payments_organization_id_status ON payments (organization_id, status, id);

CREATE TABLE applicants_rebuilt (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id INTEGER NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    first_name TEXT NOT NULL CHECK (length(first_name) <= 200 AND instr(first_name, char(0)) = 0),
    last_name TEXT NOT NULL CHECK (length(last_name) <= 200 AND instr(last_name, char(0)) = 0),
    email TEXT NOT NULL CHECK (length(email) <= 320 AND email NOT GLOB '*[A-Z]*' AND instr(email, char(0)) = 0),
    phone TEXT CHECK (length(phone) <= 50 AND instr(phone, char(0)) = 0),
    household_size INTEGER NOT NULL DEFAULT 1 CHECK (household_size BETWEEN -2147483648 AND 2147483647),
    income INTEGER NOT NULL DEFAULT 0 CHECK (income BETWEEN -99999999999999 AND 99999999999999),
    ami_percent REAL CHECK (ami_percent BETWEEN -1.7976931348623157e308 AND 1.7976931348623157e308),
    location_preference TEXT CONSTRAINT applicants_location_preference_check CHECK (length(location_preference) <= 2000 AND instr(location_preference, char(0)) = 0),
    latitude REAL CHECK (latitude BETWEEN -1.7976931348623157e308 AND 1.7976931348623157e308),
    longitude REAL CHECK (longitude BETWEEN -1.7976931348623157e308 AND 1.7976931348623157e308),
    status TEXT NOT NULL DEFAULT 'active' CHECK (length(status) <= 50 AND instr(status, char(0)) = 0),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001')
) STRICT;
INSERT INTO applicants_rebuilt (id, organization_id, first_name, last_name, email, phone, household_size, income, ami_percent, location_preference, latitude, longitude, status, created_at) SELECT id, organization_id, first_name, last_name, email, phone, household_size, income, ami_percent, location_preference, latitude, longitude, status, created_at FROM applicants;
DELETE FROM sqlite_sequence WHERE name = 'applicants_rebuilt';
INSERT INTO sqlite_sequence (name, seq) SELECT 'applicants_rebuilt', seq FROM sqlite_sequence WHERE name = 'applicants';
DROP TABLE applicants;
ALTER TABLE applicants_rebuilt RENAME TO applicants;
CREATE INDEX idx_applicants_organization ON applicants (organization_id, id);
CREATE INDEX idx_applicants_organization_id_status ON applicants (organization_id, status, id);

CREATE TABLE matches_rebuilt (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id INTEGER NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    applicant_id INTEGER NOT NULL REFERENCES applicants (id) ON DELETE CASCADE,
    project_id INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    similarity_score REAL NOT NULL CHECK (similarity_score BETWEEN -1.7976931348623157e308 AND 1.7976931348623157e308),
    reasons TEXT NOT NULL DEFAULT '[]' CONSTRAINT matches_reasons_check CHECK (json_valid(reasons) AND length(CAST(reasons AS BLOB)) <= 1048576),
    status TEXT NOT NULL DEFAULT 'proposed' CHECK (status IN ('proposed', 'accepted', 'declined')),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(updated_at, 1, 10) IS date(substr(updated_at, 1, 10)) AND substr(updated_at, 12, 2) < '24' AND updated_at >= '0001')
) STRICT;
INSERT INTO matches_rebuilt (id, organization_id, applicant_id, project_id, similarity_score, reasons, status, created_at, updated_at) SELECT id, organization_id, applicant_id, project_id, similarity_score, reasons, status, created_at, updated_at FROM matches;
DELETE FROM sqlite_sequence WHERE name = 'matches_rebuilt';
INSERT INTO sqlite_sequence (name, seq) SELECT 'matches_rebuilt', seq FROM sqlite_sequence WHERE name = 'matches';
DROP TABLE matches;
ALTER TABLE matches_rebuilt RENAME TO matches;
CREATE UNIQUE INDEX matches_applicant_project_key ON matches (applicant_id, project_id);
CREATE INDEX idx_matches_organization_id ON matches (organization_id, id);
CREATE INDEX idx_matches_project_id ON matches (project_id, id);
CREATE INDEX idx_matches_applicant_id ON matches (applicant_id, id);

CREATE TABLE investments_rebuilt (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id INTEGER NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL CHECK (user_id GLOB '????????-????-????-????-????????????' AND user_id NOT GLOB '*[^0-9a-f-]*' AND length(replace(user_id, '-', '')) = 32) REFERENCES users (id),
    project_id INTEGER REFERENCES projects (id) ON DELETE SET NULL,
    amount INTEGER NOT NULL CHECK (amount BETWEEN -99999999999999 AND 99999999999999),
    current_value INTEGER CHECK (current_value BETWEEN -99999999999999 AND 99999999999999),
    invested_on TEXT NOT NULL CHECK (invested_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' AND invested_on IS date(invested_on) AND invested_on >= '0001'),
    expected_completion_on TEXT CHECK (expected_completion_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' AND expected_completion_on IS date(expected_completion_on) AND expected_completion_on >= '0001'),
    completed_on TEXT CHECK (completed_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' AND completed_on IS date(completed_on) AND completed_on >= '0001'),
    status TEXT NOT NULL DEFAULT 'active' CHECK (length(status) <= 50 AND instr(status, char(0)) = 0),
    ami_compliance REAL CHECK (ami_compliance BETWEEN -1.7976931348623157e308 AND 1.7976931348623157e308),
    units_funded INTEGER CHECK (units_funded BETWEEN -2147483648 AND 2147483647),
    risk_level TEXT NOT NULL DEFAULT 'medium' CHECK (risk_level IN ('low', 'medium', 'high')),
    notes TEXT CONSTRAINT investments_notes_check CHECK (length(notes) <= 20000 AND instr(notes, char(0)) = 0),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(updated_at, 1, 10) IS date(substr(updated_at, 1, 10)) AND substr(updated_at, 12, 2) < '24' AND updated_at >= '0001')
) STRICT;
INSERT INTO investments_rebuilt (id, organization_id, user_id, project_id, amount, current_value, invested_on, expected_completion_on, completed_on, status, ami_compliance, units_funded, risk_level, notes, created_at, updated_at) SELECT id, organization_id, user_id, project_id, amount, current_value, invested_on, expected_completion_on, completed_on, status, ami_compliance, units_funded, risk_level, notes, created_at, updated_at FROM investments;
DELETE FROM sqlite_sequence WHERE name = 'investments_rebuilt';
INSERT INTO sqlite_sequence (name, seq) SELECT 'investments_rebuilt', seq FROM sqlite_sequence WHERE name = 'investments';
DROP TABLE investments;
ALTER TABLE investments_rebuilt RENAME TO investments;
CREATE INDEX idx_investments_organization_id ON investments (organization_id, id);
CREATE INDEX idx_investments_user_id ON investments (user_id, id);
CREATE INDEX idx_investments_project_id ON investments (project_id, id);

CREATE TABLE investment_valuations_rebuilt (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    investment_id INTEGER NOT NULL REFERENCES investments (id) ON DELETE CASCADE,
    valued_on TEXT NOT NULL CHECK (valued_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' AND valued_on IS date(valued_on) AND valued_on >= '0001'),
    value INTEGER NOT NULL CHECK (value BETWEEN -99999999999999 AND 99999999999999),
    method TEXT CHECK (length(method) <= 100 AND instr(method, char(0)) = 0),
    notes TEXT CONSTRAINT investment_valuations_notes_check CHECK (length(notes) <= 20000 AND instr(notes, char(0)) = 0),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001')
) STRICT;
INSERT INTO investment_valuations_rebuilt (id, investment_id, valued_on, value, method, notes, created_at) SELECT id, investment_id, valued_on, value, method, notes, created_at FROM investment_valuations;
DELETE FROM sqlite_sequence WHERE name = 'investment_valuations_rebuilt';
INSERT INTO sqlite_sequence (name, seq) SELECT 'investment_valuations_rebuilt', seq FROM sqlite_sequence WHERE name = 'investment_valuations';
DROP TABLE investment_valuations;
ALTER TABLE investment_valuations_rebuilt RENAME TO investment_valuations;
CREATE INDEX idx_investment_valuations_investment_id ON investment_valuations (investment_id, id);

CREATE TABLE applicant_embeddings_rebuilt (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    applicant_id INTEGER NOT NULL REFERENCES applicants (id) ON DELETE CASCADE,
    model TEXT NOT NULL CHECK (length(model) <= 200 AND instr(model, char(0)) = 0),
    embedding BLOB NOT NULL CONSTRAINT applicant_embeddings_embedding_check CHECK (length(embedding) > 0 AND length(embedding) % 4 = 0 AND length(embedding) <= 65536),
    preferences_text TEXT NOT NULL CONSTRAINT applicant_embeddings_preferences_text_check CHECK (length(preferences_text) <= 100000 AND instr(preferences_text, char(0)) = 0),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(updated_at, 1, 10) IS date(substr(updated_at, 1, 10)) AND substr(updated_at, 12, 2) < '24' AND updated_at >= '0001')
) STRICT;
INSERT INTO applicant_embeddings_rebuilt (id, applicant_id, model, embedding, preferences_text, created_at, updated_at) SELECT id, applicant_id, model, embedding, preferences_text, created_at, updated_at FROM applicant_embeddings;
DELETE FROM sqlite_sequence WHERE name = 'applicant_embeddings_rebuilt';
INSERT INTO sqlite_sequence (name, seq) SELECT 'applicant_embeddings_rebuilt', seq FROM sqlite_sequence WHERE name = 'applicant_embeddings';
DROP TABLE applicant_embeddings;
ALTER TABLE applicant_embeddings_rebuilt RENAME TO applicant_embeddings;
CREATE UNIQUE INDEX applicant_embeddings_applicant_id_key ON applicant_embeddings (applicant_id);

CREATE TABLE project_embeddings_rebuilt (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    model TEXT NOT NULL CHECK (length(model) <= 200 AND instr(model, char(0)) = 0),
    embedding BLOB NOT NULL CONSTRAINT project_embeddings_embedding_check CHECK (length(embedding) > 0 AND length(embedding) % 4 = 0 AND length(embedding) <= 65536),
    description_text TEXT NOT NULL CONSTRAINT project_embeddings_description_text_check CHECK (length(description_text) <= 100000 AND instr(description_text, char(0)) = 0),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(updated_at, 1, 10) IS date(substr(updated_at, 1, 10)) AND substr(updated_at, 12, 2) < '24' AND updated_at >= '0001')
) STRICT;
INSERT INTO project_embeddings_rebuilt (id, project_id, model, embedding, description_text, created_at, updated_at) SELECT id, project_id, model, embedding, description_text, created_at, updated_at FROM project_embeddings;
DELETE FROM sqlite_sequence WHERE name = 'project_embeddings_rebuilt';
INSERT INTO sqlite_sequence (name, seq) SELECT 'project_embeddings_rebuilt', seq FROM sqlite_sequence WHERE name = 'project_embeddings';
DROP TABLE project_embeddings;
ALTER TABLE project_embeddings_rebuilt RENAME TO project_embeddings;
CREATE UNIQUE INDEX project_embeddings_project_id_key ON project_embeddings (project_id);

CREATE TABLE idempotency_keys_rebuilt (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id TEXT NOT NULL CHECK (user_id GLOB '????????-????-????-????-????????????' AND user_id NOT GLOB '*[^0-9a-f-]*' AND length(replace(user_id, '-', '')) = 32) REFERENCES users (id) ON DELETE CASCADE,
    key TEXT NOT NULL CHECK (length(key) <= 255 AND instr(key, char(0)) = 0),
    request_sha256 BLOB NOT NULL CHECK (length(request_sha256) = 32),
    status INTEGER NOT NULL CHECK (status BETWEEN -2147483648 AND 2147483647),
    location TEXT CONSTRAINT idempotency_keys_location_check CHECK (length(location) <= 2048 AND instr(location, char(0)) = 0),
    etag TEXT CHECK (length(etag) <= 100 AND instr(etag, char(0)) = 0),
    body TEXT NOT NULL CONSTRAINT idempotency_keys_body_check CHECK (length(body) <= 16777216 AND instr(body, char(0)) = 0),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001')
) STRICT;
INSERT INTO idempotency_keys_rebuilt (id, user_id, key, request_sha256, status, location, etag, body, created_at) SELECT id, user_id, key, request_sha256, status, location, etag, body, created_at FROM idempotency_keys;
DELETE FROM sqlite_sequence WHERE name = 'idempotency_keys_rebuilt';
INSERT INTO sqlite_sequence (name, seq) SELECT 'idempotency_keys_rebuilt', seq FROM sqlite_sequence WHERE name = 'idempotency_keys';
DROP TABLE idempotency_keys;
ALTER TABLE idempotency_keys_rebuilt RENAME TO idempotency_keys;
CREATE UNIQUE INDEX idempotency_keys_key ON idempotency_keys (user_id, key);
