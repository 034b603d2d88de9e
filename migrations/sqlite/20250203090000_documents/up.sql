-- Documents, the batches they come in, and what was corrected in them.
-- Undone by down.sql, which drops these tables with the rows in them.

CREATE TABLE batches (
    id TEXT NOT NULL PRIMARY KEY CHECK (id GLOB '????????-????-????-????-????????????' AND id NOT GLOB '*[^0-9a-f-]*' AND length(replace(id, '-', '')) = 32),
    organization_id INTEGER REFERENCES organizations (id) ON DELETE SET NULL,
    user_id TEXT NOT NULL CHECK (user_id GLOB '????????-????-????-????-????????????' AND user_id NOT GLOB '*[^0-9a-f-]*' AND length(replace(user_id, '-', '')) = 32) REFERENCES users (id),
    status TEXT NOT NULL CHECK (status IN ('pending', 'processing', 'completed', 'failed')),
    total_files INTEGER NOT NULL CHECK (total_files BETWEEN -2147483648 AND 2147483647),
    processed_files INTEGER NOT NULL DEFAULT 0 CHECK (processed_files BETWEEN -2147483648 AND 2147483647),
    successful INTEGER NOT NULL DEFAULT 0 CHECK (successful BETWEEN -2147483648 AND 2147483647),
    failed INTEGER NOT NULL DEFAULT 0 CHECK (failed BETWEEN -2147483648 AND 2147483647),
    results TEXT CHECK (json_valid(coalesce(results, 'null'))),
    processing_summary TEXT CHECK (json_valid(coalesce(processing_summary, 'null'))),
    download_url TEXT CHECK (instr(download_url, char(0)) = 0),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001'),
    completed_at TEXT CHECK (completed_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(completed_at, 1, 10) IS date(substr(completed_at, 1, 10)) AND substr(completed_at, 12, 2) < '24' AND completed_at >= '0001')
) STRICT;
CREATE INDEX idx_batches_organization_id ON batches (organization_id);

CREATE TABLE document_metadata (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id INTEGER NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    batch_id TEXT CHECK (batch_id GLOB '????????-????-????-????-????????????' AND batch_id NOT GLOB '*[^0-9a-f-]*' AND length(replace(batch_id, '-', '')) = 32) REFERENCES batches (id) ON DELETE SET NULL,
    filename TEXT NOT NULL CHECK (length(filename) <= 500 AND instr(filename, char(0)) = 0),
    file_path TEXT NOT NULL CHECK (instr(file_path, char(0)) = 0),
    content_sha256 BLOB CHECK (length(content_sha256) = 32),
    category TEXT NOT NULL CHECK (length(category) <= 100 AND instr(category, char(0)) = 0),
    extracted_data TEXT CHECK (json_valid(coalesce(extracted_data, 'null'))),
    status TEXT NOT NULL DEFAULT 'pending_review' CHECK (status IN ('pending_review', 'approved', 'rejected', 'uploaded', 'failed')),
    confidence_score REAL CHECK (confidence_score BETWEEN -1.7976931348623157e308 AND 1.7976931348623157e308),
    connector_type TEXT CHECK (length(connector_type) <= 100 AND instr(connector_type, char(0)) = 0),
    connector_config_snapshot TEXT CHECK (json_valid(coalesce(connector_config_snapshot, 'null'))),
    processed_at TEXT CHECK (processed_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(processed_at, 1, 10) IS date(substr(processed_at, 1, 10)) AND substr(processed_at, 12, 2) < '24' AND processed_at >= '0001'),
    reviewed_at TEXT CHECK (reviewed_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(reviewed_at, 1, 10) IS date(substr(reviewed_at, 1, 10)) AND substr(reviewed_at, 12, 2) < '24' AND reviewed_at >= '0001'),
    reviewed_by_user_id TEXT CHECK (reviewed_by_user_id GLOB '????????-????-????-????-????????????' AND reviewed_by_user_id NOT GLOB '*[^0-9a-f-]*' AND length(replace(reviewed_by_user_id, '-', '')) = 32) REFERENCES users (id) ON DELETE SET NULL,
    approved_at TEXT CHECK (approved_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(approved_at, 1, 10) IS date(substr(approved_at, 1, 10)) AND substr(approved_at, 12, 2) < '24' AND approved_at >= '0001'),
    uploaded_at TEXT CHECK (uploaded_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(uploaded_at, 1, 10) IS date(substr(uploaded_at, 1, 10)) AND substr(uploaded_at, 12, 2) < '24' AND uploaded_at >= '0001'),
    uploaded INTEGER NOT NULL DEFAULT 0 CHECK (uploaded IN (0, 1)),
    error_message TEXT CHECK (instr(error_message, char(0)) = 0),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001')
) STRICT;
CREATE INDEX idx_document_metadata_batch_id ON document_metadata (batch_id);
CREATE INDEX idx_document_metadata_reviewed_by_user_id ON document_metadata (reviewed_by_user_id);

CREATE TABLE field_corrections (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id INTEGER NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    document_id INTEGER NOT NULL REFERENCES document_metadata (id) ON DELETE CASCADE,
    field_name TEXT NOT NULL CHECK (length(field_name) <= 200 AND instr(field_name, char(0)) = 0),
    original_value TEXT CHECK (instr(original_value, char(0)) = 0),
    corrected_value TEXT NOT NULL CHECK (instr(corrected_value, char(0)) = 0),
    original_confidence REAL CHECK (original_confidence BETWEEN -1.7976931348623157e308 AND 1.7976931348623157e308),
    correction_method TEXT CHECK (length(correction_method) <= 100 AND instr(correction_method, char(0)) = 0),
    created_by_user_id TEXT CHECK (created_by_user_id GLOB '????????-????-????-????-????????????' AND created_by_user_id NOT GLOB '*[^0-9a-f-]*' AND length(replace(created_by_user_id, '-', '')) = 32) REFERENCES users (id) ON DELETE SET NULL,
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001')
) STRICT;
CREATE INDEX idx_field_corrections_document_id ON field_corrections (document_id);
CREATE INDEX idx_field_corrections_created_by_user_id ON field_corrections (created_by_user_id);

CREATE TABLE connector_configs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id TEXT NOT NULL CHECK (user_id GLOB '????????-????-????-????-????????????' AND user_id NOT GLOB '*[^0-9a-f-]*' AND length(replace(user_id, '-', '')) = 32) REFERENCES users (id) ON DELETE CASCADE,
    connector_type TEXT NOT NULL CHECK (length(connector_type) <= 100 AND instr(connector_type, char(0)) = 0),
    is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
    config TEXT NOT NULL CHECK (json_valid(config)),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(updated_at, 1, 10) IS date(substr(updated_at, 1, 10)) AND substr(updated_at, 12, 2) < '24' AND updated_at >= '0001'),
    last_used_at TEXT CHECK (last_used_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(last_used_at, 1, 10) IS date(substr(last_used_at, 1, 10)) AND substr(last_used_at, 12, 2) < '24' AND last_used_at >= '0001')
) STRICT;
CREATE INDEX idx_connector_configs_user_id ON connector_configs (user_id);

CREATE TABLE field_mappings (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    connector_config_id INTEGER NOT NULL REFERENCES connector_configs (id) ON DELETE CASCADE,
    source_field TEXT NOT NULL CHECK (length(source_field) <= 200 AND instr(source_field, char(0)) = 0),
    target_field TEXT NOT NULL CHECK (length(target_field) <= 200 AND instr(target_field, char(0)) = 0),
    confidence_score REAL CHECK (confidence_score BETWEEN -1.7976931348623157e308 AND 1.7976931348623157e308),
    is_manual_override INTEGER NOT NULL DEFAULT 0 CHECK (is_manual_override IN (0, 1)),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001')
) STRICT;
CREATE UNIQUE INDEX field_mappings_source_field_key ON field_mappings (connector_config_id, source_field);
