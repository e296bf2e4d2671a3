-- The append-only record of what happened, and the RFC 6962 tree over it.
CREATE TABLE ledger_event (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  recorded_at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  actor_person_id INTEGER,
  organisation_id INTEGER,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  leaf_hash BLOB NOT NULL,
  leaf_index INTEGER UNIQUE
) STRICT;
CREATE INDEX ledger_event_unsequenced ON ledger_event (id) WHERE leaf_index IS NULL;
CREATE INDEX ledger_event_subject ON ledger_event (subject);
CREATE TABLE ledger_node (
  position INTEGER PRIMARY KEY NOT NULL,
  hash BLOB NOT NULL
) STRICT;
CREATE TABLE ledger_head (
  id INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
  size INTEGER NOT NULL,
  root BLOB NOT NULL,
  checkpoint TEXT NOT NULL,
  sequenced_at INTEGER NOT NULL
) STRICT;
