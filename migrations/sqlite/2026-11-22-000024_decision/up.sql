-- What became of a review, one row for each time it was decided: nothing that was in force is ever written over.
CREATE TABLE review_conclusion (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  review_id INTEGER NOT NULL REFERENCES review (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  number INTEGER NOT NULL,
  cause TEXT NOT NULL CHECK (cause IN ('review','challenge','reopening')),
  claimed_grade TEXT NOT NULL,
  assessed_grade TEXT NOT NULL,
  assessed_levels BLOB NOT NULL,
  assessed_score TEXT NOT NULL,
  decisions TEXT NOT NULL,
  summary TEXT NOT NULL,
  content_hash BLOB NOT NULL,
  decided_by INTEGER NOT NULL REFERENCES person (id),
  second_id INTEGER REFERENCES person (id),
  decided_at INTEGER NOT NULL,
  challenge_until INTEGER NOT NULL,
  UNIQUE (review_id, number)
) STRICT;
CREATE TABLE review_reopening (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  review_id INTEGER NOT NULL REFERENCES review (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  conclusion INTEGER NOT NULL,
  reason TEXT NOT NULL,
  reopened_by INTEGER NOT NULL REFERENCES person (id),
  reopened_at INTEGER NOT NULL
) STRICT;
CREATE INDEX review_reopening_review ON review_reopening (review_id);
-- A letter as it was sent: its words, not what they were made from.
CREATE TABLE decision_letter (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  return_id INTEGER NOT NULL REFERENCES annual_return (id),
  number INTEGER NOT NULL,
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  review_id INTEGER NOT NULL REFERENCES review (id),
  conclusion_id INTEGER NOT NULL REFERENCES review_conclusion (id),
  content TEXT NOT NULL,
  content_hash BLOB NOT NULL,
  made_by INTEGER NOT NULL REFERENCES person (id),
  made_at INTEGER NOT NULL,
  UNIQUE (return_id, number)
) STRICT;
CREATE INDEX decision_letter_review ON decision_letter (review_id);
CREATE TABLE decision_challenge (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  review_id INTEGER NOT NULL REFERENCES review (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  conclusion_id INTEGER NOT NULL REFERENCES review_conclusion (id),
  state TEXT NOT NULL CHECK (state IN ('open','settled','withdrawn')),
  grounds TEXT NOT NULL,
  evidence TEXT NOT NULL,
  posted_by INTEGER NOT NULL REFERENCES person (id),
  posted_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  remarks TEXT NOT NULL DEFAULT '',
  closed_by INTEGER REFERENCES person (id),
  closed_at INTEGER
) STRICT;
-- One at a time.
CREATE UNIQUE INDEX decision_challenge_open ON decision_challenge (review_id) WHERE state = 'open';
CREATE INDEX decision_challenge_due ON decision_challenge (state, due_at);
CREATE TABLE decision_challenge_line (
  challenge_id INTEGER NOT NULL REFERENCES decision_challenge (id),
  requirement_id INTEGER NOT NULL REFERENCES requirement (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  verdict TEXT CHECK (verdict IN ('upheld','partly','rejected')),
  assessed_level INTEGER,
  reason TEXT,
  PRIMARY KEY (challenge_id, requirement_id)
) STRICT;
