-- Who signs for whom and until when, submissions that were taken back, which reminders of improvement plans were sent, and
-- what the leads were told of colleagues who have left.
CREATE TABLE sign_delegation (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  role TEXT NOT NULL CHECK (role IN ('siro','caldicott_guardian','dpo')),
  delegator_id INTEGER NOT NULL REFERENCES person (id),
  delegate_id INTEGER NOT NULL REFERENCES person (id),
  until TEXT NOT NULL,
  reason TEXT NOT NULL,
  given_at INTEGER NOT NULL,
  ended_at INTEGER,
  ended_by INTEGER REFERENCES person (id)
) STRICT;
CREATE UNIQUE INDEX sign_delegation_standing ON sign_delegation (organisation_id, role, delegator_id) WHERE ended_at IS NULL;
CREATE INDEX sign_delegation_delegate ON sign_delegation (delegate_id) WHERE ended_at IS NULL;
CREATE TABLE withdrawal (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  return_id INTEGER NOT NULL REFERENCES annual_return (id),
  submission_id INTEGER NOT NULL UNIQUE REFERENCES submission (id),
  reason TEXT NOT NULL,
  withdrawn_by INTEGER NOT NULL REFERENCES person (id),
  withdrawn_at INTEGER NOT NULL
) STRICT;
CREATE INDEX withdrawal_return ON withdrawal (return_id);
CREATE TABLE plan_reminder (
  line_id INTEGER NOT NULL REFERENCES plan_line (id),
  person_id INTEGER NOT NULL REFERENCES person (id),
  due_on TEXT NOT NULL,
  mark INTEGER NOT NULL,
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  sent_at INTEGER NOT NULL,
  PRIMARY KEY (line_id, person_id, due_on, mark)
) STRICT;
CREATE TABLE told_of_leaver (
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  subject TEXT NOT NULL,
  told_at INTEGER NOT NULL,
  PRIMARY KEY (organisation_id, subject)
) STRICT;
CREATE INDEX evidence_piece_ends ON evidence_piece (organisation_id, valid_to) WHERE valid_to IS NOT NULL;
CREATE INDEX evidence_unsound ON evidence (organisation_id) WHERE scan IN ('pending','refused');
