-- What the queue and the programme's dashboard keep: that the register changed, views of the queue that people have named,
-- the way of each collection's submissions, who is at risk of missing the deadline, and reminders sent by hand.
CREATE TABLE register_change (
  changed INTEGER PRIMARY KEY NOT NULL
) STRICT;
INSERT INTO register_change (changed) VALUES (0);
CREATE TRIGGER organisation_added AFTER INSERT ON organisation BEGIN
  UPDATE register_change SET changed = changed + 1;
END;
CREATE TRIGGER organisation_changed AFTER UPDATE OF code, name, search_name, sector, region_code, opened_on, closed_on ON organisation BEGIN
  UPDATE register_change SET changed = changed + 1;
END;
CREATE TABLE queue_view (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  person_id INTEGER NOT NULL REFERENCES person (id),
  name TEXT NOT NULL,
  query TEXT NOT NULL,
  shared INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  UNIQUE (person_id, name)
) STRICT;
CREATE INDEX queue_view_shared ON queue_view (name) WHERE shared;
CREATE TABLE queue_default (
  person_id INTEGER PRIMARY KEY NOT NULL REFERENCES person (id),
  view_id INTEGER NOT NULL REFERENCES queue_view (id)
) STRICT;
CREATE INDEX queue_default_view ON queue_default (view_id);
-- Organisations that submitted for the first time, by London day; what came later than the outlook is counted afresh.
CREATE TABLE outlook (
  collection_id INTEGER PRIMARY KEY NOT NULL REFERENCES collection (id),
  made_at INTEGER NOT NULL,
  in_scope INTEGER NOT NULL
) STRICT;
CREATE TABLE submission_day (
  collection_id INTEGER NOT NULL REFERENCES collection (id),
  day TEXT NOT NULL,
  sent INTEGER NOT NULL,
  PRIMARY KEY (collection_id, day)
) STRICT;
-- Not for number 1 alone: a statement that gives the number as a value would be planned anew each time to find such an index.
CREATE INDEX submission_first ON submission (collection_id, number, submitted_at);
CREATE TABLE outlook_count (
  collection_id INTEGER NOT NULL REFERENCES collection (id),
  rule TEXT NOT NULL,
  organisations INTEGER NOT NULL,
  PRIMARY KEY (collection_id, rule)
) STRICT;
CREATE TABLE outlook_risk (
  collection_id INTEGER NOT NULL REFERENCES collection (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  rule TEXT NOT NULL CHECK (rule IN ('no_lead','not_started','behind','asked','not_sent')),
  rules INTEGER NOT NULL,
  state TEXT NOT NULL,
  confirmed INTEGER NOT NULL,
  asked INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  lead_seen_at INTEGER,
  PRIMARY KEY (collection_id, organisation_id)
) STRICT;
CREATE INDEX outlook_risk_rule ON outlook_risk (collection_id, rule, organisation_id);
CREATE TABLE reminder_round (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  collection_id INTEGER NOT NULL REFERENCES collection (id),
  day TEXT NOT NULL,
  sent_by INTEGER NOT NULL REFERENCES person (id),
  sent_at INTEGER NOT NULL,
  organisations INTEGER NOT NULL,
  done INTEGER NOT NULL DEFAULT 0,
  mails INTEGER NOT NULL DEFAULT 0,
  finished_at INTEGER
) STRICT;
CREATE INDEX reminder_round_collection ON reminder_round (collection_id, id);
CREATE TABLE reminder_line (
  collection_id INTEGER NOT NULL REFERENCES collection (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  day TEXT NOT NULL,
  round_id INTEGER NOT NULL REFERENCES reminder_round (id),
  state TEXT NOT NULL CHECK (state IN ('wanted','told','nobody','submitted')),
  PRIMARY KEY (collection_id, organisation_id, day)
) STRICT;
CREATE INDEX reminder_line_wanted ON reminder_line (round_id, organisation_id) WHERE state = 'wanted';
CREATE INDEX extension_request_collection ON extension_request (collection_id, state, id);
