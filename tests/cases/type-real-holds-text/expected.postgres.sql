-- The schema of a SQLite database for PostgreSQL. Run it in an empty schema, as the owner of the tables:
-- psql --set ON_ERROR_STOP=1 --single-transaction --file FILE

-- weather
CREATE TABLE "public"."weather" (
    "station" text NOT NULL,
    "rain" text
);
ALTER TABLE "public"."weather" ADD CONSTRAINT "weather_pkey" PRIMARY KEY ("station");
