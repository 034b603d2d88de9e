//! The tables, for both backends.
//!
//! The SQL types of `values::sql_types` have a form on SQLite and on PostgreSQL. A test compares this file with the
//! live catalogs of both.
#![expect(missing_docs, reason = "columns are described by their types and by migrations/")]

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Date, Double, Integer, Nullable, Text};
    use transfer::values::sql_types::{Fixed, Instant, Json, TimeOfDay, Uuid, Vector};

    organizations (id) {
        id -> BigInt,
        name -> Text,
        status -> Text,
        plan -> Text,
        billing_email -> Nullable<Text>,
        settings -> Json,
        review_mode -> Text,
        confidence_threshold -> Double,
        auto_upload_enabled -> Bool,
        created_at -> Instant,
        updated_at -> Instant,
        closing_at -> Nullable<Instant>,
        access_version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Date, Double, Integer, Nullable, Text};
    use transfer::values::sql_types::{Fixed, Instant, Json, TimeOfDay, Uuid, Vector};

    users (id) {
        id -> Uuid,
        organization_id -> Nullable<BigInt>,
        email -> Text,
        password_hash -> Nullable<Text>,
        auth_subject -> Nullable<Text>,
        first_name -> Text,
        last_name -> Text,
        role -> Text,
        avatar_url -> Nullable<Text>,
        phone -> Nullable<Text>,
        bio -> Nullable<Text>,
        email_verified -> Bool,
        kyc_verified -> Bool,
        stripe_customer_id -> Nullable<Text>,
        notification_preferences -> Json,
        last_login_at -> Nullable<Instant>,
        created_at -> Instant,
        updated_at -> Instant,
        deleted_at -> Nullable<Instant>,
        access_version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Date, Double, Integer, Nullable, Text};
    use transfer::values::sql_types::{Fixed, Instant, Json, TimeOfDay, Uuid, Vector};

    organization_settings (id) {
        id -> BigInt,
        organization_id -> BigInt,
        connector_type -> Text,
        config_encrypted -> Text,
        is_active -> Bool,
        review_mode -> Text,
        confidence_threshold -> Double,
        auto_upload_enabled -> Bool,
        created_by_user_id -> Nullable<Uuid>,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Date, Double, Integer, Nullable, Text};
    use transfer::values::sql_types::{Fixed, Instant, Json, TimeOfDay, Uuid, Vector};

    subscriptions (id) {
        id -> BigInt,
        organization_id -> BigInt,
        plan_type -> Text,
        price_per_document -> Fixed<14, 4>,
        monthly_base_fee -> Fixed<14, 2>,
        monthly_document_limit -> Nullable<Integer>,
        overage_price_per_document -> Fixed<14, 4>,
        stripe_customer_id -> Nullable<Text>,
        stripe_subscription_id -> Nullable<Text>,
        billing_cycle_start -> Nullable<Date>,
        current_period_start -> Nullable<Date>,
        current_period_end -> Nullable<Date>,
        trial_ends_at -> Nullable<Instant>,
        status -> Text,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Date, Double, Integer, Nullable, Text};
    use transfer::values::sql_types::{Fixed, Instant, Json, TimeOfDay, Uuid, Vector};

    usage_logs (id) {
        id -> BigInt,
        organization_id -> BigInt,
        user_id -> Nullable<Uuid>,
        action_type -> Text,
        document_count -> Integer,
        metadata -> Nullable<Json>,
        billed -> Bool,
        billing_period -> Text,
        created_at -> Instant,
        voided_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Date, Double, Integer, Nullable, Text};
    use transfer::values::sql_types::{Fixed, Instant, Json, TimeOfDay, Uuid, Vector};

    notifications (id) {
        id -> BigInt,
        organization_id -> BigInt,
        user_id -> Uuid,
        kind -> Text,
        title -> Text,
        message -> Text,
        entity_type -> Nullable<Text>,
        entity_id -> Nullable<Text>,
        priority -> Text,
        status -> Text,
        action_url -> Nullable<Text>,
        metadata -> Nullable<Json>,
        created_at -> Instant,
        read_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Date, Double, Integer, Nullable, Text};
    use transfer::values::sql_types::{Fixed, Instant, Json, TimeOfDay, Uuid, Vector};

    activities (id) {
        id -> BigInt,
        organization_id -> BigInt,
        user_id -> Nullable<Uuid>,
        kind -> Text,
        title -> Text,
        description -> Nullable<Text>,
        entity_type -> Nullable<Text>,
        entity_id -> Nullable<Text>,
        metadata -> Nullable<Json>,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Date, Double, Integer, Nullable, Text};
    use transfer::values::sql_types::{Fixed, Instant, Json, TimeOfDay, Uuid, Vector};

    contact_submissions (id) {
        id -> BigInt,
        name -> Text,
        email -> Text,
        company -> Nullable<Text>,
        phone -> Nullable<Text>,
        subject -> Text,
        message -> Text,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Date, Double, Integer, Nullable, Text};
    use transfer::values::sql_types::{Fixed, Instant, Json, TimeOfDay, Uuid, Vector};

    report_runs (id) {
        id -> Uuid,
        organization_id -> BigInt,
        user_id -> Uuid,
        kind -> Text,
        params -> Json,
        status -> Text,
        url -> Nullable<Text>,
        error_message -> Nullable<Text>,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Date, Double, Integer, Nullable, Text};
    use transfer::values::sql_types::{Fixed, Instant, Json, TimeOfDay, Uuid, Vector};

    sessions (id) {
        id -> Uuid,
        user_id -> Uuid,
        refresh_sha256 -> Binary,
        created_at -> Instant,
        used_at -> Instant,
        expires_at -> Instant,
        revoked_at -> Nullable<Instant>,
        client_sha256 -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Date, Double, Integer, Nullable, Text};
    use transfer::values::sql_types::{Fixed, Instant, Json, TimeOfDay, Uuid, Vector};

    attempt_counters (id) {
        id -> BigInt,
        key_sha256 -> Binary,
        attempts -> Integer,
        next_at -> Instant,
        expires_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Date, Double, Integer, Nullable, Text};
    use transfer::values::sql_types::{Fixed, Instant, Json, TimeOfDay, Uuid, Vector};

    idempotency_keys (id) {
        id -> BigInt,
        user_id -> Uuid,
        key -> Text,
        request_sha256 -> Binary,
        status -> Integer,
        location -> Nullable<Text>,
        etag -> Nullable<Text>,
        body -> Text,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Date, Double, Integer, Nullable, Text};
    use transfer::values::sql_types::{Fixed, Instant, Json, TimeOfDay, Uuid, Vector};

    batches (id) {
        id -> Uuid,
        organization_id -> Nullable<BigInt>,
        user_id -> Uuid,
        status -> Text,
        total_files -> Integer,
        processed_files -> Integer,
        successful -> Integer,
        failed -> Integer,
        results -> Nullable<Json>,
        processing_summary -> Nullable<Json>,
        download_url -> Nullable<Text>,
        created_at -> Instant,
        completed_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Date, Double, Integer, Nullable, Text};
    use transfer::values::sql_types::{Fixed, Instant, Json, TimeOfDay, Uuid, Vector};

    document_metadata (id) {
        id -> BigInt,
        organization_id -> BigInt,
        batch_id -> Nullable<Uuid>,
        filename -> Text,
        file_path -> Text,
        content_sha256 -> Nullable<Binary>,
        category -> Text,
        extracted_data -> Nullable<Json>,
        status -> Text,
        confidence_score -> Nullable<Double>,
        connector_type -> Nullable<Text>,
        connector_config_snapshot -> Nullable<Json>,
        processed_at -> Nullable<Instant>,
        reviewed_at -> Nullable<Instant>,
        reviewed_by_user_id -> Nullable<Uuid>,
        approved_at -> Nullable<Instant>,
        uploaded_at -> Nullable<Instant>,
        uploaded -> Bool,
        error_message -> Nullable<Text>,
        created_at -> Instant,
        archived_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Date, Double, Integer, Nullable, Text};
    use transfer::values::sql_types::{Fixed, Instant, Json, TimeOfDay, Uuid, Vector};

    field_corrections (id) {
        id -> BigInt,
        organization_id -> BigInt,
        document_id -> BigInt,
        field_name -> Text,
        original_value -> Nullable<Text>,
        corrected_value -> Text,
        original_confidence -> Nullable<Double>,
        correction_method -> Nullable<Text>,
        created_by_user_id -> Nullable<Uuid>,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Date, Double, Integer, Nullable, Text};
    use transfer::values::sql_types::{Fixed, Instant, Json, TimeOfDay, Uuid, Vector};

    connector_configs (id) {
        id -> BigInt,
        user_id -> Uuid,
        connector_type -> Text,
        is_active -> Bool,
        config -> Json,
        created_at -> Instant,
        updated_at -> Instant,
        last_used_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Date, Double, Integer, Nullable, Text};
    use transfer::values::sql_types::{Fixed, Instant, Json, TimeOfDay, Uuid, Vector};

    field_mappings (id) {
        id -> BigInt,
        connector_config_id -> BigInt,
        source_field -> Text,
        target_field -> Text,
        confidence_score -> Nullable<Double>,
        is_manual_override -> Bool,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Date, Double, Integer, Nullable, Text};
    use transfer::values::sql_types::{Fixed, Instant, Json, TimeOfDay, Uuid, Vector};

    recurring_patterns (id) {
        id -> BigInt,
        user_id -> Uuid,
        title -> Text,
        description -> Nullable<Text>,
        frequency -> Text,
        interval -> Integer,
        days_of_week -> Nullable<Text>,
        day_of_month -> Nullable<Integer>,
        time_of_day -> Nullable<TimeOfDay>,
        start_date -> Date,
        end_date -> Nullable<Date>,
        last_generated_at -> Nullable<Instant>,
        is_active -> Bool,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Date, Double, Integer, Nullable, Text};
    use transfer::values::sql_types::{Fixed, Instant, Json, TimeOfDay, Uuid, Vector};

    tasks (id) {
        id -> BigInt,
        user_id -> Uuid,
        parent_task_id -> Nullable<BigInt>,
        recurring_pattern_id -> Nullable<BigInt>,
        title -> Text,
        description -> Nullable<Text>,
        due_date -> Nullable<Instant>,
        priority -> Text,
        completed -> Bool,
        completed_at -> Nullable<Instant>,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Date, Double, Integer, Nullable, Text};
    use transfer::values::sql_types::{Fixed, Instant, Json, TimeOfDay, Uuid, Vector};

    customers (id) {
        id -> BigInt,
        organization_id -> BigInt,
        name -> Text,
        phone -> Nullable<Text>,
        email -> Nullable<Text>,
        address -> Nullable<Text>,
        credit_limit -> Fixed<14, 2>,
        current_balance -> Fixed<14, 2>,
        is_active -> Bool,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Date, Double, Integer, Nullable, Text};
    use transfer::values::sql_types::{Fixed, Instant, Json, TimeOfDay, Uuid, Vector};

    products (id) {
        id -> BigInt,
        organization_id -> BigInt,
        code -> Text,
        name -> Text,
        category -> Nullable<Text>,
        unit -> Text,
        price -> Fixed<14, 2>,
        cost -> Fixed<14, 2>,
        tax_rate -> Fixed<5, 2>,
        stock -> Integer,
        min_stock -> Integer,
        barcode -> Nullable<Text>,
        is_active -> Bool,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Date, Double, Integer, Nullable, Text};
    use transfer::values::sql_types::{Fixed, Instant, Json, TimeOfDay, Uuid, Vector};

    bills (id) {
        id -> BigInt,
        organization_id -> BigInt,
        customer_id -> Nullable<BigInt>,
        bill_number -> Text,
        status -> Text,
        subtotal -> Fixed<14, 2>,
        tax_amount -> Fixed<14, 2>,
        discount_amount -> Fixed<14, 2>,
        total_amount -> Fixed<14, 2>,
        paid_amount -> Fixed<14, 2>,
        due_date -> Nullable<Date>,
        issued_at -> Nullable<Instant>,
        created_at -> Instant,
        updated_at -> Instant,
        currency -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Date, Double, Integer, Nullable, Text};
    use transfer::values::sql_types::{Fixed, Instant, Json, TimeOfDay, Uuid, Vector};

    bill_items (id) {
        id -> BigInt,
        bill_id -> BigInt,
        product_id -> Nullable<BigInt>,
        description -> Text,
        quantity -> Fixed<12, 3>,
        unit_price -> Fixed<14, 2>,
        tax_rate -> Fixed<5, 2>,
        total_price -> Fixed<14, 2>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Date, Double, Integer, Nullable, Text};
    use transfer::values::sql_types::{Fixed, Instant, Json, TimeOfDay, Uuid, Vector};

    projects (id) {
        id -> BigInt,
        organization_id -> BigInt,
        client_user_id -> Nullable<Uuid>,
        freelancer_user_id -> Nullable<Uuid>,
        name -> Text,
        description -> Nullable<Text>,
        category -> Nullable<Text>,
        status -> Text,
        budget -> Fixed<14, 2>,
        currency -> Text,
        deadline -> Nullable<Date>,
        location -> Nullable<Text>,
        address -> Nullable<Text>,
        latitude -> Nullable<Double>,
        longitude -> Nullable<Double>,
        total_units -> Nullable<Integer>,
        affordable_units -> Nullable<Integer>,
        ami_levels -> Nullable<Json>,
        completion_date -> Nullable<Date>,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Date, Double, Integer, Nullable, Text};
    use transfer::values::sql_types::{Fixed, Instant, Json, TimeOfDay, Uuid, Vector};

    milestones (id) {
        id -> BigInt,
        project_id -> BigInt,
        position -> Integer,
        title -> Text,
        description -> Nullable<Text>,
        amount -> Fixed<14, 2>,
        deadline -> Nullable<Date>,
        acceptance_criteria -> Nullable<Text>,
        status -> Text,
        submitted_at -> Nullable<Instant>,
        approved_at -> Nullable<Instant>,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Date, Double, Integer, Nullable, Text};
    use transfer::values::sql_types::{Fixed, Instant, Json, TimeOfDay, Uuid, Vector};

    payments (id) {
        id -> BigInt,
        organization_id -> BigInt,
        bill_id -> Nullable<BigInt>,
        milestone_id -> Nullable<BigInt>,
        payer_user_id -> Nullable<Uuid>,
        payee_user_id -> Nullable<Uuid>,
        kind -> Text,
        method -> Text,
        amount -> Fixed<14, 2>,
        currency -> Text,
        reference -> Nullable<Text>,
        status -> Text,
        processed_at -> Nullable<Instant>,
        failure_reason -> Nullable<Text>,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Date, Double, Integer, Nullable, Text};
    use transfer::values::sql_types::{Fixed, Instant, Json, TimeOfDay, Uuid, Vector};

    applicants (id) {
        id -> BigInt,
        organization_id -> BigInt,
        first_name -> Text,
        last_name -> Text,
        email -> Text,
        phone -> Nullable<Text>,
        household_size -> Integer,
        income -> Fixed<14, 2>,
        ami_percent -> Nullable<Double>,
        location_preference -> Nullable<Text>,
        latitude -> Nullable<Double>,
        longitude -> Nullable<Double>,
        status -> Text,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Date, Double, Integer, Nullable, Text};
    use transfer::values::sql_types::{Fixed, Instant, Json, TimeOfDay, Uuid, Vector};

    matches (id) {
        id -> BigInt,
        organization_id -> BigInt,
        applicant_id -> BigInt,
        project_id -> BigInt,
        similarity_score -> Double,
        reasons -> Json,
        status -> Text,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Date, Double, Integer, Nullable, Text};
    use transfer::values::sql_types::{Fixed, Instant, Json, TimeOfDay, Uuid, Vector};

    investments (id) {
        id -> BigInt,
        organization_id -> BigInt,
        user_id -> Uuid,
        project_id -> Nullable<BigInt>,
        amount -> Fixed<14, 2>,
        current_value -> Nullable<Fixed<14, 2>>,
        invested_on -> Date,
        expected_completion_on -> Nullable<Date>,
        completed_on -> Nullable<Date>,
        status -> Text,
        ami_compliance -> Nullable<Double>,
        units_funded -> Nullable<Integer>,
        risk_level -> Text,
        notes -> Nullable<Text>,
        created_at -> Instant,
        updated_at -> Instant,
        currency -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Date, Double, Integer, Nullable, Text};
    use transfer::values::sql_types::{Fixed, Instant, Json, TimeOfDay, Uuid, Vector};

    investment_valuations (id) {
        id -> BigInt,
        investment_id -> BigInt,
        valued_on -> Date,
        value -> Fixed<14, 2>,
        method -> Nullable<Text>,
        notes -> Nullable<Text>,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Date, Double, Integer, Nullable, Text};
    use transfer::values::sql_types::{Fixed, Instant, Json, TimeOfDay, Uuid, Vector};

    applicant_embeddings (id) {
        id -> BigInt,
        applicant_id -> BigInt,
        model -> Text,
        embedding -> Vector,
        preferences_text -> Text,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Date, Double, Integer, Nullable, Text};
    use transfer::values::sql_types::{Fixed, Instant, Json, TimeOfDay, Uuid, Vector};

    project_embeddings (id) {
        id -> BigInt,
        project_id -> BigInt,
        model -> Text,
        embedding -> Vector,
        description_text -> Text,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

/// Passes the application's tables to a macro, parents before children: the only list of them. An entry is the model, its
/// table and, if the API exposes the table, its resource kind.
macro_rules! for_each_table {
    ($macro:ident) => {
        $macro! {
            tenancy::Organization in organizations as Organizations,
            tenancy::User in users as Users,
            tenancy::OrganizationSetting in organization_settings as OrganizationSettings,
            tenancy::Subscription in subscriptions as Subscriptions,
            tenancy::UsageLog in usage_logs as UsageLogs,
            tenancy::Notification in notifications as Notifications,
            tenancy::Activity in activities as Activities,
            tenancy::ContactSubmission in contact_submissions as ContactSubmissions,
            tenancy::ReportRun in report_runs as ReportRuns,
            tenancy::Session in sessions,
            tenancy::IdempotencyKey in idempotency_keys,
            tenancy::AttemptCounter in attempt_counters,
            documents::Batch in batches as Batches,
            documents::Document in document_metadata as Documents,
            documents::FieldCorrection in field_corrections as FieldCorrections,
            documents::ConnectorConfig in connector_configs as ConnectorConfigs,
            documents::FieldMapping in field_mappings as FieldMappings,
            tasks::RecurringPattern in recurring_patterns as RecurringPatterns,
            tasks::Task in tasks as Tasks,
            billing::Customer in customers as Customers,
            billing::Product in products as Products,
            billing::Bill in bills as Bills,
            billing::BillItem in bill_items as BillItems,
            projects::Project in projects as Projects,
            projects::Milestone in milestones as Milestones,
            projects::Payment in payments as Payments,
            projects::Applicant in applicants as Applicants,
            projects::Match in matches as Matches,
            projects::Investment in investments as Investments,
            projects::InvestmentValuation in investment_valuations as InvestmentValuations,
            projects::ApplicantEmbedding in applicant_embeddings as ApplicantEmbeddings,
            projects::ProjectEmbedding in project_embeddings as ProjectEmbeddings,
        }
    };
}
pub(crate) use for_each_table;

macro_rules! allow_queries_of_several_tables {
    ($($module:ident::$row:ident in $table:ident $(as $kind:ident)?,)+) => {
        diesel::allow_tables_to_appear_in_same_query!($($table,)+);
    };
}
for_each_table!(allow_queries_of_several_tables);
