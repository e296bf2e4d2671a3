DROP INDEX submission_organisation;
CREATE INDEX submission_organisation ON submission (organisation_id, collection_id);
