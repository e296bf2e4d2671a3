-- Mappings between two editions: each version is a list of lines, fixed and hashed once it is in force.
CREATE TABLE edition_mapping (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  from_edition_id INTEGER NOT NULL REFERENCES edition (id),
  to_edition_id INTEGER NOT NULL REFERENCES edition (id),
  version INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('draft','in_force','replaced')),
  revision INTEGER NOT NULL DEFAULT 1,
  lines TEXT NOT NULL,
  lines_hash BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  created_by INTEGER REFERENCES person (id),
  in_force_at INTEGER,
  in_force_by INTEGER REFERENCES person (id),
  CHECK (from_edition_id <> to_edition_id),
  UNIQUE (from_edition_id, to_edition_id, version)
) STRICT;
CREATE UNIQUE INDEX edition_mapping_draft ON edition_mapping (from_edition_id, to_edition_id) WHERE state = 'draft';
CREATE UNIQUE INDEX edition_mapping_in_force ON edition_mapping (from_edition_id, to_edition_id) WHERE state = 'in_force';
CREATE INDEX edition_mapping_to ON edition_mapping (to_edition_id, state);
