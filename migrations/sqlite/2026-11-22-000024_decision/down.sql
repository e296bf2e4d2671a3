DROP TABLE decision_challenge_line;
DROP TABLE decision_challenge;
DROP TABLE decision_letter;
DROP TABLE review_reopening;
DROP TABLE review_conclusion;
