DROP TABLE release_file;
