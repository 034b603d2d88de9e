-- The schema of a SQLite database for PostgreSQL. Run it in an empty schema, as the owner of the tables:
-- psql --set ON_ERROR_STOP=1 --single-transaction --file FILE

-- enrolments
CREATE TABLE "public"."enrolments" (
    "student_id" integer NOT NULL,
    "course" text NOT NULL,
    "term" integer NOT NULL
);
ALTER TABLE "public"."enrolments" ADD CONSTRAINT "enrolments_pkey" PRIMARY KEY ("term", "course", "student_id");
