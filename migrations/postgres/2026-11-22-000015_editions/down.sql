DROP TABLE edition_mapping;
