DROP TABLE release_organisation;
DROP TABLE release;
