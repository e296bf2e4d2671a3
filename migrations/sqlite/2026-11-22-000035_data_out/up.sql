-- Files that are made once, when a release is composed, and never again: the report.
CREATE TABLE release_file (
  release_id INTEGER NOT NULL REFERENCES release (id),
  name TEXT NOT NULL,
  content BLOB NOT NULL,
  sha256 BLOB NOT NULL,
  PRIMARY KEY (release_id, name)
) STRICT;
