DROP TABLE carried_before;
DROP INDEX evidence_piece_removed;
DROP TABLE register_correction;
