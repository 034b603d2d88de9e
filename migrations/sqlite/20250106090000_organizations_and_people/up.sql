-- Organizations, the people in them, what they pay and use.
-- Undone by down.sql, which drops these tables with the rows in them.

CREATE TABLE organizations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL CHECK (length(name) <= 200 AND instr(name, char(0)) = 0),
    status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended', 'closed')),
    plan TEXT NOT NULL DEFAULT 'trial' CHECK (plan IN ('trial', 'starter', 'business', 'enterprise')),
    billing_email TEXT CHECK (length(billing_email) <= 320 AND billing_email NOT GLOB '*[A-Z]*' AND instr(billing_email, char(0)) = 0),
    settings TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(settings)),
    review_mode TEXT NOT NULL DEFAULT 'review_all' CHECK (review_mode IN ('review_all', 'low_confidence', 'automatic')),
    confidence_threshold REAL NOT NULL DEFAULT 0.85 CHECK (confidence_threshold BETWEEN -1.7976931348623157e308 AND 1.7976931348623157e308),
    auto_upload_enabled INTEGER NOT NULL DEFAULT 0 CHECK (auto_upload_enabled IN (0, 1)),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(updated_at, 1, 10) IS date(substr(updated_at, 1, 10)) AND substr(updated_at, 12, 2) < '24' AND updated_at >= '0001')
) STRICT;

CREATE TABLE users (
    id TEXT NOT NULL PRIMARY KEY CHECK (id GLOB '????????-????-????-????-????????????' AND id NOT GLOB '*[^0-9a-f-]*' AND length(replace(id, '-', '')) = 32),
    organization_id INTEGER REFERENCES organizations (id) ON DELETE SET NULL,
    email TEXT NOT NULL CHECK (length(email) <= 320 AND email NOT GLOB '*[A-Z]*' AND instr(email, char(0)) = 0),
    password_hash TEXT CHECK (instr(password_hash, char(0)) = 0),
    auth_subject TEXT CHECK (length(auth_subject) <= 255 AND instr(auth_subject, char(0)) = 0),
    first_name TEXT NOT NULL CHECK (length(first_name) <= 200 AND instr(first_name, char(0)) = 0),
    last_name TEXT NOT NULL CHECK (length(last_name) <= 200 AND instr(last_name, char(0)) = 0),
    role TEXT NOT NULL DEFAULT 'member' CHECK (role IN ('owner', 'admin', 'member', 'client', 'freelancer')),
    avatar_url TEXT CHECK (instr(avatar_url, char(0)) = 0),
    phone TEXT CHECK (length(phone) <= 50 AND instr(phone, char(0)) = 0),
    bio TEXT CHECK (instr(bio, char(0)) = 0),
    email_verified INTEGER NOT NULL DEFAULT 0 CHECK (email_verified IN (0, 1)),
    kyc_verified INTEGER NOT NULL DEFAULT 0 CHECK (kyc_verified IN (0, 1)),
    stripe_customer_id TEXT CHECK (length(stripe_customer_id) <= 255 AND instr(stripe_customer_id, char(0)) = 0),
    notification_preferences TEXT NOT NULL DEFAULT '{"email":true,"push":true,"project_updates":true,"payment_notifications":true}' CHECK (json_valid(notification_preferences)),
    last_login_at TEXT CHECK (last_login_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(last_login_at, 1, 10) IS date(substr(last_login_at, 1, 10)) AND substr(last_login_at, 12, 2) < '24' AND last_login_at >= '0001'),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(updated_at, 1, 10) IS date(substr(updated_at, 1, 10)) AND substr(updated_at, 12, 2) < '24' AND updated_at >= '0001'),
    deleted_at TEXT CHECK (deleted_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(deleted_at, 1, 10) IS date(substr(deleted_at, 1, 10)) AND substr(deleted_at, 12, 2) < '24' AND deleted_at >= '0001')
) STRICT;
CREATE UNIQUE INDEX idx_users_email ON users (email);
CREATE UNIQUE INDEX users_auth_subject_key ON users (auth_subject);

CREATE TABLE organization_settings (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id INTEGER NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    connector_type TEXT NOT NULL CHECK (length(connector_type) <= 100 AND instr(connector_type, char(0)) = 0),
    config_encrypted TEXT NOT NULL CHECK (instr(config_encrypted, char(0)) = 0),
    is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
    review_mode TEXT NOT NULL DEFAULT 'review_all' CHECK (review_mode IN ('review_all', 'low_confidence', 'automatic')),
    confidence_threshold REAL NOT NULL DEFAULT 0.85 CHECK (confidence_threshold BETWEEN -1.7976931348623157e308 AND 1.7976931348623157e308),
    auto_upload_enabled INTEGER NOT NULL DEFAULT 0 CHECK (auto_upload_enabled IN (0, 1)),
    created_by_user_id TEXT CHECK (created_by_user_id GLOB '????????-????-????-????-????????????' AND created_by_user_id NOT GLOB '*[^0-9a-f-]*' AND length(replace(created_by_user_id, '-', '')) = 32) REFERENCES users (id) ON DELETE SET NULL,
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(updated_at, 1, 10) IS date(substr(updated_at, 1, 10)) AND substr(updated_at, 12, 2) < '24' AND updated_at >= '0001')
) STRICT;
CREATE UNIQUE INDEX organization_settings_connector_key ON organization_settings (organization_id, connector_type);
CREATE INDEX idx_organization_settings_created_by_user_id ON organization_settings (created_by_user_id);

CREATE TABLE subscriptions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id INTEGER NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    plan_type TEXT NOT NULL CHECK (plan_type IN ('trial', 'starter', 'business', 'enterprise')),
    price_per_document INTEGER NOT NULL CHECK (price_per_document BETWEEN -99999999999999 AND 99999999999999),
    monthly_base_fee INTEGER NOT NULL CHECK (monthly_base_fee BETWEEN -99999999999999 AND 99999999999999),
    monthly_document_limit INTEGER CHECK (monthly_document_limit BETWEEN -2147483648 AND 2147483647),
    overage_price_per_document INTEGER NOT NULL CHECK (overage_price_per_document BETWEEN -99999999999999 AND 99999999999999),
    stripe_customer_id TEXT CHECK (length(stripe_customer_id) <= 255 AND instr(stripe_customer_id, char(0)) = 0),
    stripe_subscription_id TEXT CHECK (length(stripe_subscription_id) <= 255 AND instr(stripe_subscription_id, char(0)) = 0),
    billing_cycle_start TEXT CHECK (billing_cycle_start GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' AND billing_cycle_start IS date(billing_cycle_start) AND billing_cycle_start >= '0001'),
    current_period_start TEXT CHECK (current_period_start GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' AND current_period_start IS date(current_period_start) AND current_period_start >= '0001'),
    current_period_end TEXT CHECK (current_period_end GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' AND current_period_end IS date(current_period_end) AND current_period_end >= '0001'),
    trial_ends_at TEXT CHECK (trial_ends_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(trial_ends_at, 1, 10) IS date(substr(trial_ends_at, 1, 10)) AND substr(trial_ends_at, 12, 2) < '24' AND trial_ends_at >= '0001'),
    status TEXT NOT NULL CHECK (status IN ('trialing', 'active', 'past_due', 'canceled')),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(updated_at, 1, 10) IS date(substr(updated_at, 1, 10)) AND substr(updated_at, 12, 2) < '24' AND updated_at >= '0001')
) STRICT;
CREATE UNIQUE INDEX subscriptions_organization_id_key ON subscriptions (organization_id);

CREATE TABLE usage_logs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id INTEGER NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    user_id TEXT CHECK (user_id GLOB '????????-????-????-????-????????????' AND user_id NOT GLOB '*[^0-9a-f-]*' AND length(replace(user_id, '-', '')) = 32) REFERENCES users (id) ON DELETE SET NULL,
    action_type TEXT NOT NULL CHECK (length(action_type) <= 100 AND instr(action_type, char(0)) = 0),
    document_count INTEGER NOT NULL DEFAULT 1 CHECK (document_count BETWEEN -2147483648 AND 2147483647),
    metadata TEXT CHECK (json_valid(coalesce(metadata, 'null'))),
    billed INTEGER NOT NULL DEFAULT 0 CHECK (billed IN (0, 1)),
    billing_period TEXT NOT NULL CHECK (billing_period GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]' AND substr(billing_period, 6) BETWEEN '01' AND '12'),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001')
) STRICT;
CREATE INDEX idx_usage_logs_user_id ON usage_logs (user_id);

CREATE TABLE notifications (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id INTEGER NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL CHECK (user_id GLOB '????????-????-????-????-????????????' AND user_id NOT GLOB '*[^0-9a-f-]*' AND length(replace(user_id, '-', '')) = 32) REFERENCES users (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (length(kind) <= 100 AND instr(kind, char(0)) = 0),
    title TEXT NOT NULL CHECK (length(title) <= 300 AND instr(title, char(0)) = 0),
    message TEXT NOT NULL CHECK (instr(message, char(0)) = 0),
    entity_type TEXT CHECK (length(entity_type) <= 100 AND instr(entity_type, char(0)) = 0),
    entity_id TEXT CHECK (length(entity_id) <= 100 AND instr(entity_id, char(0)) = 0),
    priority TEXT NOT NULL DEFAULT 'normal' CHECK (priority IN ('low', 'normal', 'high')),
    status TEXT NOT NULL DEFAULT 'unread' CHECK (status IN ('unread', 'read', 'archived')),
    action_url TEXT CHECK (instr(action_url, char(0)) = 0),
    metadata TEXT CHECK (json_valid(coalesce(metadata, 'null'))),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001'),
    read_at TEXT CHECK (read_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(read_at, 1, 10) IS date(substr(read_at, 1, 10)) AND substr(read_at, 12, 2) < '24' AND read_at >= '0001')
) STRICT;
CREATE INDEX idx_notifications_organization_id ON notifications (organization_id);
CREATE INDEX idx_notifications_user_id ON notifications (user_id);

CREATE TABLE activities (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id INTEGER NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    user_id TEXT CHECK (user_id GLOB '????????-????-????-????-????????????' AND user_id NOT GLOB '*[^0-9a-f-]*' AND length(replace(user_id, '-', '')) = 32) REFERENCES users (id) ON DELETE SET NULL,
    kind TEXT NOT NULL CHECK (length(kind) <= 100 AND instr(kind, char(0)) = 0),
    title TEXT NOT NULL CHECK (length(title) <= 300 AND instr(title, char(0)) = 0),
    description TEXT CHECK (instr(description, char(0)) = 0),
    entity_type TEXT CHECK (length(entity_type) <= 100 AND instr(entity_type, char(0)) = 0),
    entity_id TEXT CHECK (length(entity_id) <= 100 AND instr(entity_id, char(0)) = 0),
    metadata TEXT CHECK (json_valid(coalesce(metadata, 'null'))),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001')
) STRICT;
CREATE INDEX idx_activities_organization_id ON activities (organization_id);
CREATE INDEX idx_activities_user_id ON activities (user_id);

CREATE TABLE contact_submissions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL CHECK (length(name) <= 200 AND instr(name, char(0)) = 0),
    email TEXT NOT NULL CHECK (length(email) <= 320 AND email NOT GLOB '*[A-Z]*' AND instr(email, char(0)) = 0),
    company TEXT CHECK (length(company) <= 200 AND instr(company, char(0)) = 0),
    phone TEXT CHECK (length(phone) <= 50 AND instr(phone, char(0)) = 0),
    subject TEXT NOT NULL CHECK (length(subject) <= 300 AND instr(subject, char(0)) = 0),
    message TEXT NOT NULL CHECK (instr(message, char(0)) = 0),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001')
) STRICT;

CREATE TABLE report_runs (
    id TEXT NOT NULL PRIMARY KEY CHECK (id GLOB '????????-????-????-????-????????????' AND id NOT GLOB '*[^0-9a-f-]*' AND length(replace(id, '-', '')) = 32),
    organization_id INTEGER NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL CHECK (user_id GLOB '????????-????-????-????-????????????' AND user_id NOT GLOB '*[^0-9a-f-]*' AND length(replace(user_id, '-', '')) = 32) REFERENCES users (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (length(kind) <= 100 AND instr(kind, char(0)) = 0),
    params TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(params)),
    status TEXT NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'running', 'done', 'failed')),
    url TEXT CHECK (instr(url, char(0)) = 0),
    error_message TEXT CHECK (instr(error_message, char(0)) = 0),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(updated_at, 1, 10) IS date(substr(updated_at, 1, 10)) AND substr(updated_at, 12, 2) < '24' AND updated_at >= '0001')
) STRICT;
CREATE INDEX idx_report_runs_organization_id ON report_runs (organization_id);
CREATE INDEX idx_report_runs_user_id ON report_runs (user_id);
