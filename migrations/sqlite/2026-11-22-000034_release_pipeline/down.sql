DROP TABLE early_view;
DROP TABLE early_reader;
DROP TABLE release_date_change;
DROP TABLE release_date;
DROP TABLE release_explanation;
DROP TABLE release_course;
