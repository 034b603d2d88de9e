-- A SQLite database's tables in PostgreSQL. Run in an empty schema, by the role that is to own the tables:
-- psql --set ON_ERROR_STOP=1 --single-transaction --file FILE

-- enrolments
CREATE TABLE "public"."enrolments" (
    "student_id" integer NOT NULL,
    "course" text NOT NULL,
    "term" integer NOT NULL
);
ALTER TABLE "public"."enrolments" ADD CONSTRAINT "enrolments_pkey" PRIMARY KEY ("term", "course", "student_id");
