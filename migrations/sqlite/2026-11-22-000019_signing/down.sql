DROP INDEX evidence_unsound;
DROP INDEX evidence_piece_ends;
DROP TABLE told_of_leaver;
DROP TABLE plan_reminder;
DROP TABLE withdrawal;
DROP TABLE sign_delegation;
