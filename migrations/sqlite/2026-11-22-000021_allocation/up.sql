-- Who reviews what: what bars a reviewer besides memberships and declared interests, how much each submission needs a
-- look and why, and what each reviewer knows, can take and when they are away.
CREATE TABLE former_employer (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  person_id INTEGER NOT NULL REFERENCES person (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  from_on TEXT NOT NULL,
  to_on TEXT CHECK (to_on >= from_on),
  recorded_at INTEGER NOT NULL,
  removed_at INTEGER,
  removed_reason TEXT
) STRICT;
CREATE INDEX former_employer_person ON former_employer (person_id);
-- How long a former employer bars, in months: a local rule of the programme, which it can change.
CREATE TABLE conflict_rule (
  version INTEGER PRIMARY KEY NOT NULL,
  months INTEGER NOT NULL CHECK (months BETWEEN 0 AND 240),
  made_by INTEGER REFERENCES person (id),
  made_at INTEGER NOT NULL
) STRICT;
INSERT INTO conflict_rule (version, months, made_at) VALUES (1, 24, 0);
CREATE INDEX organisation_successor ON organisation (successor_id) WHERE successor_id IS NOT NULL;
-- A reviewer who gained a conflict of interest and gave the review back.
CREATE TABLE review_recusal (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  review_id INTEGER NOT NULL REFERENCES review (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  person_id INTEGER NOT NULL REFERENCES person (id),
  cause TEXT NOT NULL CHECK (cause IN ('membership','interest','employer')),
  recused_at INTEGER NOT NULL
) STRICT;
CREATE INDEX review_recusal_review ON review_recusal (review_id);
-- The weights of the risk score, one row for each version that was ever in force.
CREATE TABLE risk_profile (
  version INTEGER PRIMARY KEY NOT NULL,
  settings TEXT NOT NULL,
  note TEXT NOT NULL,
  made_by INTEGER REFERENCES person (id),
  made_at INTEGER NOT NULL
) STRICT;
INSERT INTO risk_profile (version, settings, note, made_at) VALUES (1, '{"band_high":500,"band_medium":200,"certificates":150,"certificates_full":2,"change":200,"change_full":250,"evidence":200,"evidence_full":500,"first_return":150,"high":1000,"low":250,"medium":500,"random":100,"signal_months":24,"signals":200,"stale_months":24,"thin_characters":40}', 'The first weights: a local rule of the programme, to be changed where experience says so.', 0);
CREATE TABLE risk_seed (
  collection_id INTEGER PRIMARY KEY NOT NULL REFERENCES collection (id),
  seed TEXT NOT NULL CHECK (length(seed) = 64),
  made_at INTEGER NOT NULL
) STRICT;
CREATE TABLE review_risk (
  review_id INTEGER PRIMARY KEY NOT NULL REFERENCES review (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  profile_version INTEGER NOT NULL REFERENCES risk_profile (version),
  inputs TEXT NOT NULL,
  computed_on TEXT NOT NULL
) STRICT;
CREATE TABLE risk_run (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  why TEXT NOT NULL CHECK (why IN ('weights','daily')),
  total INTEGER NOT NULL,
  done INTEGER NOT NULL,
  after_id INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  finished_at INTEGER
) STRICT;
-- What is known of an organisation from elsewhere: alerts, incidents, results of audits.
CREATE TABLE risk_signal (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  kind TEXT NOT NULL CHECK (kind IN ('alert','incident','audit')),
  happened_on TEXT NOT NULL,
  severity TEXT NOT NULL CHECK (severity IN ('low','medium','high')),
  source TEXT NOT NULL,
  note TEXT NOT NULL,
  recorded_by INTEGER REFERENCES person (id),
  recorded_at INTEGER NOT NULL,
  removed_at INTEGER,
  removed_reason TEXT
) STRICT;
CREATE INDEX risk_signal_organisation ON risk_signal (organisation_id);
-- What a reviewer can take at a time; without a row the usual number.
CREATE TABLE reviewer (
  person_id INTEGER PRIMARY KEY NOT NULL REFERENCES person (id),
  capacity INTEGER NOT NULL CHECK (capacity BETWEEN 0 AND 1000),
  version INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by INTEGER REFERENCES person (id)
) STRICT;
CREATE TABLE reviewer_skill (
  person_id INTEGER NOT NULL REFERENCES person (id),
  kind TEXT NOT NULL CHECK (kind IN ('sector','standard')),
  skill_key TEXT NOT NULL,
  PRIMARY KEY (person_id, kind, skill_key)
) STRICT;
CREATE TABLE reviewer_absence (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  person_id INTEGER NOT NULL REFERENCES person (id),
  cover_id INTEGER REFERENCES person (id),
  from_on TEXT NOT NULL,
  to_on TEXT NOT NULL CHECK (to_on >= from_on),
  recorded_by INTEGER NOT NULL REFERENCES person (id),
  recorded_at INTEGER NOT NULL,
  ended_at INTEGER
) STRICT;
CREATE INDEX reviewer_absence_person ON reviewer_absence (person_id);
