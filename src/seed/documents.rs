//! Rows of documents, batches and corrections.
//!
//! A batch belongs to a user, its documents to the organization of that user.

use serde_json::{Value, json};

use super::context::Context;
use super::plan::TableSeed;
use super::steps::{Seeded, ValueResult};
use super::words::*;
use crate::models::documents::{Batch, ConnectorConfig, Document, FieldCorrection, FieldMapping};
use crate::models::tenancy::{Organization, User};
use crate::models::{
    BatchId, BatchStatus, ConnectorConfigId, DocumentId, DocumentStatus, FieldCorrectionId, FieldMappingId,
};

impl Seeded for Batch {
    const SHARE: u64 = 150;

    fn nth_key(plan: &TableSeed, index: u64) -> BatchId {
        BatchId(plan.uuid(index))
    }

    fn row(cx: &mut Context<'_>) -> ValueResult<Self> {
        let created_at = cx.created_with_uuid()?;
        let user = cx.parent::<User>();
        let status = cx.word(BatchStatus::ALL);
        let done = status == BatchStatus::Completed;
        let total_files = cx.int(1..=60);
        Ok(Self {
            id: cx.own_key::<Self>(),
            organization_id: cx.chance(95).then(|| cx.key::<Organization>(cx.home(user))),
            user_id: cx.key::<User>(user),
            created_at,
            status,
            total_files,
            processed_files: if done { total_files } else { cx.int(0..=10) },
            successful: if done { total_files } else { cx.int(0..=8) },
            failed: cx.int(0..=2),
            results: cx
                .when(done, |cx| cx.json(|cx| json!({"ok": true, "warnings": [cx.pick(SENTENCES)]})))?,
            processing_summary: cx.maybe(40, |cx| cx.json(|cx| json!({"seconds": cx.low(4_000)})))?,
            download_url: cx.when(done, |cx| cx.url("batches"))?,
            completed_at: cx.when(done, |cx| cx.within(1, created_at))?,
        })
    }
}

/// The organization of the document at `index`.
fn organization_of(cx: &Context<'_>, index: u64) -> u64 {
    let batch = index % cx.count::<Batch>().max(1);
    cx.home(batch % cx.count::<User>().max(1))
}

fn extracted(cx: &mut Context<'_>) -> Value {
    let cents = cx.low(5_000_000);
    json!({
        "vendor": {"name": cx.company(), "city": cx.pick(CITIES)},
        "total": format!("{}.{:02}", cents / 100, cents % 100),
        "lines": [{"text": cx.pick(GOODS), "quantity": cx.low(20)}, {"text": cx.pick(GOODS), "quantity": 1.5}],
        "paid": null,
    })
}

impl Seeded for Document {
    const SHARE: u64 = 700;

    fn nth_key(plan: &TableSeed, index: u64) -> DocumentId {
        DocumentId(plan.integer(index))
    }

    fn row(cx: &mut Context<'_>) -> ValueResult<Self> {
        let created_at = cx.created::<Self>()?;
        let organization = organization_of(cx, cx.index());
        let status = cx.word(DocumentStatus::ALL);
        let uploaded = status == DocumentStatus::Uploaded;
        let approved = uploaded || status == DocumentStatus::Approved;
        let reviewed = approved || status == DocumentStatus::Rejected;
        Ok(Self {
            id: cx.own_key::<Self>(),
            organization_id: cx.key::<Organization>(organization),
            batch_id: cx.chance(90).then(|| cx.key::<Batch>(cx.parent::<Batch>())),
            created_at,
            filename: cx.text(500, |cx| format!("{} {}.pdf", cx.pick(SUBJECTS), cx.index()))?,
            file_path: cx.link("documents")?,
            content_sha256: cx.maybe(85, |cx| ValueResult::Ok(cx.digest()))?,
            category: cx.label(100, DOCUMENT_KINDS)?,
            extracted_data: cx.maybe(75, |cx| cx.json(extracted))?,
            status,
            confidence_score: cx.maybe(85, |cx| cx.real(0.3, 1.0))?,
            connector_type: cx.maybe(50, |cx| cx.label(100, CONNECTORS))?,
            connector_config_snapshot: cx.maybe(15, |cx| cx.json(|cx| json!({"folder": cx.pick(CITIES)})))?,
            processed_at: cx.maybe(85, |cx| cx.within(2, created_at))?,
            reviewed_at: cx.when(reviewed, |cx| cx.within(10, created_at))?,
            reviewed_by_user_id: if reviewed { cx.colleague(organization) } else { None },
            approved_at: cx.when(approved, |cx| cx.within(12, created_at))?,
            uploaded_at: cx.when(uploaded, |cx| cx.within(15, created_at))?,
            uploaded,
            error_message: cx.when(status == DocumentStatus::Failed, Context::prose)?,
            archived_at: cx.maybe(10, |cx| cx.within(400, created_at))?,
        })
    }
}

impl Seeded for FieldCorrection {
    const SHARE: u64 = 350;

    fn nth_key(plan: &TableSeed, index: u64) -> FieldCorrectionId {
        FieldCorrectionId(plan.integer(index))
    }

    fn row(cx: &mut Context<'_>) -> ValueResult<Self> {
        let document = cx.any::<Document>();
        let organization = organization_of(cx, document);
        Ok(Self {
            id: cx.own_key::<Self>(),
            organization_id: cx.key::<Organization>(organization),
            document_id: cx.key::<Document>(document),
            field_name: cx.label(200, FIELDS)?,
            created_by_user_id: cx.colleague(organization),
            created_at: cx.created::<Self>()?,
            original_value: cx.maybe(80, |cx| cx.text(400, |cx| cx.low(90_000).to_string()))?,
            corrected_value: cx.text(400, |cx| format!("{}.00", cx.low(90_000)))?,
            original_confidence: cx.maybe(80, |cx| cx.real(0.0, 0.9))?,
            correction_method: cx.maybe(60, |cx| cx.label(100, &["manual", "suggestion", "import"]))?,
        })
    }
}

impl Seeded for ConnectorConfig {
    const SHARE: u64 = 80;

    fn nth_key(plan: &TableSeed, index: u64) -> ConnectorConfigId {
        ConnectorConfigId(plan.integer(index))
    }

    fn row(cx: &mut Context<'_>) -> ValueResult<Self> {
        let created_at = cx.created::<Self>()?;
        Ok(Self {
            id: cx.own_key::<Self>(),
            user_id: cx.key::<User>(cx.parent::<User>()),
            connector_type: cx.label(100, CONNECTORS)?,
            created_at,
            is_active: cx.chance(85),
            config: cx.json(|cx| {
                json!({"folder": format!("/{}", cx.pick(CITIES)), "retries": cx.below(6), "tls": true, "timeout_s": 2.5})
            })?,
            updated_at: cx.updated(created_at)?,
            last_used_at: cx.maybe(70, |cx| cx.within(200, created_at))?,
        })
    }
}

impl Seeded for FieldMapping {
    const SHARE: u64 = 240;

    fn nth_key(plan: &TableSeed, index: u64) -> FieldMappingId {
        FieldMappingId(plan.integer(index))
    }

    fn row(cx: &mut Context<'_>) -> ValueResult<Self> {
        Ok(Self {
            id: cx.own_key::<Self>(),
            connector_config_id: cx.key::<ConnectorConfig>(cx.parent::<ConnectorConfig>()),
            created_at: cx.created::<Self>()?,
            source_field: cx.distinct(200, FIELDS, cx.earlier::<ConnectorConfig>())?,
            target_field: cx.label(200, FIELDS)?,
            confidence_score: cx.maybe(80, |cx| cx.real(0.2, 1.0))?,
            is_manual_override: cx.chance(15),
        })
    }
}
