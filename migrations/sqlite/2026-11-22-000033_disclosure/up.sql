-- What the answers of a release were counted from, so that a later one can tell what the difference would give away, and the
-- statistician's report of what was suppressed.
CREATE TABLE release_answer (
  release_id INTEGER NOT NULL REFERENCES release (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  levels BLOB NOT NULL,
  PRIMARY KEY (release_id, organisation_id)
) STRICT;
CREATE TABLE release_disclosure (
  release_id INTEGER PRIMARY KEY NOT NULL REFERENCES release (id),
  report TEXT NOT NULL
) STRICT;
