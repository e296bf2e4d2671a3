-- An organisation's evidence library: pieces, the versions of each, the answers they stand beside, and the warnings sent
-- before a piece goes out of date.
CREATE TABLE evidence_piece (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  title TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  tags TEXT NOT NULL DEFAULT '',
  search TEXT NOT NULL,
  classification TEXT NOT NULL CHECK (classification IN ('official','official_sensitive','public')),
  owner_id INTEGER REFERENCES person (id),
  valid_from TEXT,
  valid_to TEXT CHECK (valid_to >= valid_from),
  version INTEGER NOT NULL DEFAULT 1,
  created_by INTEGER REFERENCES person (id),
  created_at INTEGER NOT NULL,
  removed_at INTEGER
) STRICT;
CREATE INDEX evidence_piece_organisation ON evidence_piece (organisation_id);
CREATE INDEX evidence_piece_valid_to ON evidence_piece (valid_to) WHERE valid_to IS NOT NULL AND removed_at IS NULL;
CREATE TABLE evidence (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  piece_id INTEGER NOT NULL REFERENCES evidence_piece (id),
  number INTEGER NOT NULL,
  file_name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  sha256 BLOB NOT NULL,
  link TEXT,
  scan TEXT NOT NULL DEFAULT 'not_scanned' CHECK (scan IN ('not_scanned','pending','clean','refused')),
  scan_said TEXT,
  scanned_at INTEGER,
  uploaded_by INTEGER REFERENCES person (id),
  uploaded_at INTEGER NOT NULL,
  replaced_at INTEGER,
  UNIQUE (piece_id, number)
) STRICT;
CREATE INDEX evidence_organisation ON evidence (organisation_id, sha256);
CREATE UNIQUE INDEX evidence_newest ON evidence (piece_id) WHERE replaced_at IS NULL;
CREATE TABLE answer_evidence (
  return_id INTEGER NOT NULL REFERENCES annual_return (id),
  requirement_id INTEGER NOT NULL REFERENCES requirement (id),
  evidence_id INTEGER NOT NULL REFERENCES evidence (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  linked_at INTEGER NOT NULL,
  linked_by INTEGER REFERENCES person (id),
  PRIMARY KEY (return_id, requirement_id, evidence_id)
) STRICT;
CREATE INDEX answer_evidence_evidence ON answer_evidence (evidence_id);
CREATE TABLE evidence_warning (
  piece_id INTEGER NOT NULL REFERENCES evidence_piece (id),
  valid_to TEXT NOT NULL,
  days INTEGER NOT NULL,
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  sent_at INTEGER NOT NULL,
  PRIMARY KEY (piece_id, valid_to, days)
) STRICT;
