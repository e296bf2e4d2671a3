-- Second scoring of a drawn sample, what came of comparing it, gold cases for training, and alerts of drift.
CREATE TABLE sample_plan (
  collection_id INTEGER PRIMARY KEY NOT NULL REFERENCES collection (id),
  share INTEGER NOT NULL CHECK (share BETWEEN 1 AND 100),
  by_sector INTEGER NOT NULL CHECK (by_sector IN (0, 1)),
  moment TEXT NOT NULL CHECK (moment IN ('at_close','as_they_come')),
  seed TEXT NOT NULL,
  planned_by INTEGER NOT NULL REFERENCES person (id),
  planned_at INTEGER NOT NULL,
  version INTEGER NOT NULL DEFAULT 1
) STRICT;
-- What each draw was made from: the population as JSON, by stratum, so that it can be made again.
CREATE TABLE sample_draw (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  collection_id INTEGER NOT NULL REFERENCES collection (id),
  number INTEGER NOT NULL,
  share INTEGER NOT NULL,
  seed TEXT NOT NULL,
  population TEXT NOT NULL,
  taken TEXT NOT NULL,
  drawn_at INTEGER NOT NULL,
  UNIQUE (collection_id, number)
) STRICT;
CREATE TABLE blind_case (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  review_id INTEGER NOT NULL UNIQUE REFERENCES review (id),
  submission_id INTEGER NOT NULL REFERENCES submission (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  collection_id INTEGER NOT NULL REFERENCES collection (id),
  draw_id INTEGER NOT NULL REFERENCES sample_draw (id),
  state TEXT NOT NULL CHECK (state IN ('waiting','assigned','finished','compared','ended')),
  scorer_id INTEGER REFERENCES person (id),
  assigned_at INTEGER,
  finished_at INTEGER,
  compared_at INTEGER,
  version INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX blind_case_state ON blind_case (state, collection_id);
CREATE INDEX blind_case_scorer ON blind_case (scorer_id, state) WHERE scorer_id IS NOT NULL;
CREATE TABLE blind_score (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  case_id INTEGER NOT NULL REFERENCES blind_case (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  requirement_id INTEGER NOT NULL REFERENCES requirement (id),
  assessed_level INTEGER NOT NULL,
  reason TEXT NOT NULL,
  version INTEGER NOT NULL,
  scored_at INTEGER NOT NULL,
  UNIQUE (case_id, requirement_id)
) STRICT;
-- Both scores of one answer as they were when both were done; what moderation makes of a disagreement stands beside them.
CREATE TABLE score_comparison (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  case_id INTEGER NOT NULL REFERENCES blind_case (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  collection_id INTEGER NOT NULL REFERENCES collection (id),
  requirement_id INTEGER NOT NULL REFERENCES requirement (id),
  claimed INTEGER NOT NULL,
  first_level INTEGER NOT NULL,
  first_reason TEXT NOT NULL,
  first_by INTEGER NOT NULL REFERENCES person (id),
  second_level INTEGER NOT NULL,
  second_reason TEXT NOT NULL,
  second_by INTEGER NOT NULL REFERENCES person (id),
  compared_at INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('agreed','open','settled')),
  settled_level INTEGER,
  rationale TEXT NOT NULL DEFAULT '',
  settled_by INTEGER REFERENCES person (id),
  settled_at INTEGER,
  effect TEXT CHECK (effect IN ('stands','replaced','reopen','recorded')),
  UNIQUE (case_id, requirement_id)
) STRICT;
CREATE INDEX score_comparison_collection ON score_comparison (collection_id, state);
CREATE INDEX score_comparison_open ON score_comparison (id) WHERE state = 'open';
-- Anonymous: whatever could name an organisation was taken out before the text was kept.
CREATE TABLE gold_case (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  edition_id INTEGER NOT NULL REFERENCES edition (id),
  requirement_id INTEGER NOT NULL REFERENCES requirement (id),
  state TEXT NOT NULL CHECK (state IN ('in_use','retired')),
  answer TEXT NOT NULL,
  claimed INTEGER NOT NULL,
  agreed INTEGER NOT NULL,
  rationale TEXT NOT NULL,
  made_by INTEGER NOT NULL REFERENCES person (id),
  made_at INTEGER NOT NULL
) STRICT;
CREATE TABLE gold_attempt (
  gold_id INTEGER NOT NULL REFERENCES gold_case (id),
  person_id INTEGER NOT NULL REFERENCES person (id),
  assessed INTEGER NOT NULL,
  scored_at INTEGER NOT NULL,
  PRIMARY KEY (gold_id, person_id)
) STRICT;
CREATE TABLE drift_alert (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  person_id INTEGER NOT NULL REFERENCES person (id),
  measure TEXT NOT NULL CHECK (measure IN ('downgrades','agreement','gold')),
  state TEXT NOT NULL CHECK (state IN ('open','acknowledged','over')),
  hits INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  low TEXT NOT NULL,
  high TEXT NOT NULL,
  expected TEXT NOT NULL,
  tests INTEGER NOT NULL,
  raised_at INTEGER NOT NULL,
  computed_at INTEGER NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  acknowledged_by INTEGER REFERENCES person (id),
  acknowledged_at INTEGER
) STRICT;
CREATE UNIQUE INDEX drift_alert_standing ON drift_alert (person_id, measure) WHERE state <> 'over';
