-- PostgreSQL keeps the text of a return apart from its row and needs no index to read levels without it; the number of
-- migrations is that of SQLite.
SELECT 1;
