-- Every answer of a collection is counted from the levels of its submissions. In the row they stand behind the text of the
-- whole return, so that counting read all of it; here they stand one after the other. This index begins as the one it
-- replaces.
CREATE INDEX submission_levels ON submission (collection_id, id, levels);
DROP INDEX submission_collection;
-- What an organisation is counted under, without its name and address. It begins as the one it replaces, too.
CREATE INDEX organisation_kind ON organisation (sector, region_code, opened_on, closed_on);
DROP INDEX organisation_sector;
