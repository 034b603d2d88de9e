-- An INTEGER column holds '' where NULL was meant (CSV import): text, a widening; '' and NULL stay apart
CREATE TABLE stock (sku TEXT PRIMARY KEY, on_hand INTEGER);
INSERT INTO stock VALUES ('A', 5), ('B', ''), ('C', NULL);
