DROP TABLE plan_decision;
