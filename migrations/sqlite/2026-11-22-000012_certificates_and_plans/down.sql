DROP TABLE plan_note;
DROP TABLE plan_line;
DROP TABLE improvement_plan;
DROP TABLE certificate;
DROP TABLE organisation_service;
