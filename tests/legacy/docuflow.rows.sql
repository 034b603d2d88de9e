-- DocuFlow: rows for docuflow.schema.sql, as its Python writes them (CURRENT_TIMESTAMP, isoformat with T and microseconds).
-- Edge values: prices as reals (0.1, 0.07), a limit over 32 bits, JSON in TEXT (valid, not valid, with a repeated key), Windows paths,
-- empty strings beside NULL, umlauts and emoji, booleans by default and by value; usage_logs had a row 1000 that was deleted.

BEGIN;

INSERT INTO "organizations" ("id", "name", "created_at", "subscription_plan", "billing_email", "status", "metadata", "review_mode", "confidence_threshold", "auto_upload_enabled") VALUES
    (1, 'Acme GmbH', '2025-03-01 12:00:00', 'pro', 'billing@acme.example', 'active', '{"vat":"DE123456789"}', 'review_all', 0.85, 0),
    (2, 'Müller & Söhne KG', '2025-03-02 12:00:00', 'trial', '', 'active', NULL, 'auto', 0.9, 1),
    (3, '日本株式会社', '2025-04-03T08:15:30.123456', NULL, NULL, 'suspended', '{}', 'review_all', 1, 0),
    (4, 'L''Épicerie "Chez" O''Hara', '2025-04-04T08:15:30.000001', 'trial', NULL, NULL, 'not json', NULL, NULL, NULL),
    (5, '🚀', '2025-03-05 12:00:00', 'enterprise', 'a@b.c', 'active', '{"a":1,"a":2}', 'none', 0.30000000000000004, 1),
    (70, '', NULL, 'trial', NULL, 'active', NULL, 'review_all', 0, 0);

INSERT INTO "users" ("id", "auth0_user_id", "email", "name", "organization_id", "role", "created_at", "last_login") VALUES
    (1, 'auth0|65f0a1', 'ada@acme.example', 'Ada', 1, 'owner', '2025-03-01 12:00:00', '2025-04-01T08:15:30.123456'),
    (2, 'google-oauth2|109951162777600000001', 'bob@acme.example', NULL, 1, 'member', '2025-03-02 12:00:00', NULL),
    (3, 'auth0|Ü', 'jürgen@müller.example', 'Jürgen', 2, 'admin', '2025-03-03 12:00:00', '2025-04-03T08:15:30.123456'),
    (4, 'auth0|4', 'taro@例え.jp', '山田太郎', 3, 'member', '2025-03-04 12:00:00', NULL),
    (5, 'auth0|5', 'nobody@x.example', '', NULL, NULL, NULL, NULL),
    (6, 'AUTH0|4', 'TARO@例え.jp', 'other case', 4, 'member', '2025-03-06 12:00:00', '2025-04-06T08:15:30.999999');

INSERT INTO "batches" ("id", "user_id", "organization_id", "status", "total_files", "processed_files", "successful", "failed", "results_json", "processing_summary_json", "download_url", "created_at", "completed_at") VALUES
    ('018f3c1e-7b2a-7c3d-8e4f-000000000000', 1, 1, 'completed', 3, 3, 2, 1, '[{"file":"a.pdf","ok":true},{"file":"ü.pdf","ok":false}]', '{"ms":1234.5}', 'https://x.example/d/1?sig=a%2Fb&x=1', '2025-03-01 12:00:00', '2025-04-01T08:15:30.123456'),
    ('018f3c1e-7b2a-7c3d-8e4f-000000000001', 1, 1, 'processing', 2147483647, 0, 0, 0, NULL, NULL, NULL, '2025-03-02 12:00:00', NULL),
    ('018f3c1e-7b2a-7c3d-8e4f-000000000002', 3, 2, 'failed', 1, 1, 0, 1, '[]', '', '', '2025-03-03 12:00:00', '2025-04-03T08:15:30.123456'),
    ('legacy-batch-17', 4, 3, 'completed', 0, 0, 0, 0, '{}', NULL, NULL, '2025-04-04T08:15:30.123456', '2025-04-05T08:15:30.123456'),
    ('018f3c1e-7b2a-7c3d-8e4f-000000000004', 5, NULL, 'queued', 10, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);

INSERT INTO "organization_settings" ("id", "organization_id", "connector_type", "config_encrypted", "is_active", "review_mode", "confidence_threshold", "auto_upload_enabled", "created_at", "updated_at", "created_by_user_id") VALUES
    (1, 1, 'quickbooks', 'gAAAAABl8KExZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9v', 1, 'review_all', 0.85, 0, '2025-03-01 12:00:00', '2025-03-01 12:00:00', 1),
    (2, 1, 'datev', 'gAAAAABl==', 0, 'auto', 0.5, 1, '2025-03-02 12:00:00', '2025-04-02T08:15:30.123456', 1),
    (3, 2, 'quickbooks', '', 1, NULL, NULL, NULL, NULL, NULL, 3),
    (4, 3, 'xero', 'x', 1, 'review_all', 0.1, 0, '2025-03-04 12:00:00', '2025-03-04 12:00:00', NULL),
    (5, 5, 'Xero ', 'é', 0, 'none', 1e-09, 0, '2025-03-05 12:00:00', '2025-03-05 12:00:00', NULL);

INSERT INTO "usage_logs" ("id", "organization_id", "user_id", "action_type", "document_count", "timestamp", "metadata", "billed", "billing_period") VALUES
    (1, 1, 1, 'upload', 3, '2025-03-01 12:00:00', '{"ip":"10.0.0.1"}', 1, '2025-03'),
    (2, 1, 2, 'upload', 1, '2025-03-02 12:00:00', NULL, 0, '2025-03'),
    (3, 2, 3, 'export', 0, '2025-04-03T08:15:30.123456', '', 0, NULL),
    (4, 2, NULL, 'api', 2147483647, '2025-03-04 12:00:00', NULL, 1, '2025-03'),
    (5, 3, 4, 'upload', -1, '2025-03-05 12:00:00', 'null', 0, ''),
    (6, 5, NULL, 'upload', 1, NULL, NULL, NULL, NULL),
    (1000, 1, 1, 'deleted', 1, '2025-03-07 12:00:00', NULL, 0, NULL);

DELETE FROM usage_logs WHERE id = 1000;

INSERT INTO "subscriptions" ("id", "organization_id", "plan_type", "price_per_document", "monthly_base_fee", "monthly_document_limit", "overage_price_per_document", "stripe_customer_id", "stripe_subscription_id", "billing_cycle_start", "current_period_start", "current_period_end", "trial_end_date", "status", "created_at", "updated_at") VALUES
    (1, 1, 'per_document', 0.1, 49.99, 1000, 0.07, 'cus_NffrFeUfNV2Hib', 'sub_1MowQV', '2025-01-31', '2025-03-01', '2025-03-31', NULL, 'active', '2025-03-01 12:00:00', '2025-03-01 12:00:00'),
    (2, 2, 'monthly', 0.1, 0, 2147483648, NULL, NULL, NULL, '2024-02-29', '2025-03-01', '2025-03-31', '2025-04-02T08:15:30.123456', 'trial', '2025-03-02 12:00:00', '2025-03-02 12:00:00'),
    (3, 3, 'per_document', 0.005, NULL, NULL, NULL, '', NULL, NULL, NULL, NULL, '2025-03-04 12:00:00', 'canceled', NULL, NULL),
    (4, 4, NULL, NULL, 1000000.0, 0, 0.30000000000000004, NULL, NULL, '1999-12-31', NULL, NULL, NULL, NULL, '2025-03-04 12:00:00', '2025-03-04 12:00:00'),
    (5, 5, 'enterprise', 0, 123456.78, 5, 1, NULL, NULL, '2025-03-05', '2025-03-05', '9999-12-31', NULL, 'active', '2025-03-05 12:00:00', '2025-04-05T08:15:30.123456');

INSERT INTO "connector_configs" ("id", "user_id", "connector_type", "is_active", "config_json", "created_at", "updated_at", "last_used_at") VALUES
    (1, 1, 'google_drive', 1, '{"folder":"Rechnungen/2025","ids":[1,2]}', '2025-03-01 12:00:00', '2025-03-01 12:00:00', '2025-04-01T08:15:30.123456'),
    (2, 1, 'dropbox', 0, '{}', '2025-03-02 12:00:00', '2025-03-02 12:00:00', NULL),
    (3, 3, 'sftp', 1, '{"path":"C:\\Users\\Jürgen\\n"}', '2025-03-03 12:00:00', '2025-03-03 12:00:00', NULL),
    (4, 4, 'webhook', 1, 'not json', NULL, NULL, NULL),
    (5, 6, 'email', NULL, '{"😀":null}', '2025-03-05 12:00:00', '2025-03-05 12:00:00', '2025-04-05T08:15:30.123456');

INSERT INTO "field_mappings" ("id", "connector_config_id", "source_field", "target_field", "confidence_score", "is_manual_override", "created_at") VALUES
    (1, 1, 'invoice_no', 'Rechnungsnummer', 0.99, 0, '2025-03-01 12:00:00'),
    (2, 1, 'total', 'Betrag (€)', 0.1, 1, '2025-03-01 12:00:00'),
    (3, 1, 'Total', 'x', NULL, 0, '2025-03-01 12:00:00'),
    (4, 2, 'total', '', 1, 1, NULL),
    (5, 5, '日付', 'date', 0.5, NULL, '2025-04-02T08:15:30.123456'),
    (6, 3, 'a.b[0]', 'c', -1, 0, '2025-03-03 12:00:00');

INSERT INTO "document_metadata" ("id", "organization_id", "batch_id", "filename", "file_path", "category", "extracted_data", "status", "confidence_score", "connector_type", "connector_config_snapshot", "created_at", "processed_at", "reviewed_at", "reviewed_by_user_id", "approved_at", "uploaded_at", "uploaded_to_connector", "error_message") VALUES
    (1, 1, '018f3c1e-7b2a-7c3d-8e4f-000000000000', 'rechnung.pdf', '/data/1/rechnung.pdf', 'invoice', '{"total":"1.234,56","date":"31.03.2025"}', 'approved', 0.97, 'datev', NULL, '2025-03-01 12:00:00', '2025-03-01 12:00:00', '2025-04-01T08:15:30.123456', 1, '2025-04-01T08:15:30.123456', '2025-04-02T08:15:30.123456', 1, NULL),
    (2, 1, '018f3c1e-7b2a-7c3d-8e4f-000000000000', 'ü ö.pdf', '/data/1/ü ö.pdf', 'receipt', '{"lines":[{"n":1,"p":0.1}]}', 'pending_review', 0.5, NULL, NULL, '2025-03-01 12:00:00', '2025-03-01 12:00:00', NULL, NULL, NULL, NULL, 0, NULL),
    (3, 1, NULL, '../../etc/passwd', 'C:\temp\x', 'other', NULL, 'failed', NULL, NULL, NULL, '2025-03-02 12:00:00', NULL, NULL, NULL, NULL, NULL, 0, 'Traceback (most recent call last):
  File "a.py", line 1
ValueError: '''),
    (4, 2, 'no-such-batch', '請求書.pdf', '/data/2/請求書.pdf', 'invoice', '', 'rejected', 0, '', '{}', '2025-03-03 12:00:00', '2025-03-03 12:00:00', '2025-04-04T08:15:30.123456', 3, NULL, NULL, NULL, ''),
    (5, 3, 'legacy-batch-17', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '/x', 'invoice', '{broken', NULL, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (6, 5, NULL, '🧾.png', '/y', 'receipt', '{"a":12345678901234567890123}', 'approved', 0.8500000000000001, NULL, NULL, '2025-04-06T08:15:30.123456', '2025-04-06T08:15:30.123456', '2025-04-07T08:15:30.100000', NULL, NULL, NULL, 1, NULL);

INSERT INTO "field_corrections" ("id", "organization_id", "document_id", "field_name", "original_value", "corrected_value", "original_confidence", "correction_method", "created_at", "created_by") VALUES
    (1, 1, 1, 'total', '1.234,56', '1234.56', 0.97, 'manual', '2025-03-01 12:00:00', 'ada@acme.example'),
    (2, 1, 2, 'vendor', NULL, 'Müller', 0.1, 'manual', '2025-03-02 12:00:00', NULL),
    (3, 2, 4, 'date', '0000-00-00', '2025-03-31', NULL, 'auto', '2025-04-03T08:15:30.123456', ''),
    (4, 1, 1, 'iban', 'DE00', 'DE89 3704 0044 0532 0130 00', 0, NULL, NULL, '2'),
    (5, 5, 6, 'note', 'a	b', '', 1, 'manual', '2025-03-05 12:00:00', '😀');

COMMIT;
