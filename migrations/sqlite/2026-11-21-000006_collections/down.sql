DROP TABLE collection_result;
DROP TABLE extension;
DROP TABLE collection_scope;
DROP TABLE collection;
