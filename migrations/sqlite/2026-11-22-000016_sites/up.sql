-- A head office that answers once for its sites: who files which return, the sites it leaves out, the answers that
-- differ for a site, the fixed list of sites of each submission with how far its jobs have got, what became of each site
-- in review, and requests to correct the register.
CREATE TABLE return_filer (
  collection_id INTEGER NOT NULL REFERENCES collection (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  return_id INTEGER NOT NULL REFERENCES annual_return (id),
  head_office_id INTEGER REFERENCES organisation (id),
  PRIMARY KEY (collection_id, organisation_id)
) STRICT;
CREATE INDEX return_filer_return ON return_filer (return_id);
CREATE TABLE site_group (
  return_id INTEGER PRIMARY KEY NOT NULL REFERENCES annual_return (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  collection_id INTEGER NOT NULL REFERENCES collection (id),
  opened_at INTEGER NOT NULL,
  UNIQUE (collection_id, organisation_id)
) STRICT;
CREATE TABLE site_exclusion (
  return_id INTEGER NOT NULL REFERENCES annual_return (id),
  site_id INTEGER NOT NULL REFERENCES organisation (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  kind TEXT NOT NULL CHECK (kind IN ('files_own','closed','sold','other')),
  note TEXT NOT NULL DEFAULT '',
  excluded_at INTEGER NOT NULL,
  PRIMARY KEY (return_id, site_id)
) STRICT;
CREATE TABLE site_exception (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  return_id INTEGER NOT NULL REFERENCES annual_return (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  site_id INTEGER NOT NULL REFERENCES organisation (id),
  requirement_id INTEGER NOT NULL REFERENCES requirement (id),
  value TEXT NOT NULL,
  comment TEXT NOT NULL DEFAULT '',
  version INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by INTEGER REFERENCES person (id),
  UNIQUE (return_id, site_id, requirement_id)
) STRICT;
CREATE TABLE site_exception_evidence (
  exception_id INTEGER NOT NULL REFERENCES site_exception (id),
  evidence_id INTEGER NOT NULL REFERENCES evidence (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  linked_at INTEGER NOT NULL,
  linked_by INTEGER REFERENCES person (id),
  PRIMARY KEY (exception_id, evidence_id)
) STRICT;
CREATE INDEX site_exception_evidence_evidence ON site_exception_evidence (evidence_id);
CREATE INDEX site_exception_evidence_organisation ON site_exception_evidence (organisation_id);
CREATE TABLE site_filing (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  submission_id INTEGER NOT NULL UNIQUE REFERENCES submission (id),
  return_id INTEGER NOT NULL REFERENCES annual_return (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  collection_id INTEGER NOT NULL REFERENCES collection (id),
  pressed_at INTEGER NOT NULL,
  pressed_by INTEGER REFERENCES person (id),
  late INTEGER NOT NULL,
  list_hash BLOB NOT NULL,
  sites INTEGER NOT NULL,
  exceptions INTEGER NOT NULL,
  told_at INTEGER
) STRICT;
CREATE INDEX site_filing_return ON site_filing (return_id);
CREATE TABLE site_filing_line (
  filing_id INTEGER NOT NULL REFERENCES site_filing (id),
  position INTEGER NOT NULL,
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  site_id INTEGER NOT NULL REFERENCES organisation (id),
  action TEXT NOT NULL CHECK (action IN ('file','release')),
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  sector TEXT NOT NULL,
  profile TEXT NOT NULL,
  overrides TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued','filed','stands','released','failed')),
  said TEXT NOT NULL DEFAULT '',
  submission_id INTEGER REFERENCES submission (id),
  number INTEGER,
  snapshot_hash BLOB,
  PRIMARY KEY (filing_id, position),
  UNIQUE (filing_id, site_id)
) STRICT;
CREATE INDEX site_filing_line_waiting ON site_filing_line (site_id) WHERE state = 'queued';
-- What failed, or may still fail, for a closed collection is looked for every minute: few lines of very many.
CREATE INDEX site_filing_line_failed ON site_filing_line (filing_id, site_id) WHERE state = 'failed';
CREATE TABLE site_outcome (
  submission_id INTEGER PRIMARY KEY NOT NULL REFERENCES submission (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  review_id INTEGER NOT NULL REFERENCES review (id),
  assessed_grade TEXT NOT NULL,
  assessed_levels BLOB NOT NULL,
  assessed_score TEXT NOT NULL,
  decided_at INTEGER NOT NULL
) STRICT;
CREATE TABLE site_correction (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  kind TEXT NOT NULL CHECK (kind IN ('not_ours','closed','missing','wrong_name')),
  site_id INTEGER NOT NULL REFERENCES organisation (id),
  detail TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open','accepted','refused','withdrawn')),
  asked_by INTEGER NOT NULL REFERENCES person (id),
  asked_at INTEGER NOT NULL,
  answer TEXT NOT NULL DEFAULT '',
  answered_by INTEGER REFERENCES person (id),
  answered_at INTEGER
) STRICT;
CREATE UNIQUE INDEX site_correction_open ON site_correction (organisation_id, site_id) WHERE state = 'open';
