-- The indexes that the screens asked for once there was data.
-- No row changes. Undone by down.sql.

CREATE INDEX idx_organizations_active ON organizations (name) WHERE status = 'active';
CREATE INDEX idx_batches_processing ON batches (created_at) WHERE status = 'processing';
CREATE INDEX idx_docs_pending_review ON document_metadata (organization_id, created_at) WHERE status = 'pending_review';
CREATE INDEX idx_docs_ready_upload ON document_metadata (organization_id, approved_at) WHERE status = 'approved' AND NOT uploaded;
CREATE INDEX idx_usage_unbilled ON usage_logs (organization_id, billing_period) WHERE NOT billed;
CREATE INDEX idx_users_org_email ON users (organization_id, email);
CREATE INDEX idx_batches_user_recent ON batches (user_id, created_at DESC);
CREATE INDEX idx_docs_org_status_date ON document_metadata (organization_id, status, processed_at DESC);
CREATE INDEX idx_usage_billing ON usage_logs (organization_id, billing_period, action_type);
CREATE INDEX idx_corrections_learning ON field_corrections (organization_id, field_name, created_at DESC);
CREATE INDEX idx_users_role ON users (role);
CREATE INDEX idx_users_created_at ON users (created_at);
CREATE INDEX idx_activities_created ON activities (created_at DESC);
CREATE INDEX idx_tasks_completed ON tasks (completed);
