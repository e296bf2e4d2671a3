DROP PROCEDURE keep_to_reach;
DROP TABLE lease;
DROP TABLE idempotency;
DROP TABLE outbound_mail;
DROP TABLE job;
