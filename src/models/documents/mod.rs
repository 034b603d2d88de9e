//! Documents, batches, corrections and connectors.

mod batches;
mod connector_configs;
mod document_metadata;
mod field_corrections;
mod field_mappings;

pub use batches::{Batch, BatchChanges, NewBatch};
pub use connector_configs::{ConnectorConfig, ConnectorConfigChanges, NewConnectorConfig};
pub use document_metadata::{Document, DocumentChanges, NewDocument};
pub use field_corrections::{FieldCorrection, FieldCorrectionChanges, NewFieldCorrection};
pub use field_mappings::{FieldMapping, FieldMappingChanges, NewFieldMapping};
