-- Work that happens outside the caller's transaction, and what keeps it from happening twice.
CREATE TABLE job (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ('queued','done','gave_up')),
  run_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  leased_until INTEGER,
  lease_holder TEXT,
  last_error TEXT,
  dedupe_key TEXT UNIQUE,
  created_at INTEGER NOT NULL,
  finished_at INTEGER
) STRICT;
CREATE INDEX job_open ON job (run_at) WHERE state = 'queued';
CREATE TABLE outbound_mail (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  template TEXT NOT NULL,
  to_address TEXT NOT NULL,
  subject TEXT NOT NULL,
  text_body TEXT NOT NULL,
  html_body TEXT NOT NULL,
  message_id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  sent_at INTEGER,
  gave_up_at INTEGER,
  last_error TEXT
) STRICT;
CREATE TABLE idempotency (
  person_id INTEGER NOT NULL,
  idempotency_key TEXT NOT NULL,
  route TEXT NOT NULL,
  request_hash BLOB NOT NULL,
  status INTEGER NOT NULL,
  location TEXT NOT NULL DEFAULT '',
  body TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  PRIMARY KEY (person_id, idempotency_key)
) STRICT;
CREATE TABLE lease (
  name TEXT PRIMARY KEY NOT NULL,
  holder TEXT NOT NULL,
  held_until INTEGER NOT NULL
) STRICT;
