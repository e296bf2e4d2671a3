-- What a reminder is of, because an interim and a final return may be due on one day; reminders of requirements that somebody
-- was given, which can be turned off by themselves; and mails that are rather lost than sent twice.
CREATE TABLE reminder_of_stage (
  person_id INTEGER NOT NULL REFERENCES person (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  collection_id INTEGER NOT NULL REFERENCES collection (id),
  due_on TEXT NOT NULL,
  days_before INTEGER NOT NULL,
  sent_at INTEGER NOT NULL,
  stage TEXT NOT NULL CHECK (stage IN ('interim','final')),
  PRIMARY KEY (person_id, organisation_id, collection_id, stage, due_on, days_before)
) STRICT;
INSERT INTO reminder_of_stage (person_id, organisation_id, collection_id, due_on, days_before, sent_at, stage)
  SELECT person_id, organisation_id, collection_id, due_on, days_before, sent_at, 'final' FROM reminder;
DROP TABLE reminder;
ALTER TABLE reminder_of_stage RENAME TO reminder;
CREATE TABLE unwanted_mail_with_requests (
  person_id INTEGER NOT NULL REFERENCES person (id),
  kind TEXT NOT NULL CHECK (kind IN ('reminders','requests','digest','plan_lines','guidance','queries')),
  since INTEGER NOT NULL,
  PRIMARY KEY (person_id, kind)
) STRICT;
INSERT INTO unwanted_mail_with_requests (person_id, kind, since) SELECT person_id, kind, since FROM unwanted_mail;
DROP TABLE unwanted_mail;
ALTER TABLE unwanted_mail_with_requests RENAME TO unwanted_mail;
CREATE TABLE owner_reminder (
  return_id INTEGER NOT NULL REFERENCES annual_return (id),
  requirement_id INTEGER NOT NULL REFERENCES requirement (id),
  person_id INTEGER NOT NULL REFERENCES person (id),
  due_on TEXT NOT NULL,
  mark INTEGER NOT NULL,
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  sent_at INTEGER NOT NULL,
  PRIMARY KEY (return_id, requirement_id, person_id, due_on, mark)
) STRICT;
ALTER TABLE outbound_mail ADD COLUMN at_most_once INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbound_mail ADD COLUMN attempted_at INTEGER;
