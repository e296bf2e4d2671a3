ALTER TABLE outbound_mail DROP COLUMN attempted_at;
ALTER TABLE outbound_mail DROP COLUMN at_most_once;
DROP TABLE owner_reminder;
CREATE TABLE unwanted_mail_before (
  person_id INTEGER NOT NULL REFERENCES person (id),
  kind TEXT NOT NULL CHECK (kind IN ('reminders','digest','plan_lines','guidance','queries')),
  since INTEGER NOT NULL,
  PRIMARY KEY (person_id, kind)
) STRICT;
INSERT INTO unwanted_mail_before (person_id, kind, since)
  SELECT person_id, kind, since FROM unwanted_mail WHERE kind <> 'requests';
DROP TABLE unwanted_mail;
ALTER TABLE unwanted_mail_before RENAME TO unwanted_mail;
CREATE TABLE reminder_before (
  person_id INTEGER NOT NULL REFERENCES person (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  collection_id INTEGER NOT NULL REFERENCES collection (id),
  due_on TEXT NOT NULL,
  days_before INTEGER NOT NULL,
  sent_at INTEGER NOT NULL,
  PRIMARY KEY (person_id, organisation_id, collection_id, due_on, days_before)
) STRICT;
INSERT INTO reminder_before (person_id, organisation_id, collection_id, due_on, days_before, sent_at)
  SELECT person_id, organisation_id, collection_id, due_on, days_before, sent_at FROM reminder WHERE stage = 'final';
DROP TABLE reminder;
ALTER TABLE reminder_before RENAME TO reminder;
