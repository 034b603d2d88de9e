-- Drops what up.sql made, children before parents, with every row in it.

DROP TABLE field_mappings;
DROP TABLE connector_configs;
DROP TABLE field_corrections;
DROP TABLE document_metadata;
DROP TABLE batches;
