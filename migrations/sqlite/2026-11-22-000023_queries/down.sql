DROP TABLE plan_closing;
DROP TABLE plan_line_seen;
DROP TABLE plan_escalation;
DROP TABLE escalation_step;
DROP TABLE query_reminder;
DROP TABLE query_time;
DROP TABLE query_evidence;
DROP TABLE query_message;
