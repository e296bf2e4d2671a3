-- Who has been given which requirement of a return, and what colleagues say to each other about it.
CREATE TABLE answer_owner (
  return_id INTEGER NOT NULL REFERENCES annual_return (id),
  requirement_id INTEGER NOT NULL REFERENCES requirement (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  person_id INTEGER NOT NULL REFERENCES person (id),
  due_on TEXT NOT NULL,
  given_by INTEGER REFERENCES person (id),
  given_at INTEGER NOT NULL,
  PRIMARY KEY (return_id, requirement_id)
) STRICT;
CREATE TABLE discussion_comment (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  return_id INTEGER NOT NULL REFERENCES annual_return (id),
  requirement_id INTEGER NOT NULL REFERENCES requirement (id),
  author_id INTEGER NOT NULL REFERENCES person (id),
  text TEXT NOT NULL,
  written_at INTEGER NOT NULL,
  withdrawn_at INTEGER,
  -- Who is said to have written it, and when, where the author brought it back from an export.
  quoted TEXT
) STRICT;
CREATE INDEX discussion_comment_requirement ON discussion_comment (return_id, requirement_id);
CREATE TABLE discussion_mention (
  comment_id INTEGER NOT NULL REFERENCES discussion_comment (id),
  person_id INTEGER NOT NULL REFERENCES person (id),
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  PRIMARY KEY (comment_id, person_id)
) STRICT;
