-- Releases: frozen tables and the pages rendered from them.
CREATE TABLE release (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  key TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  collection_id INTEGER REFERENCES collection (id),
  source TEXT NOT NULL,
  edition_label TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('draft','published','superseded')),
  as_at INTEGER NOT NULL,
  published_at INTEGER,
  lead_statistician TEXT NOT NULL,
  document TEXT NOT NULL,
  document_hash BLOB NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  version INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE TABLE release_organisation (
  release_id INTEGER NOT NULL REFERENCES release (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  grade TEXT NOT NULL,
  label TEXT NOT NULL,
  edition_label TEXT NOT NULL,
  published_on TEXT,
  late INTEGER NOT NULL,
  inherited_from TEXT,
  PRIMARY KEY (release_id, organisation_id)
) STRICT;
