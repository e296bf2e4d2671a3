CREATE INDEX organisation_sector ON organisation (sector, region_code);
DROP INDEX organisation_kind;
CREATE INDEX submission_collection ON submission (collection_id);
DROP INDEX submission_levels;
