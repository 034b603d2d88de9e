-- Projects, milestones and payments; applicants, matches and investments.
-- Undone by down.sql, which drops these tables with the rows in them.

CREATE TABLE projects (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id INTEGER NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    client_user_id TEXT CHECK (client_user_id GLOB '????????-????-????-????-????????????' AND client_user_id NOT GLOB '*[^0-9a-f-]*' AND length(replace(client_user_id, '-', '')) = 32) REFERENCES users (id) ON DELETE SET NULL,
    freelancer_user_id TEXT CHECK (freelancer_user_id GLOB '????????-????-????-????-????????????' AND freelancer_user_id NOT GLOB '*[^0-9a-f-]*' AND length(replace(freelancer_user_id, '-', '')) = 32) REFERENCES users (id) ON DELETE SET NULL,
    name TEXT NOT NULL CHECK (length(name) <= 200 AND instr(name, char(0)) = 0),
    description TEXT CHECK (instr(description, char(0)) = 0),
    category TEXT CHECK (length(category) <= 100 AND instr(category, char(0)) = 0),
    status TEXT NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'open', 'active', 'completed', 'canceled')),
    budget INTEGER NOT NULL DEFAULT 0 CHECK (budget BETWEEN -99999999999999 AND 99999999999999),
    currency TEXT NOT NULL DEFAULT 'USD' CHECK (length(currency) <= 3 AND instr(currency, char(0)) = 0),
    deadline TEXT CHECK (deadline GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' AND deadline IS date(deadline) AND deadline >= '0001'),
    location TEXT CHECK (instr(location, char(0)) = 0),
    address TEXT CHECK (instr(address, char(0)) = 0),
    latitude REAL CHECK (latitude BETWEEN -1.7976931348623157e308 AND 1.7976931348623157e308),
    longitude REAL CHECK (longitude BETWEEN -1.7976931348623157e308 AND 1.7976931348623157e308),
    total_units INTEGER CHECK (total_units BETWEEN -2147483648 AND 2147483647),
    affordable_units INTEGER CHECK (affordable_units BETWEEN -2147483648 AND 2147483647),
    ami_levels TEXT CHECK (json_valid(coalesce(ami_levels, 'null'))),
    completion_date TEXT CHECK (completion_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' AND completion_date IS date(completion_date) AND completion_date >= '0001'),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(updated_at, 1, 10) IS date(substr(updated_at, 1, 10)) AND substr(updated_at, 12, 2) < '24' AND updated_at >= '0001')
) STRICT;
CREATE INDEX idx_projects_organization ON projects (organization_id);
CREATE INDEX idx_projects_client_user_id ON projects (client_user_id);
CREATE INDEX idx_projects_freelancer_user_id ON projects (freelancer_user_id);

CREATE TABLE milestones (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    position INTEGER NOT NULL CHECK (position BETWEEN -2147483648 AND 2147483647),
    title TEXT NOT NULL CHECK (length(title) <= 300 AND instr(title, char(0)) = 0),
    description TEXT CHECK (instr(description, char(0)) = 0),
    amount INTEGER NOT NULL CHECK (amount BETWEEN -99999999999999 AND 99999999999999),
    deadline TEXT CHECK (deadline GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' AND deadline IS date(deadline) AND deadline >= '0001'),
    acceptance_criteria TEXT CHECK (instr(acceptance_criteria, char(0)) = 0),
    status TEXT NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'in_progress', 'submitted', 'approved', 'paid', 'disputed')),
    submitted_at TEXT CHECK (submitted_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(submitted_at, 1, 10) IS date(substr(submitted_at, 1, 10)) AND substr(submitted_at, 12, 2) < '24' AND submitted_at >= '0001'),
    approved_at TEXT CHECK (approved_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(approved_at, 1, 10) IS date(substr(approved_at, 1, 10)) AND substr(approved_at, 12, 2) < '24' AND approved_at >= '0001'),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(updated_at, 1, 10) IS date(substr(updated_at, 1, 10)) AND substr(updated_at, 12, 2) < '24' AND updated_at >= '0001')
) STRICT;
CREATE UNIQUE INDEX milestones_position_key ON milestones (project_id, position);

CREATE TABLE payments (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id INTEGER NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    bill_id INTEGER REFERENCES bills (id),
    milestone_id INTEGER REFERENCES milestones (id),
    payer_user_id TEXT CHECK (payer_user_id GLOB '????????-????-????-????-????????????' AND payer_user_id NOT GLOB '*[^0-9a-f-]*' AND length(replace(payer_user_id, '-', '')) = 32) REFERENCES users (id) ON DELETE SET NULL,
    payee_user_id TEXT CHECK (payee_user_id GLOB '????????-????-????-????-????????????' AND payee_user_id NOT GLOB '*[^0-9a-f-]*' AND length(replace(payee_user_id, '-', '')) = 32) REFERENCES users (id) ON DELETE SET NULL,
    kind TEXT NOT NULL CHECK (kind IN ('deposit', 'release', 'refund', 'payment', 'fee')),
    method TEXT NOT NULL CHECK (length(method) <= 100 AND instr(method, char(0)) = 0),
    amount INTEGER NOT NULL CHECK (amount BETWEEN -99999999999999 AND 99999999999999) CHECK (amount > 0),
    currency TEXT NOT NULL DEFAULT 'USD' CHECK (length(currency) <= 3 AND instr(currency, char(0)) = 0),
    reference TEXT CHECK (length(reference) <= 255 AND instr(reference, char(0)) = 0),
    status TEXT NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'completed', 'failed')),
    processed_at TEXT CHECK (processed_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(processed_at, 1, 10) IS date(substr(processed_at, 1, 10)) AND substr(processed_at, 12, 2) < '24' AND processed_at >= '0001'),
    failure_reason TEXT CHECK (instr(failure_reason, char(0)) = 0),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001'),
    CONSTRAINT payments_subject_check CHECK ((bill_id IS NULL) <> (milestone_id IS NULL))
) STRICT;
CREATE INDEX idx_payments_organization_id ON payments (organization_id);
CREATE INDEX idx_payments_bill_id ON payments (bill_id);
CREATE INDEX idx_payments_milestone_id ON payments (milestone_id);
CREATE INDEX idx_payments_payer_user_id ON payments (payer_user_id);
CREATE INDEX idx_payments_payee_user_id ON payments (payee_user_id);

CREATE TABLE applicants (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id INTEGER NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    first_name TEXT NOT NULL CHECK (length(first_name) <= 200 AND instr(first_name, char(0)) = 0),
    last_name TEXT NOT NULL CHECK (length(last_name) <= 200 AND instr(last_name, char(0)) = 0),
    email TEXT NOT NULL CHECK (length(email) <= 320 AND email NOT GLOB '*[A-Z]*' AND instr(email, char(0)) = 0),
    phone TEXT CHECK (length(phone) <= 50 AND instr(phone, char(0)) = 0),
    household_size INTEGER NOT NULL DEFAULT 1 CHECK (household_size BETWEEN -2147483648 AND 2147483647),
    income INTEGER NOT NULL DEFAULT 0 CHECK (income BETWEEN -99999999999999 AND 99999999999999),
    ami_percent REAL CHECK (ami_percent BETWEEN -1.7976931348623157e308 AND 1.7976931348623157e308),
    location_preference TEXT CHECK (instr(location_preference, char(0)) = 0),
    latitude REAL CHECK (latitude BETWEEN -1.7976931348623157e308 AND 1.7976931348623157e308),
    longitude REAL CHECK (longitude BETWEEN -1.7976931348623157e308 AND 1.7976931348623157e308),
    status TEXT NOT NULL DEFAULT 'active' CHECK (length(status) <= 50 AND instr(status, char(0)) = 0),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001')
) STRICT;
CREATE INDEX idx_applicants_organization ON applicants (organization_id);

CREATE TABLE matches (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id INTEGER NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    applicant_id INTEGER NOT NULL REFERENCES applicants (id) ON DELETE CASCADE,
    project_id INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    similarity_score REAL NOT NULL CHECK (similarity_score BETWEEN -1.7976931348623157e308 AND 1.7976931348623157e308),
    reasons TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(reasons)),
    status TEXT NOT NULL DEFAULT 'proposed' CHECK (status IN ('proposed', 'accepted', 'declined')),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(updated_at, 1, 10) IS date(substr(updated_at, 1, 10)) AND substr(updated_at, 12, 2) < '24' AND updated_at >= '0001')
) STRICT;
CREATE UNIQUE INDEX matches_applicant_project_key ON matches (applicant_id, project_id);
CREATE INDEX idx_matches_organization_id ON matches (organization_id);
CREATE INDEX idx_matches_project_id ON matches (project_id);

CREATE TABLE investments (
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
    notes TEXT CHECK (instr(notes, char(0)) = 0),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(updated_at, 1, 10) IS date(substr(updated_at, 1, 10)) AND substr(updated_at, 12, 2) < '24' AND updated_at >= '0001')
) STRICT;
CREATE INDEX idx_investments_organization_id ON investments (organization_id);
CREATE INDEX idx_investments_user_id ON investments (user_id);
CREATE INDEX idx_investments_project_id ON investments (project_id);

CREATE TABLE investment_valuations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    investment_id INTEGER NOT NULL REFERENCES investments (id) ON DELETE CASCADE,
    valued_on TEXT NOT NULL CHECK (valued_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' AND valued_on IS date(valued_on) AND valued_on >= '0001'),
    value INTEGER NOT NULL CHECK (value BETWEEN -99999999999999 AND 99999999999999),
    method TEXT CHECK (length(method) <= 100 AND instr(method, char(0)) = 0),
    notes TEXT CHECK (instr(notes, char(0)) = 0),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001')
) STRICT;
CREATE INDEX idx_investment_valuations_investment_id ON investment_valuations (investment_id);

CREATE TABLE applicant_embeddings (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    applicant_id INTEGER NOT NULL REFERENCES applicants (id) ON DELETE CASCADE,
    model TEXT NOT NULL CHECK (length(model) <= 200 AND instr(model, char(0)) = 0),
    embedding BLOB NOT NULL CHECK (length(embedding) > 0 AND length(embedding) % 4 = 0),
    preferences_text TEXT NOT NULL CHECK (instr(preferences_text, char(0)) = 0),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(updated_at, 1, 10) IS date(substr(updated_at, 1, 10)) AND substr(updated_at, 12, 2) < '24' AND updated_at >= '0001')
) STRICT;
CREATE UNIQUE INDEX applicant_embeddings_applicant_id_key ON applicant_embeddings (applicant_id);

CREATE TABLE project_embeddings (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    model TEXT NOT NULL CHECK (length(model) <= 200 AND instr(model, char(0)) = 0),
    embedding BLOB NOT NULL CHECK (length(embedding) > 0 AND length(embedding) % 4 = 0),
    description_text TEXT NOT NULL CHECK (instr(description_text, char(0)) = 0),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(created_at, 1, 10) IS date(substr(created_at, 1, 10)) AND substr(created_at, 12, 2) < '24' AND created_at >= '0001'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND substr(updated_at, 1, 10) IS date(substr(updated_at, 1, 10)) AND substr(updated_at, 12, 2) < '24' AND updated_at >= '0001')
) STRICT;
CREATE UNIQUE INDEX project_embeddings_project_id_key ON project_embeddings (project_id);
