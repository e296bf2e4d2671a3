-- What a release goes through before it is public, the calendar of release dates, and who may read before others.
CREATE TABLE release_course (
  release_id INTEGER PRIMARY KEY NOT NULL REFERENCES release (id),
  contact TEXT NOT NULL DEFAULT '',
  commentary TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL DEFAULT '',
  composed_by INTEGER REFERENCES person (id),
  worded_by INTEGER REFERENCES person (id),
  checks TEXT NOT NULL DEFAULT '[]',
  checked_at INTEGER,
  checked_by INTEGER REFERENCES person (id),
  statement TEXT NOT NULL DEFAULT '',
  approved_at INTEGER,
  approved_by INTEGER REFERENCES person (id),
  sent_back TEXT NOT NULL DEFAULT '',
  CHECK ((approved_at IS NULL) = (approved_by IS NULL))
) STRICT;
CREATE TABLE release_explanation (
  release_id INTEGER NOT NULL REFERENCES release (id),
  check_key TEXT NOT NULL,
  explanation TEXT NOT NULL,
  explained_at INTEGER NOT NULL,
  explained_by INTEGER REFERENCES person (id),
  PRIMARY KEY (release_id, check_key)
) STRICT;
CREATE TABLE release_date (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  title TEXT NOT NULL,
  about TEXT NOT NULL,
  lead_statistician TEXT NOT NULL,
  contact TEXT NOT NULL,
  due_at INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('announced','published','cancelled')),
  release_id INTEGER UNIQUE REFERENCES release (id),
  announced_at INTEGER NOT NULL,
  announced_by INTEGER REFERENCES person (id),
  version INTEGER NOT NULL DEFAULT 1,
  CHECK (state <> 'published' OR release_id IS NOT NULL)
) STRICT;
CREATE INDEX release_date_due ON release_date (state, due_at);
CREATE TABLE release_date_change (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  date_id INTEGER NOT NULL REFERENCES release_date (id),
  was_at INTEGER NOT NULL,
  now_at INTEGER,
  reason TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  changed_by INTEGER REFERENCES person (id)
) STRICT;
CREATE INDEX release_date_change_date ON release_date_change (date_id);
CREATE TABLE early_reader (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  release_id INTEGER NOT NULL REFERENCES release (id),
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  body TEXT NOT NULL,
  reason TEXT NOT NULL,
  email TEXT NOT NULL,
  person_id INTEGER REFERENCES person (id),
  token_hash BLOB UNIQUE,
  told_at INTEGER,
  listed_at INTEGER NOT NULL,
  listed_by INTEGER REFERENCES person (id),
  removed_at INTEGER,
  removed_by INTEGER REFERENCES person (id)
) STRICT;
CREATE UNIQUE INDEX early_reader_once ON early_reader (release_id, email) WHERE removed_at IS NULL;
CREATE TABLE early_view (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  reader_id INTEGER NOT NULL REFERENCES early_reader (id),
  document_hash BLOB NOT NULL,
  seen_at INTEGER NOT NULL
) STRICT;
CREATE INDEX early_view_reader ON early_view (reader_id);
