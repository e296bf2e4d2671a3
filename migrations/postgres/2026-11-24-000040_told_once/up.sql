-- What a reminder is of, because an interim and a final return may be due on one day; reminders of requirements that somebody
-- was given, which can be turned off by themselves; and mails that are rather lost than sent twice.
ALTER TABLE reminder ADD COLUMN stage TEXT NOT NULL DEFAULT 'final' CHECK (stage IN ('interim','final'));
ALTER TABLE reminder ALTER COLUMN stage DROP DEFAULT;
ALTER TABLE reminder DROP CONSTRAINT reminder_pkey;
ALTER TABLE reminder ADD PRIMARY KEY (person_id, organisation_id, collection_id, stage, due_on, days_before);
ALTER TABLE unwanted_mail DROP CONSTRAINT unwanted_mail_kind_check;
ALTER TABLE unwanted_mail ADD CONSTRAINT unwanted_mail_kind_check
  CHECK (kind IN ('reminders','requests','digest','plan_lines','guidance','queries'));
CREATE TABLE owner_reminder (
  return_id BIGINT NOT NULL REFERENCES annual_return (id),
  requirement_id BIGINT NOT NULL REFERENCES requirement (id),
  person_id BIGINT NOT NULL REFERENCES person (id),
  due_on TEXT NOT NULL,
  mark BIGINT NOT NULL,
  organisation_id BIGINT NOT NULL REFERENCES organisation (id),
  sent_at BIGINT NOT NULL,
  PRIMARY KEY (return_id, requirement_id, person_id, due_on, mark)
);
CALL keep_to_reach('owner_reminder');
ALTER TABLE outbound_mail ADD COLUMN at_most_once BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE outbound_mail ADD COLUMN attempted_at BIGINT;
