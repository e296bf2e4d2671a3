DROP TABLE baseline_member;
DROP TABLE baseline_draw;
DROP TABLE baseline_plan;
