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
  risk INTEGER NOT NULL DEFAULT 0,
  -- Since when the reviewer's time stands still because the organisation is asked; none while it runs.
  clock_stopped_at INTEGER,
  -- What the reviewer adds to the letter.
  letter_paragraph TEXT NOT NULL DEFAULT '',
  -- Until when the decision in force can be challenged, and since when it is final.
  challenge_until INTEGER,
  finalised_at INTEGER,
  -- Which change wrote the row last; see docs/decisions/0021-the-roll.md. Kept by triggers alone.
  changed INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX review_state ON review (state, due_at);
-- What waits for a reviewer, in the order in which it is given out: a few of very many are asked for.
CREATE INDEX review_next ON review (risk DESC, due_at, id) WHERE state = 'queued';
CREATE INDEX review_collection ON review (collection_id, state, due_at);
CREATE INDEX review_reviewer ON review (reviewer_id, state) WHERE reviewer_id IS NOT NULL;
-- What the schedule has to make final.
CREATE INDEX review_to_finalise ON review (challenge_until) WHERE finalised_at IS NULL AND challenge_until IS NOT NULL;
-- Everything that the roll of reviews holds, so that it is read without the rows.
CREATE INDEX review_changed ON review (changed, collection_id, state, organisation_id, reviewer_id, claimed_grade, queued_at, due_at, decided_at, clock_stopped_at, risk);
CREATE TRIGGER review_added AFTER INSERT ON review BEGIN
  UPDATE review SET changed = (SELECT max(changed) + 1 FROM review) WHERE id = NEW.id;
END;
CREATE TRIGGER review_moved AFTER UPDATE ON review WHEN NEW.changed = OLD.changed BEGIN
  UPDATE review SET changed = (SELECT max(changed) + 1 FROM review) WHERE id = NEW.id;
END;
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
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open','answered','closed')),
  asked_by INTEGER NOT NULL REFERENCES person (id),
  asked_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  -- When the organisation answered last; none while the review waits for it.
  replied_at INTEGER,
  outcome TEXT CHECK (outcome IN ('stands','does_not_stand','not_answered','in_error','ended')),
  closing_note TEXT,
  closed_by INTEGER REFERENCES person (id),
  closed_at INTEGER,
  CHECK ((state = 'closed') = (closed_at IS NOT NULL)),
  CHECK ((closed_at IS NULL) = (outcome IS NULL))
) STRICT;
CREATE INDEX review_query_review ON review_query (review_id);
CREATE INDEX review_query_state ON review_query (state, due_at);
CREATE INDEX review_query_organisation ON review_query (organisation_id);
CREATE INDEX review_query_waiting ON review_query (asked_at, review_id) WHERE state = 'open';
