-- Workbooks that were filled in offline and uploaded: what was read from them, until it is applied or expires.
CREATE TABLE workbook (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  return_id INTEGER NOT NULL REFERENCES annual_return (id),
  file_name TEXT NOT NULL,
  format TEXT NOT NULL CHECK (format IN ('xlsx','ods')),
  sha256 BLOB NOT NULL,
  content TEXT NOT NULL,
  uploaded_by INTEGER NOT NULL REFERENCES person (id),
  uploaded_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  applied_at INTEGER,
  applied_by INTEGER REFERENCES person (id),
  applied INTEGER
) STRICT;
CREATE INDEX workbook_return ON workbook (return_id);
CREATE INDEX workbook_expiry ON workbook (expires_at) WHERE applied_at IS NULL;
