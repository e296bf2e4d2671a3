ALTER TABLE outbound_mail DROP COLUMN attempted_at;
ALTER TABLE outbound_mail DROP COLUMN at_most_once;
DROP TABLE owner_reminder;
DELETE FROM unwanted_mail WHERE kind = 'requests';
ALTER TABLE unwanted_mail DROP CONSTRAINT unwanted_mail_kind_check;
ALTER TABLE unwanted_mail ADD CONSTRAINT unwanted_mail_kind_check
  CHECK (kind IN ('reminders','digest','plan_lines','guidance','queries'));
ALTER TABLE reminder NO FORCE ROW LEVEL SECURITY;
DELETE FROM reminder WHERE stage = 'interim';
ALTER TABLE reminder FORCE ROW LEVEL SECURITY;
ALTER TABLE reminder DROP CONSTRAINT reminder_pkey;
ALTER TABLE reminder DROP COLUMN stage;
ALTER TABLE reminder ADD PRIMARY KEY (person_id, organisation_id, collection_id, due_on, days_before);
