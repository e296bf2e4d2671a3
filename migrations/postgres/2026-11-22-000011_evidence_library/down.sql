DROP TABLE evidence_warning;
DROP TABLE answer_evidence;
DROP TABLE evidence;
DROP TABLE evidence_piece;
