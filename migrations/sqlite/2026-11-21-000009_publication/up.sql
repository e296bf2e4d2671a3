-- Releases: frozen tables and the pages rendered from them.
CREATE TABLE release (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  key TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  collection_id INTEGER REFERENCES collection (id),
  series TEXT NOT NULL,
  source TEXT NOT NULL,
  edition_label TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('draft','checked','approved','announced','published','superseded','discarded')),
  as_at INTEGER NOT NULL,
  published_at INTEGER,
  lead_statistician TEXT NOT NULL,
  document TEXT NOT NULL,
  document_hash BLOB NOT NULL,
  content_hash BLOB NOT NULL,
  report TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  version INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE TABLE release_organisation (
  release_id INTEGER NOT NULL REFERENCES release (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  sector TEXT NOT NULL,
  region_code TEXT,
  grade TEXT NOT NULL,
  standing TEXT NOT NULL,
  label TEXT NOT NULL,
  edition_label TEXT NOT NULL,
  published_on TEXT,
  late INTEGER NOT NULL,
  provisional INTEGER NOT NULL,
  challengeable INTEGER NOT NULL,
  inherited_from TEXT,
  filed_by TEXT,
  PRIMARY KEY (release_id, organisation_id)
) STRICT;
