-- Board papers as they were made, and what may be said of organisations of the same kind.
CREATE TABLE board_paper (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  return_id INTEGER NOT NULL REFERENCES annual_return (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  number INTEGER NOT NULL,
  content TEXT NOT NULL,
  content_hash BLOB NOT NULL,
  made_by INTEGER NOT NULL REFERENCES person (id),
  made_at INTEGER NOT NULL,
  UNIQUE (return_id, number)
) STRICT;
CREATE TABLE peer_figure (
  collection_id INTEGER NOT NULL REFERENCES collection (id),
  sector TEXT NOT NULL,
  measure TEXT NOT NULL CHECK (measure IN ('answered','points')),
  size INTEGER NOT NULL,
  lower_quarter INTEGER,
  middle INTEGER,
  upper_quarter INTEGER,
  withheld TEXT,
  computed_at INTEGER NOT NULL,
  counted_at INTEGER,
  PRIMARY KEY (collection_id, sector, measure),
  CHECK ((middle IS NULL) <> (withheld IS NULL))
) STRICT;
