-- The register: organisations, their relations, their published history and what an import could not read.
CREATE TABLE region (
  code TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL
) STRICT;
CREATE TABLE organisation (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  code TEXT NOT NULL UNIQUE CHECK (length(code) BETWEEN 2 AND 23),
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 300),
  search_name TEXT NOT NULL,
  sector TEXT NOT NULL CHECK (sector IN ('nhs_trust','icb','csu','alb','local_authority','gp','pharmacy','dentist','optician','social_care','company','university','other')),
  region_code TEXT REFERENCES region (code),
  icb_code TEXT,
  postcode TEXT,
  opened_on TEXT,
  closed_on TEXT,
  successor_id INTEGER REFERENCES organisation (id),
  head_office_id INTEGER REFERENCES organisation (id),
  source TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  version INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX organisation_search ON organisation (search_name);
CREATE INDEX organisation_sector ON organisation (sector, region_code);
CREATE INDEX organisation_head_office ON organisation (head_office_id) WHERE head_office_id IS NOT NULL;
CREATE TABLE relation (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  kind TEXT NOT NULL CHECK (kind IN ('geographic_icb','constitutional_partner','apportionment','head_office','commissioner','successor')),
  related_code TEXT NOT NULL,
  related_name TEXT NOT NULL DEFAULT '',
  starts_on TEXT,
  ends_on TEXT,
  source TEXT NOT NULL,
  UNIQUE (organisation_id, kind, related_code, source)
) STRICT;
CREATE TABLE published_status (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  edition_label TEXT NOT NULL,
  label TEXT NOT NULL,
  grade TEXT NOT NULL,
  published_on TEXT,
  source TEXT NOT NULL,
  release_id INTEGER,
  recorded_at INTEGER NOT NULL,
  sector_label TEXT NOT NULL DEFAULT '',
  UNIQUE (organisation_id, source, edition_label)
) STRICT;
CREATE INDEX published_status_source ON published_status (source);
CREATE TABLE grade_label (
  label TEXT PRIMARY KEY NOT NULL,
  grade TEXT NOT NULL,
  current_label TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE sector_label (
  label TEXT PRIMARY KEY NOT NULL,
  sector TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE import_run (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  format TEXT NOT NULL,
  file_name TEXT NOT NULL,
  file_hash BLOB NOT NULL,
  started_at INTEGER NOT NULL,
  finished_at INTEGER NOT NULL,
  rows_read INTEGER NOT NULL,
  added INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  unchanged INTEGER NOT NULL,
  quarantined INTEGER NOT NULL,
  repaired INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'done' CHECK (state IN ('waiting','running','done','refused')),
  asked_by INTEGER REFERENCES person (id),
  options TEXT NOT NULL DEFAULT '{}',
  report TEXT NOT NULL DEFAULT '',
  refusal TEXT
) STRICT;
CREATE TABLE quarantined_row (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  import_run_id INTEGER NOT NULL REFERENCES import_run (id),
  format TEXT NOT NULL,
  row_hash BLOB NOT NULL,
  row_number INTEGER NOT NULL,
  column_name TEXT NOT NULL,
  reason TEXT NOT NULL,
  action TEXT NOT NULL,
  raw TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open','resolved','dismissed','noted')),
  resolution TEXT,
  resolved_by INTEGER REFERENCES person (id),
  resolved_at INTEGER,
  version INTEGER NOT NULL DEFAULT 1,
  UNIQUE (format, row_hash, column_name)
) STRICT;
CREATE INDEX quarantined_row_open ON quarantined_row (state, id);
CREATE TABLE membership (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  person_id INTEGER NOT NULL REFERENCES person (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  role TEXT NOT NULL CHECK (role IN ('contributor','ig_lead','organisation_administrator','siro','caldicott_guardian','dpo')),
  granted_at INTEGER NOT NULL,
  ended_at INTEGER
) STRICT;
CREATE UNIQUE INDEX membership_active ON membership (person_id, organisation_id, role) WHERE ended_at IS NULL;
CREATE INDEX membership_organisation ON membership (organisation_id);
CREATE TABLE invitation (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  organisation_id INTEGER REFERENCES organisation (id),
  email TEXT NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  invited_by INTEGER REFERENCES person (id),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  accepted_at INTEGER,
  revoked_at INTEGER
) STRICT;
CREATE TABLE declared_interest (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  person_id INTEGER NOT NULL REFERENCES person (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  reason TEXT NOT NULL,
  declared_at INTEGER NOT NULL,
  ended_at INTEGER,
  ended_reason TEXT
) STRICT;
CREATE INDEX declared_interest_person ON declared_interest (person_id);
