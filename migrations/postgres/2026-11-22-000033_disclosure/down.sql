DROP TABLE release_disclosure;
DROP TABLE release_answer;
