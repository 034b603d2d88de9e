-- Django before 5 declares UUIDs as char(32): character varying(32), as declared
CREATE TABLE "app_key" ("id" char(32) NOT NULL PRIMARY KEY, "name" varchar(50) NOT NULL);
INSERT INTO app_key VALUES ('018f3c1e7b2a7c3d8e4f0123456789ab', 'a');
