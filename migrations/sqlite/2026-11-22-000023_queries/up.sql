-- Questions of reviewers as threads: what each side wrote, the evidence that came with it, the time that was asked for and
-- given, and the reminders sent. And what becomes of improvement plans: overdue lines, completion that was looked at, closing.
CREATE TABLE query_message (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  query_id INTEGER NOT NULL REFERENCES review_query (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  side TEXT NOT NULL CHECK (side IN ('centre','organisation')),
  text TEXT NOT NULL,
  author_id INTEGER NOT NULL REFERENCES person (id),
  written_at INTEGER NOT NULL,
  -- A draft of the organisation has been sent by nobody yet, and only its own people see it.
  sent_by INTEGER REFERENCES person (id),
  sent_at INTEGER,
  standing TEXT NOT NULL DEFAULT 'in_time' CHECK (standing IN ('in_time','late','after')),
  version INTEGER NOT NULL DEFAULT 1,
  CHECK ((sent_at IS NULL) = (sent_by IS NULL)),
  CHECK (side = 'organisation' OR sent_at IS NOT NULL)
) STRICT;
CREATE INDEX query_message_query ON query_message (query_id);
CREATE UNIQUE INDEX query_message_draft ON query_message (query_id, author_id) WHERE sent_at IS NULL;
CREATE TABLE query_evidence (
  message_id INTEGER NOT NULL REFERENCES query_message (id),
  evidence_id INTEGER NOT NULL REFERENCES evidence (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  linked_by INTEGER NOT NULL REFERENCES person (id),
  linked_at INTEGER NOT NULL,
  PRIMARY KEY (message_id, evidence_id)
) STRICT;
CREATE INDEX query_evidence_evidence ON query_evidence (evidence_id);
CREATE INDEX query_evidence_organisation ON query_evidence (organisation_id);
CREATE TABLE query_time (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  query_id INTEGER NOT NULL REFERENCES review_query (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  state TEXT NOT NULL CHECK (state IN ('asked','given','refused','overtaken')),
  -- What the organisation wanted; nobody asked where the reviewer gave more time unasked.
  asked_by INTEGER REFERENCES person (id),
  asked_at INTEGER,
  asked_until INTEGER,
  asked_reason TEXT NOT NULL DEFAULT '',
  answered_by INTEGER REFERENCES person (id),
  answered_at INTEGER,
  given_until INTEGER,
  answer_reason TEXT NOT NULL DEFAULT '',
  CHECK ((state = 'given') = (given_until IS NOT NULL))
) STRICT;
CREATE INDEX query_time_query ON query_time (query_id);
CREATE UNIQUE INDEX query_time_asked ON query_time (query_id) WHERE state = 'asked';
CREATE TABLE query_reminder (
  query_id INTEGER NOT NULL REFERENCES review_query (id),
  person_id INTEGER NOT NULL REFERENCES person (id),
  due_on TEXT NOT NULL,
  mark INTEGER NOT NULL,
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  sent_at INTEGER NOT NULL,
  PRIMARY KEY (query_id, person_id, due_on, mark)
) STRICT;
-- After how many days overdue a line of an agreed plan goes up a stage: data of the programme, kept by its managers.
CREATE TABLE escalation_step (
  stage TEXT NOT NULL PRIMARY KEY CHECK (stage IN ('owner','siro','centre')),
  after_days INTEGER NOT NULL CHECK (after_days > 0)
) STRICT;
INSERT INTO escalation_step (stage, after_days) VALUES ('owner', 7), ('siro', 21), ('centre', 35);
CREATE TABLE plan_escalation (
  line_id INTEGER NOT NULL REFERENCES plan_line (id),
  due_on TEXT NOT NULL,
  stage TEXT NOT NULL CHECK (stage IN ('owner','siro','centre')),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  plan_id INTEGER NOT NULL REFERENCES improvement_plan (id),
  reached_on TEXT NOT NULL,
  reached_at INTEGER NOT NULL,
  PRIMARY KEY (line_id, due_on, stage)
) STRICT;
CREATE INDEX plan_escalation_plan ON plan_escalation (plan_id);
CREATE TABLE plan_line_seen (
  line_id INTEGER NOT NULL PRIMARY KEY REFERENCES plan_line (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  plan_id INTEGER NOT NULL REFERENCES improvement_plan (id),
  seen_by INTEGER NOT NULL REFERENCES person (id),
  seen_at INTEGER NOT NULL
) STRICT;
CREATE INDEX plan_line_seen_plan ON plan_line_seen (plan_id);
CREATE TABLE plan_closing (
  plan_id INTEGER NOT NULL PRIMARY KEY REFERENCES improvement_plan (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  note TEXT NOT NULL,
  closed_by INTEGER NOT NULL REFERENCES person (id),
  closed_at INTEGER NOT NULL
) STRICT;
