-- What reviewers keep beside their decisions: earlier versions of them, private notes, flags, the place where somebody
-- stopped, and the team's library of reasons.
CREATE TABLE review_reason (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  standard_id INTEGER REFERENCES standard (id),
  section TEXT NOT NULL,
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('kept','retired')),
  version INTEGER NOT NULL,
  -- How often it was put into a decision. Written only then, so it is no hot row.
  uses INTEGER NOT NULL DEFAULT 0,
  changed_by INTEGER NOT NULL REFERENCES person (id),
  changed_at INTEGER NOT NULL
) STRICT;
CREATE TABLE review_reason_version (
  reason_id INTEGER NOT NULL REFERENCES review_reason (id),
  version INTEGER NOT NULL,
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  written_by INTEGER NOT NULL REFERENCES person (id),
  written_at INTEGER NOT NULL,
  PRIMARY KEY (reason_id, version)
) STRICT;
-- What a decision said before it was changed; what it says now stands in review_decision.
CREATE TABLE review_decision_version (
  review_id INTEGER NOT NULL REFERENCES review (id),
  requirement_id INTEGER NOT NULL REFERENCES requirement (id),
  version INTEGER NOT NULL,
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  outcome TEXT NOT NULL CHECK (outcome IN ('agree','downgrade','upgrade')),
  assessed_level INTEGER NOT NULL,
  reason TEXT NOT NULL,
  decided_by INTEGER NOT NULL REFERENCES person (id),
  decided_at INTEGER NOT NULL,
  PRIMARY KEY (review_id, requirement_id, version)
) STRICT;
-- Without a requirement a note is about the whole review.
CREATE TABLE review_note (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  review_id INTEGER NOT NULL REFERENCES review (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  requirement_id INTEGER REFERENCES requirement (id),
  body TEXT NOT NULL,
  written_by INTEGER NOT NULL REFERENCES person (id),
  written_at INTEGER NOT NULL,
  withdrawn_at INTEGER
) STRICT;
CREATE INDEX review_note_review ON review_note (review_id);
CREATE TABLE review_flag (
  review_id INTEGER NOT NULL REFERENCES review (id),
  requirement_id INTEGER NOT NULL REFERENCES requirement (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  flagged_by INTEGER NOT NULL REFERENCES person (id),
  flagged_at INTEGER NOT NULL,
  PRIMARY KEY (review_id, requirement_id)
) STRICT;
CREATE TABLE review_place (
  person_id INTEGER NOT NULL REFERENCES person (id),
  review_id INTEGER NOT NULL REFERENCES review (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  requirement_id INTEGER NOT NULL REFERENCES requirement (id),
  looked_at INTEGER NOT NULL,
  PRIMARY KEY (person_id, review_id)
) STRICT;
