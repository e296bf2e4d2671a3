DROP TABLE submission;
DROP TABLE sign_off;
DROP TABLE answer_version;
DROP TABLE answer;
DROP TABLE annual_return;
