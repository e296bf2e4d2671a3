-- One year's exercise over the organisations in scope.
CREATE TABLE collection (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  edition_id INTEGER NOT NULL REFERENCES edition (id),
  previous_id INTEGER REFERENCES collection (id),
  key TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  year_label TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('planned','open','closed')),
  opens_at INTEGER NOT NULL,
  interim_due_at INTEGER,
  deadline_at INTEGER NOT NULL,
  closes_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  opened_at INTEGER,
  closed_at INTEGER,
  version INTEGER NOT NULL DEFAULT 1,
  CHECK (opens_at < deadline_at AND deadline_at <= closes_at)
) STRICT;
CREATE TABLE collection_scope (
  collection_id INTEGER NOT NULL REFERENCES collection (id),
  sector TEXT NOT NULL,
  profile TEXT NOT NULL,
  PRIMARY KEY (collection_id, sector)
) STRICT;
CREATE TABLE extension (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  collection_id INTEGER NOT NULL REFERENCES collection (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  until INTEGER NOT NULL,
  reason TEXT NOT NULL,
  granted_by INTEGER NOT NULL REFERENCES person (id),
  granted_at INTEGER NOT NULL,
  UNIQUE (collection_id, organisation_id)
) STRICT;
CREATE TABLE collection_result (
  collection_id INTEGER NOT NULL REFERENCES collection (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  status TEXT NOT NULL CHECK (status IN ('not_published_at_close')),
  recorded_at INTEGER NOT NULL,
  PRIMARY KEY (collection_id, organisation_id)
) STRICT;
