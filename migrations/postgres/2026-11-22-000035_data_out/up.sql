-- Files that are made once, when a release is composed, and never again: the report.
CREATE TABLE release_file (
  release_id BIGINT NOT NULL REFERENCES release (id),
  name TEXT NOT NULL,
  content BYTEA NOT NULL,
  sha256 BYTEA NOT NULL,
  PRIMARY KEY (release_id, name)
);
