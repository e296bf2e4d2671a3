-- Requests for more time, which reminders went to whom, which mails people do not want, and interim returns.
CREATE TABLE extension_request (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  collection_id INTEGER NOT NULL REFERENCES collection (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  until INTEGER NOT NULL,
  reason TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open','granted','refused','withdrawn')),
  asked_by INTEGER NOT NULL REFERENCES person (id),
  asked_at INTEGER NOT NULL,
  answer TEXT NOT NULL DEFAULT '',
  answered_by INTEGER REFERENCES person (id),
  answered_at INTEGER
) STRICT;
CREATE UNIQUE INDEX extension_request_open ON extension_request (collection_id, organisation_id) WHERE state = 'open';
CREATE INDEX extension_request_organisation ON extension_request (organisation_id);
CREATE TABLE reminder (
  person_id INTEGER NOT NULL REFERENCES person (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  collection_id INTEGER NOT NULL REFERENCES collection (id),
  due_on TEXT NOT NULL,
  days_before INTEGER NOT NULL,
  sent_at INTEGER NOT NULL,
  PRIMARY KEY (person_id, organisation_id, collection_id, due_on, days_before)
) STRICT;
CREATE TABLE unwanted_mail (
  person_id INTEGER NOT NULL REFERENCES person (id),
  kind TEXT NOT NULL CHECK (kind IN ('reminders','digest','plan_lines','guidance','queries')),
  since INTEGER NOT NULL,
  PRIMARY KEY (person_id, kind)
) STRICT;
CREATE TABLE interim_submission (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  return_id INTEGER NOT NULL REFERENCES annual_return (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  collection_id INTEGER NOT NULL REFERENCES collection (id),
  number INTEGER NOT NULL,
  signed_by INTEGER NOT NULL REFERENCES person (id),
  submitted_at INTEGER NOT NULL,
  late INTEGER NOT NULL,
  snapshot TEXT NOT NULL,
  snapshot_hash BLOB NOT NULL,
  ledger_event_id INTEGER,
  UNIQUE (return_id, number)
) STRICT;
CREATE INDEX interim_submission_collection ON interim_submission (collection_id);
