-- A SQLite database's tables in PostgreSQL. Run in an empty schema, by the role that is to own the tables:
-- psql --set ON_ERROR_STOP=1 --single-transaction --file FILE

-- weather
CREATE TABLE "public"."weather" (
    "station" text NOT NULL,
    "rain" text
);
ALTER TABLE "public"."weather" ADD CONSTRAINT "weather_pkey" PRIMARY KEY ("station");
