DROP TABLE register_correction;
