-- One organisation's return in one collection; answers with versions; sign-offs; immutable submissions.
CREATE TABLE annual_return (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  collection_id INTEGER NOT NULL REFERENCES collection (id),
  edition_id INTEGER NOT NULL REFERENCES edition (id),
  profile TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('draft','ready','signed','submitted','under_review','query','decided','published')),
  version INTEGER NOT NULL DEFAULT 1,
  opened_at INTEGER NOT NULL,
  submission_id INTEGER,
  final_grade TEXT,
  reopened_reason TEXT,
  before_edition_id INTEGER REFERENCES edition (id),
  before_submission_id INTEGER,
  mapping_id INTEGER,
  change_hash BLOB,
  UNIQUE (organisation_id, collection_id)
) STRICT;
CREATE INDEX annual_return_collection ON annual_return (collection_id, state);
-- From a submission to its return: lists of the whole nation go this way.
CREATE INDEX annual_return_submission ON annual_return (submission_id);
CREATE TABLE answer (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  return_id INTEGER NOT NULL REFERENCES annual_return (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  requirement_id INTEGER NOT NULL REFERENCES requirement (id),
  value TEXT NOT NULL,
  comment TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL CHECK (state IN ('to_confirm','draft','confirmed')),
  version INTEGER NOT NULL,
  carried_from_submission_id INTEGER,
  updated_at INTEGER NOT NULL,
  updated_by INTEGER REFERENCES person (id),
  UNIQUE (return_id, requirement_id)
) STRICT;
CREATE TABLE answer_version (
  answer_id INTEGER NOT NULL REFERENCES answer (id),
  version INTEGER NOT NULL,
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  value TEXT NOT NULL,
  comment TEXT NOT NULL,
  state TEXT NOT NULL,
  saved_at INTEGER NOT NULL,
  saved_by INTEGER REFERENCES person (id),
  PRIMARY KEY (answer_id, version)
) STRICT;
CREATE TABLE sign_off (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  return_id INTEGER NOT NULL REFERENCES annual_return (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  role TEXT NOT NULL CHECK (role IN ('siro','caldicott_guardian','dpo','ig_lead')),
  person_id INTEGER NOT NULL REFERENCES person (id),
  statement_version TEXT NOT NULL,
  statement TEXT NOT NULL,
  content_hash BLOB NOT NULL,
  signed_at INTEGER NOT NULL,
  withdrawn_at INTEGER,
  delegation_id INTEGER
) STRICT;
CREATE INDEX sign_off_return ON sign_off (return_id);
CREATE UNIQUE INDEX sign_off_standing ON sign_off (return_id, role) WHERE withdrawn_at IS NULL;
CREATE TABLE submission (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  return_id INTEGER NOT NULL REFERENCES annual_return (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  collection_id INTEGER NOT NULL REFERENCES collection (id),
  number INTEGER NOT NULL,
  submitted_by INTEGER REFERENCES person (id),
  submitted_at INTEGER NOT NULL,
  late INTEGER NOT NULL,
  snapshot TEXT NOT NULL,
  snapshot_hash BLOB NOT NULL,
  levels BLOB NOT NULL,
  claimed_grade TEXT NOT NULL,
  score TEXT NOT NULL,
  rule_set TEXT NOT NULL,
  reason TEXT,
  ledger_event_id INTEGER,
  UNIQUE (return_id, number)
) STRICT;
CREATE INDEX submission_collection ON submission (collection_id);
-- What an organisation submitted before stands beside what it submits now.
CREATE INDEX submission_organisation ON submission (organisation_id, collection_id);
