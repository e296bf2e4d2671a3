-- Baselining: a stratified sample of a collection's organisations, planned with a seed before it is drawn.
CREATE TABLE baseline_plan (
  collection_id BIGINT PRIMARY KEY NOT NULL REFERENCES collection (id),
  size BIGINT NOT NULL CHECK (size > 0),
  minimum BIGINT NOT NULL CHECK (minimum > 0),
  take_all_up_to BIGINT NOT NULL CHECK (take_all_up_to >= 0),
  by_region BOOLEAN NOT NULL,
  method TEXT NOT NULL CHECK (method IN ('proportional','neyman')),
  seed TEXT NOT NULL,
  planned_by BIGINT NOT NULL REFERENCES person (id),
  planned_at BIGINT NOT NULL,
  version BIGINT NOT NULL DEFAULT 1
);
-- A draw as it was made: strata, the list it was drawn from and who was taken, as JSON, so that anybody can make it again.
CREATE TABLE baseline_draw (
  collection_id BIGINT PRIMARY KEY NOT NULL REFERENCES collection (id),
  size BIGINT NOT NULL,
  minimum BIGINT NOT NULL,
  method TEXT NOT NULL CHECK (method IN ('proportional','neyman')),
  seed TEXT NOT NULL,
  strata TEXT NOT NULL,
  frame TEXT NOT NULL,
  taken TEXT NOT NULL,
  drawn_at BIGINT NOT NULL
);
CREATE TABLE baseline_member (
  collection_id BIGINT NOT NULL REFERENCES baseline_draw (collection_id),
  organisation_id BIGINT NOT NULL REFERENCES organisation (id),
  stratum TEXT NOT NULL,
  PRIMARY KEY (collection_id, organisation_id)
);
CREATE INDEX baseline_member_organisation ON baseline_member (organisation_id);
CALL keep_to_reach('baseline_member');
