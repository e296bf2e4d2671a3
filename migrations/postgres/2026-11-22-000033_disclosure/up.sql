-- What the answers of a release were counted from, so that a later one can tell what the difference would give away, and the
-- statistician's report of what was suppressed.
CREATE TABLE release_answer (
  release_id BIGINT NOT NULL REFERENCES release (id),
  organisation_id BIGINT NOT NULL REFERENCES organisation (id),
  levels BYTEA NOT NULL,
  PRIMARY KEY (release_id, organisation_id)
);
CREATE TABLE release_disclosure (
  release_id BIGINT PRIMARY KEY REFERENCES release (id),
  report TEXT NOT NULL
);
CALL keep_to_reach('release_answer');
