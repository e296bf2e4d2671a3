DROP TABLE interim_submission;
DROP TABLE unwanted_mail;
DROP TABLE reminder;
DROP TABLE extension_request;
