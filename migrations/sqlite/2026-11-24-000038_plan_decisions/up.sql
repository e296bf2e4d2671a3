-- Every decision about an improvement plan as it was made; the plan itself carries the newest. `line_reasons` is canonical
-- JSON: reasons against lines by the code of their requirement, so that they stay when a line goes.
CREATE TABLE plan_decision (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  plan_id INTEGER NOT NULL REFERENCES improvement_plan (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  verdict TEXT NOT NULL CHECK (verdict IN ('approved','rejected')),
  reason TEXT NOT NULL,
  line_reasons TEXT NOT NULL,
  decided_by INTEGER NOT NULL REFERENCES person (id),
  decided_at INTEGER NOT NULL
) STRICT;
CREATE INDEX plan_decision_plan ON plan_decision (plan_id);
