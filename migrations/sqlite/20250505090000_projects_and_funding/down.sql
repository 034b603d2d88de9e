-- Drops what up.sql made, children before parents, with every row in it.

DROP TABLE project_embeddings;
DROP TABLE applicant_embeddings;
DROP TABLE investment_valuations;
DROP TABLE investments;
DROP TABLE matches;
DROP TABLE applicants;
DROP TABLE payments;
DROP TABLE milestones;
DROP TABLE projects;
