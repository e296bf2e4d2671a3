-- Corrections of the rules of an edition in use: documents of their own beside the edition, and what each makes of every
-- return. One of an edition is in force at a time; its rows are then the results that count.
CREATE TABLE rule_correction (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  edition_id INTEGER NOT NULL REFERENCES edition (id),
  number INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('draft','previewing','previewed','rescoring','in_force','replaced','discarded')),
  version INTEGER NOT NULL DEFAULT 1,
  rule_set TEXT NOT NULL,
  reason TEXT NOT NULL,
  document TEXT NOT NULL,
  document_hash BLOB NOT NULL,
  base_hash BLOB NOT NULL,
  rules_hash BLOB NOT NULL,
  drafted_by INTEGER NOT NULL REFERENCES person (id),
  drafted_at INTEGER NOT NULL,
  previewed_at INTEGER,
  preview_hash BLOB,
  total INTEGER NOT NULL DEFAULT 0,
  done INTEGER NOT NULL DEFAULT 0,
  decided_by INTEGER REFERENCES person (id),
  decided_at INTEGER,
  statement TEXT NOT NULL DEFAULT '',
  accepted_none INTEGER NOT NULL DEFAULT 0,
  refusal TEXT NOT NULL DEFAULT '',
  in_force_at INTEGER,
  results_hash BLOB,
  counts TEXT NOT NULL DEFAULT '[]',
  UNIQUE (edition_id, number)
) STRICT;
CREATE UNIQUE INDEX rule_correction_in_force ON rule_correction (edition_id) WHERE state = 'in_force';
CREATE UNIQUE INDEX rule_correction_open ON rule_correction (edition_id) WHERE state IN ('draft','previewing','previewed','rescoring');
CREATE INDEX rule_correction_rules ON rule_correction (edition_id, rules_hash);
CREATE TABLE corrected_result (
  correction_id INTEGER NOT NULL REFERENCES rule_correction (id),
  run TEXT NOT NULL CHECK (run IN ('preview','result')),
  submission_id INTEGER NOT NULL REFERENCES submission (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  return_id INTEGER NOT NULL REFERENCES annual_return (id),
  mark INTEGER NOT NULL,
  sector TEXT NOT NULL,
  old_claimed TEXT NOT NULL,
  new_claimed TEXT NOT NULL,
  old_assessed TEXT,
  new_assessed TEXT,
  is_final INTEGER NOT NULL,
  old_met INTEGER NOT NULL,
  new_met INTEGER NOT NULL,
  old_asked INTEGER NOT NULL,
  new_asked INTEGER NOT NULL,
  old_band TEXT,
  new_band TEXT,
  changed INTEGER NOT NULL,
  levels BLOB,
  assessed_levels BLOB,
  told_at INTEGER,
  PRIMARY KEY (correction_id, run, submission_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX annual_return_counting ON annual_return (edition_id, submission_id);
CREATE INDEX corrected_result_return ON corrected_result (return_id, run);
-- What a correction changed of what was public: the published grade of an organisation in a release, and the one since.
CREATE TABLE revised_status (
  release_id INTEGER NOT NULL REFERENCES release (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  correction_id INTEGER NOT NULL REFERENCES rule_correction (id),
  old_grade TEXT NOT NULL,
  new_grade TEXT NOT NULL,
  PRIMARY KEY (release_id, organisation_id, correction_id)
) STRICT;
-- What a submission is scored again from, apart from its wide row: it never changes.
CREATE TABLE submission_basis (
  submission_id INTEGER PRIMARY KEY NOT NULL REFERENCES submission (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  sector TEXT NOT NULL,
  profile TEXT NOT NULL,
  plan TEXT NOT NULL CHECK (plan IN ('none','submitted','approved')),
  approached_before INTEGER NOT NULL,
  lifted INTEGER NOT NULL,
  submitted_at INTEGER NOT NULL,
  rule_set TEXT NOT NULL,
  claimed_grade TEXT NOT NULL,
  levels BLOB NOT NULL
) STRICT;
