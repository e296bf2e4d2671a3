DROP TABLE drift_alert;
DROP TABLE gold_attempt;
DROP TABLE gold_case;
DROP TABLE score_comparison;
DROP TABLE blind_score;
DROP TABLE blind_case;
DROP TABLE sample_draw;
DROP TABLE sample_plan;
