-- Central review: kept beside, never over, the self-assessment.
CREATE TABLE review (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  submission_id INTEGER NOT NULL UNIQUE REFERENCES submission (id),
  return_id INTEGER NOT NULL REFERENCES annual_return (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  collection_id INTEGER NOT NULL REFERENCES collection (id),
  state TEXT NOT NULL CHECK (state IN ('queued','claimed','query','second','decided','superseded','withdrawn')),
  reviewer_id INTEGER REFERENCES person (id),
  second_reviewer_id INTEGER REFERENCES person (id),
  claimed_grade TEXT NOT NULL,
  assessed_grade TEXT,
  assessed_levels BLOB,
  assessed_score TEXT,
  summary TEXT NOT NULL DEFAULT '',
  second_reason TEXT,
  queued_at INTEGER NOT NULL,
  claimed_at INTEGER,
  due_at INTEGER NOT NULL,
  decided_at INTEGER,
  version INTEGER NOT NULL DEFAULT 1,
  -- How much needs a look, in thousandths: what the queue is sorted by. The inputs stand in a table of their own.
  risk INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX review_state ON review (state, due_at);
CREATE INDEX review_collection ON review (collection_id, state, due_at);
CREATE INDEX review_reviewer ON review (reviewer_id, state) WHERE reviewer_id IS NOT NULL;
CREATE INDEX review_return ON review (return_id);
CREATE INDEX review_organisation ON review (organisation_id);
CREATE TABLE review_decision (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  review_id INTEGER NOT NULL REFERENCES review (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  requirement_id INTEGER NOT NULL REFERENCES requirement (id),
  outcome TEXT NOT NULL CHECK (outcome IN ('agree','downgrade','upgrade')),
  assessed_level INTEGER NOT NULL,
  reason TEXT NOT NULL,
  version INTEGER NOT NULL,
  decided_by INTEGER NOT NULL REFERENCES person (id),
  decided_at INTEGER NOT NULL,
  UNIQUE (review_id, requirement_id)
) STRICT;
CREATE TABLE review_query (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  review_id INTEGER NOT NULL REFERENCES review (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  requirement_id INTEGER NOT NULL REFERENCES requirement (id),
  question TEXT NOT NULL,
  asked_by INTEGER NOT NULL REFERENCES person (id),
  asked_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  reply TEXT,
  replied_by INTEGER REFERENCES person (id),
  replied_at INTEGER
) STRICT;
CREATE INDEX review_query_review ON review_query (review_id);
