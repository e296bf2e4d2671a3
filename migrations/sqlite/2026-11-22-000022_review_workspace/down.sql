DROP TABLE review_place;
DROP TABLE review_flag;
DROP TABLE review_note;
DROP TABLE review_decision_version;
DROP TABLE review_reason_version;
DROP TABLE review_reason;
