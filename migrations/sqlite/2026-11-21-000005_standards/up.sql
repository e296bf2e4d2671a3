-- Editions are documents: immutable once open, hashed; requirements are listed so that answers can refer to them.
CREATE TABLE standard (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  key TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  scheme TEXT NOT NULL CHECK (scheme IN ('levels','assertions','outcomes'))
) STRICT;
CREATE TABLE edition (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  standard_id INTEGER NOT NULL REFERENCES standard (id),
  key TEXT NOT NULL UNIQUE,
  label TEXT NOT NULL,
  rule_set TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('draft','frozen','open','closed')),
  definition TEXT NOT NULL,
  definition_hash BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  opened_at INTEGER
) STRICT;
CREATE TABLE requirement (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  edition_id INTEGER NOT NULL REFERENCES edition (id),
  code TEXT NOT NULL,
  position INTEGER NOT NULL,
  title TEXT NOT NULL,
  UNIQUE (edition_id, code),
  UNIQUE (edition_id, position)
) STRICT;
