DROP TABLE review_query;
DROP TABLE review_decision;
DROP TABLE review;
DROP FUNCTION mark_review();
