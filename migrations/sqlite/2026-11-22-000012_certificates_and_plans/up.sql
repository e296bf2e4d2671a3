-- Certificates with their structured scope, and improvement plans with their lines and notes.
CREATE TABLE organisation_service (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  ended_at INTEGER,
  UNIQUE (organisation_id, name)
) STRICT;
CREATE TABLE certificate (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  kind TEXT NOT NULL,
  edition TEXT NOT NULL,
  body TEXT NOT NULL,
  accreditation TEXT NOT NULL,
  number TEXT NOT NULL,
  whole INTEGER NOT NULL,
  covered TEXT NOT NULL,
  issued_on TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  valid_to TEXT NOT NULL CHECK (valid_to >= valid_from),
  withdrawn_on TEXT,
  withdrawn_reason TEXT,
  version INTEGER NOT NULL DEFAULT 1,
  updated_at INTEGER NOT NULL,
  updated_by INTEGER REFERENCES person (id)
) STRICT;
CREATE INDEX certificate_organisation ON certificate (organisation_id);
CREATE TABLE improvement_plan (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  return_id INTEGER NOT NULL UNIQUE REFERENCES annual_return (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  state TEXT NOT NULL CHECK (state IN ('draft','signed','sent','approved','rejected','closed')),
  version INTEGER NOT NULL DEFAULT 1,
  signed_by INTEGER REFERENCES person (id),
  signed_at INTEGER,
  sent_at INTEGER,
  decided_by INTEGER REFERENCES person (id),
  decided_at INTEGER,
  reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX improvement_plan_organisation ON improvement_plan (organisation_id);
CREATE INDEX improvement_plan_state ON improvement_plan (state, sent_at);
CREATE TABLE plan_line (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  plan_id INTEGER NOT NULL REFERENCES improvement_plan (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  requirement_id INTEGER NOT NULL REFERENCES requirement (id),
  action TEXT NOT NULL DEFAULT '',
  owner_id INTEGER REFERENCES person (id),
  due_on TEXT,
  resources TEXT NOT NULL DEFAULT '',
  funded TEXT NOT NULL CHECK (funded IN ('unknown','yes','no')),
  evidence TEXT NOT NULL DEFAULT '',
  evidence_piece_id INTEGER REFERENCES evidence_piece (id),
  done_on TEXT,
  rejected TEXT NOT NULL DEFAULT '',
  version INTEGER NOT NULL DEFAULT 1,
  updated_at INTEGER NOT NULL,
  updated_by INTEGER REFERENCES person (id),
  UNIQUE (plan_id, requirement_id)
) STRICT;
CREATE INDEX plan_line_organisation ON plan_line (organisation_id);
CREATE INDEX plan_line_piece ON plan_line (evidence_piece_id) WHERE evidence_piece_id IS NOT NULL;
CREATE TABLE plan_note (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  line_id INTEGER NOT NULL REFERENCES plan_line (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  note TEXT NOT NULL,
  written_by INTEGER REFERENCES person (id),
  written_at INTEGER NOT NULL,
  quoted TEXT
) STRICT;
CREATE INDEX plan_note_line ON plan_note (line_id);
