-- Baselining: a stratified sample of a collection's organisations, planned with a seed before it is drawn.
CREATE TABLE baseline_plan (
  collection_id INTEGER PRIMARY KEY NOT NULL REFERENCES collection (id),
  size INTEGER NOT NULL CHECK (size > 0),
  minimum INTEGER NOT NULL CHECK (minimum > 0),
  take_all_up_to INTEGER NOT NULL CHECK (take_all_up_to >= 0),
  by_region INTEGER NOT NULL CHECK (by_region IN (0, 1)),
  method TEXT NOT NULL CHECK (method IN ('proportional','neyman')),
  seed TEXT NOT NULL,
  planned_by INTEGER NOT NULL REFERENCES person (id),
  planned_at INTEGER NOT NULL,
  version INTEGER NOT NULL DEFAULT 1
) STRICT;
-- A draw as it was made: strata, the list it was drawn from and who was taken, as JSON, so that anybody can make it again.
CREATE TABLE baseline_draw (
  collection_id INTEGER PRIMARY KEY NOT NULL REFERENCES collection (id),
  size INTEGER NOT NULL,
  minimum INTEGER NOT NULL,
  method TEXT NOT NULL CHECK (method IN ('proportional','neyman')),
  seed TEXT NOT NULL,
  strata TEXT NOT NULL,
  frame TEXT NOT NULL,
  taken TEXT NOT NULL,
  drawn_at INTEGER NOT NULL
) STRICT;
CREATE TABLE baseline_member (
  collection_id INTEGER NOT NULL REFERENCES baseline_draw (collection_id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  stratum TEXT NOT NULL,
  PRIMARY KEY (collection_id, organisation_id)
) STRICT;
CREATE INDEX baseline_member_organisation ON baseline_member (organisation_id);
