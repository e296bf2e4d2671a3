DROP TABLE requirement;
DROP TABLE edition;
DROP TABLE standard;
