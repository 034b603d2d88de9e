-- Drops the indexes of up.sql. No row changes.

DROP INDEX idx_tasks_completed;
DROP INDEX idx_activities_created;
DROP INDEX idx_users_created_at;
DROP INDEX idx_users_role;
DROP INDEX idx_corrections_learning;
DROP INDEX idx_usage_billing;
DROP INDEX idx_docs_org_status_date;
DROP INDEX idx_batches_user_recent;
DROP INDEX idx_users_org_email;
DROP INDEX idx_usage_unbilled;
DROP INDEX idx_docs_ready_upload;
DROP INDEX idx_docs_pending_review;
DROP INDEX idx_batches_processing;
DROP INDEX idx_organizations_active;
