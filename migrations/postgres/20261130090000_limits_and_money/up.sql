-- Limits the length of each text, JSON and vector column; currencies are codes of three letters; a bill is never paid
-- beyond its total; payments can be void, usage voided, documents archived, an organization closing. Documents of account
-- are not deleted with an organization, a customer, a bill or a milestone.
-- Rows that violate a new check fail the migration. Reverted by down.sql, without the new columns.

ALTER TABLE organizations
    ADD COLUMN closing_at timestamptz CHECK (closing_at >= '0001-01-01 00:00:00Z' AND closing_at < '10000-01-01 00:00:00Z'),
    ADD CONSTRAINT organizations_settings_check CHECK (octet_length(settings::text) <= 1048576);
ALTER TABLE users
    ADD CONSTRAINT users_password_hash_check CHECK (length(password_hash) <= 500),
    ADD CONSTRAINT users_avatar_url_check CHECK (length(avatar_url) <= 2048),
    ADD CONSTRAINT users_bio_check CHECK (length(bio) <= 10000),
    ADD CONSTRAINT users_notification_preferences_check CHECK (octet_length(notification_preferences::text) <= 1048576);
ALTER TABLE organization_settings
    ADD CONSTRAINT organization_settings_config_encrypted_check CHECK (length(config_encrypted) <= 100000);
ALTER TABLE usage_logs
    ADD COLUMN voided_at timestamptz CHECK (voided_at >= '0001-01-01 00:00:00Z' AND voided_at < '10000-01-01 00:00:00Z'),
    ADD CONSTRAINT usage_logs_metadata_check CHECK (octet_length(metadata::text) <= 1048576),
    DROP CONSTRAINT usage_logs_organization_id_fkey,
    ADD CONSTRAINT usage_logs_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE RESTRICT;
ALTER TABLE notifications
    ADD CONSTRAINT notifications_message_check CHECK (length(message) <= 20000),
    ADD CONSTRAINT notifications_action_url_check CHECK (length(action_url) <= 2048),
    ADD CONSTRAINT notifications_metadata_check CHECK (octet_length(metadata::text) <= 1048576);
ALTER TABLE activities
    ADD CONSTRAINT activities_description_check CHECK (length(description) <= 20000),
    ADD CONSTRAINT activities_metadata_check CHECK (octet_length(metadata::text) <= 1048576);
ALTER TABLE contact_submissions
    ADD CONSTRAINT contact_submissions_message_check CHECK (length(message) <= 20000);
ALTER TABLE report_runs
    ADD CONSTRAINT report_runs_url_check CHECK (length(url) <= 2048),
    ADD CONSTRAINT report_runs_error_message_check CHECK (length(error_message) <= 20000),
    ADD CONSTRAINT report_runs_params_check CHECK (octet_length(params::text) <= 1048576);
ALTER TABLE batches
    ADD CONSTRAINT batches_download_url_check CHECK (length(download_url) <= 2048),
    ADD CONSTRAINT batches_results_check CHECK (octet_length(results::text) <= 1048576),
    ADD CONSTRAINT batches_processing_summary_check CHECK (octet_length(processing_summary::text) <= 1048576);
ALTER TABLE document_metadata
    ADD COLUMN archived_at timestamptz CHECK (archived_at >= '0001-01-01 00:00:00Z' AND archived_at < '10000-01-01 00:00:00Z'),
    ADD CONSTRAINT document_metadata_file_path_check CHECK (length(file_path) <= 4096),
    ADD CONSTRAINT document_metadata_error_message_check CHECK (length(error_message) <= 20000),
    ADD CONSTRAINT document_metadata_extracted_data_check CHECK (octet_length(extracted_data::text) <= 1048576),
    ADD CONSTRAINT document_metadata_connector_config_snapshot_check CHECK (octet_length(connector_config_snapshot::text) <= 1048576),
    DROP CONSTRAINT document_metadata_organization_id_fkey,
    ADD CONSTRAINT document_metadata_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE RESTRICT;
ALTER TABLE field_corrections
    ADD CONSTRAINT field_corrections_original_value_check CHECK (length(original_value) <= 20000),
    ADD CONSTRAINT field_corrections_corrected_value_check CHECK (length(corrected_value) <= 20000);
ALTER TABLE connector_configs
    ADD CONSTRAINT connector_configs_config_check CHECK (octet_length(config::text) <= 1048576);
ALTER TABLE recurring_patterns
    ADD CONSTRAINT recurring_patterns_description_check CHECK (length(description) <= 20000);
ALTER TABLE tasks
    ADD CONSTRAINT tasks_description_check CHECK (length(description) <= 20000);
ALTER TABLE customers
    ADD CONSTRAINT customers_address_check CHECK (length(address) <= 2000),
    DROP CONSTRAINT customers_credit_limit_check,
    ADD CONSTRAINT customers_credit_limit_check CHECK (credit_limit <> 'NaN' AND credit_limit >= 0);
ALTER TABLE bills
    ADD COLUMN currency text NOT NULL DEFAULT 'USD' CHECK (currency ~ '^[A-Z]{3}$'),
    DROP CONSTRAINT bills_bill_number_check,
    ADD CONSTRAINT bills_bill_number_check CHECK (length(bill_number) <= 100 AND replace(bill_number, ' ', '') <> ''),
    ADD CONSTRAINT bills_paid_check CHECK (paid_amount >= 0 AND paid_amount <= total_amount),
    DROP CONSTRAINT bills_customer_id_fkey,
    ADD CONSTRAINT bills_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE RESTRICT,
    DROP CONSTRAINT bills_organization_id_fkey,
    ADD CONSTRAINT bills_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE RESTRICT;
ALTER TABLE bill_items
    ADD CONSTRAINT bill_items_description_check CHECK (length(description) <= 2000);
ALTER TABLE projects
    ADD CONSTRAINT projects_description_check CHECK (length(description) <= 20000),
    ADD CONSTRAINT projects_location_check CHECK (length(location) <= 2000),
    ADD CONSTRAINT projects_address_check CHECK (length(address) <= 2000),
    ADD CONSTRAINT projects_ami_levels_check CHECK (octet_length(ami_levels::text) <= 1048576),
    DROP CONSTRAINT projects_currency_check,
    ADD CONSTRAINT projects_currency_check CHECK (currency ~ '^[A-Z]{3}$');
ALTER TABLE milestones
    ADD CONSTRAINT milestones_description_check CHECK (length(description) <= 20000),
    ADD CONSTRAINT milestones_acceptance_criteria_check CHECK (length(acceptance_criteria) <= 20000);
ALTER TABLE payments
    ADD CONSTRAINT payments_failure_reason_check CHECK (length(failure_reason) <= 20000),
    DROP CONSTRAINT payments_currency_check,
    ADD CONSTRAINT payments_currency_check CHECK (currency ~ '^[A-Z]{3}$'),
    DROP CONSTRAINT payments_status_check,
    ADD CONSTRAINT payments_status_check CHECK (status IN ('pending', 'completed', 'failed', 'void')),
    DROP CONSTRAINT payments_bill_id_fkey,
    ADD CONSTRAINT payments_bill_id_fkey FOREIGN KEY (bill_id) REFERENCES bills (id) ON DELETE RESTRICT,
    DROP CONSTRAINT payments_milestone_id_fkey,
    ADD CONSTRAINT payments_milestone_id_fkey FOREIGN KEY (milestone_id) REFERENCES milestones (id) ON DELETE RESTRICT,
    DROP CONSTRAINT payments_organization_id_fkey,
    ADD CONSTRAINT payments_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE RESTRICT;
ALTER TABLE applicants
    ADD CONSTRAINT applicants_location_preference_check CHECK (length(location_preference) <= 2000);
ALTER TABLE matches
    ADD CONSTRAINT matches_reasons_check CHECK (octet_length(reasons::text) <= 1048576);
ALTER TABLE investments
    ADD CONSTRAINT investments_notes_check CHECK (length(notes) <= 20000);
ALTER TABLE investment_valuations
    ADD CONSTRAINT investment_valuations_notes_check CHECK (length(notes) <= 20000);
ALTER TABLE applicant_embeddings
    ADD CONSTRAINT applicant_embeddings_preferences_text_check CHECK (length(preferences_text) <= 100000),
    DROP CONSTRAINT applicant_embeddings_embedding_check,
    ADD CONSTRAINT applicant_embeddings_embedding_check CHECK (array_ndims(embedding) = 1 AND array_lower(embedding, 1) = 1 AND array_position(embedding, NULL) IS NULL AND cardinality(embedding) <= 16384);
ALTER TABLE project_embeddings
    ADD CONSTRAINT project_embeddings_description_text_check CHECK (length(description_text) <= 100000),
    DROP CONSTRAINT project_embeddings_embedding_check,
    ADD CONSTRAINT project_embeddings_embedding_check CHECK (array_ndims(embedding) = 1 AND array_lower(embedding, 1) = 1 AND array_position(embedding, NULL) IS NULL AND cardinality(embedding) <= 16384);
ALTER TABLE idempotency_keys
    ADD CONSTRAINT idempotency_keys_location_check CHECK (length(location) <= 2048),
    ADD CONSTRAINT idempotency_keys_body_check CHECK (length(body) <= 16777216);
