-- The newest submission of an organisation to a collection is looked up all day. Without its number in here SQLite read every
-- submission of the collection in the order of another index.
DROP INDEX submission_organisation;
CREATE INDEX submission_organisation ON submission (organisation_id, collection_id, number);
