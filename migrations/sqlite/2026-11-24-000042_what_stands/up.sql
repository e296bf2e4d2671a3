-- What the register was corrected to, and what it said before: an accepted correction stands over files that still say the
-- old thing until the register itself says otherwise in a file of a later day, which is named in `done_by`. Apart from the
-- request, because an import sees nobody's rows. Corrections that were accepted before keep to the day they were made on.
CREATE TABLE register_correction (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  correction_id INTEGER NOT NULL REFERENCES site_correction (id),
  part TEXT NOT NULL CHECK (part IN ('name','closing','head_office')),
  said TEXT NOT NULL,
  instead_of TEXT NOT NULL,
  since TEXT NOT NULL,
  done_by TEXT
) STRICT;
CREATE UNIQUE INDEX register_correction_stands ON register_correction (organisation_id, part) WHERE done_by IS NULL;
CREATE INDEX register_correction_request ON register_correction (correction_id);
-- Evidence that was taken out of the library and stands beside an answer of a reopened return is looked for beside every page.
CREATE INDEX evidence_piece_removed ON evidence_piece (organisation_id) WHERE removed_at IS NOT NULL;
-- What a return was started from where its organisation submitted nothing in the collection before: the answers stored there,
-- or what it last said in an earlier collection, as answers to the edition before. Canonical JSON; fixed at the start, because
-- stored answers may change. `left_behind` is what no question took the place of on the way.
CREATE TABLE carried_before (
  return_id INTEGER PRIMARY KEY NOT NULL REFERENCES annual_return (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  from_return_id INTEGER NOT NULL REFERENCES annual_return (id),
  submission_id INTEGER,
  answers TEXT NOT NULL,
  left_behind TEXT NOT NULL,
  taken_at INTEGER NOT NULL
) STRICT;
CREATE INDEX carried_before_from ON carried_before (from_return_id);
