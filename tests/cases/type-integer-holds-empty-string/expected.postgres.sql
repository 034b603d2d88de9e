-- A SQLite database's tables in PostgreSQL. Run in an empty schema, by the role that is to own the tables:
-- psql --set ON_ERROR_STOP=1 --single-transaction --file FILE

-- stock
CREATE TABLE "public"."stock" (
    "sku" text NOT NULL,
    "on_hand" text
);
ALTER TABLE "public"."stock" ADD CONSTRAINT "stock_pkey" PRIMARY KEY ("sku");
