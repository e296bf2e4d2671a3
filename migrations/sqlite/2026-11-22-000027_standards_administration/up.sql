-- Drafts of editions with every version of them, notes of guidance, the life of requirements, and proposals for change.
CREATE TABLE edition_draft (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  key TEXT NOT NULL,
  label TEXT NOT NULL,
  standard_key TEXT NOT NULL,
  base_edition_id INTEGER REFERENCES edition (id),
  state TEXT NOT NULL CHECK (state IN ('draft','frozen','discarded')),
  version INTEGER NOT NULL,
  content TEXT NOT NULL,
  content_hash BLOB NOT NULL,
  proposed_version INTEGER,
  proposed_by INTEGER REFERENCES person (id),
  proposed_at INTEGER,
  created_at INTEGER NOT NULL,
  created_by INTEGER REFERENCES person (id),
  updated_at INTEGER NOT NULL,
  updated_by INTEGER REFERENCES person (id),
  frozen_at INTEGER,
  frozen_by INTEGER REFERENCES person (id),
  edition_id INTEGER REFERENCES edition (id),
  CHECK ((proposed_version IS NULL) = (proposed_at IS NULL)),
  CHECK ((state = 'frozen') = (edition_id IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX edition_draft_key ON edition_draft (key) WHERE state = 'draft';
CREATE TABLE edition_draft_version (
  draft_id INTEGER NOT NULL REFERENCES edition_draft (id),
  version INTEGER NOT NULL,
  content TEXT NOT NULL,
  content_hash BLOB NOT NULL,
  what TEXT NOT NULL,
  saved_at INTEGER NOT NULL,
  saved_by INTEGER REFERENCES person (id),
  PRIMARY KEY (draft_id, version)
) STRICT;
CREATE TABLE guidance_note (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  edition_id INTEGER NOT NULL REFERENCES edition (id),
  about TEXT NOT NULL CHECK (about IN ('requirement','section')),
  code TEXT NOT NULL,
  text TEXT NOT NULL,
  effective_on TEXT NOT NULL,
  published_at INTEGER NOT NULL,
  published_by INTEGER REFERENCES person (id),
  withdrawn_at INTEGER,
  withdrawn_by INTEGER REFERENCES person (id)
) STRICT;
CREATE INDEX guidance_note_edition ON guidance_note (edition_id, code, about);
CREATE TABLE guidance_told (
  note_id INTEGER NOT NULL REFERENCES guidance_note (id),
  person_id INTEGER NOT NULL REFERENCES person (id),
  told_at INTEGER NOT NULL,
  PRIMARY KEY (note_id, person_id)
) STRICT;
CREATE TABLE requirement_stage (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  edition_id INTEGER NOT NULL REFERENCES edition (id),
  code TEXT NOT NULL,
  stage TEXT NOT NULL CHECK (stage IN ('proposed','in_force','to_retire','retired')),
  from_label TEXT NOT NULL,
  reason TEXT NOT NULL,
  set_at INTEGER NOT NULL,
  set_by INTEGER REFERENCES person (id)
) STRICT;
CREATE INDEX requirement_stage_edition ON requirement_stage (edition_id, code);
CREATE TABLE change_proposal (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  edition_id INTEGER NOT NULL REFERENCES edition (id),
  kind TEXT NOT NULL CHECK (kind IN ('add','reword','retire')),
  code TEXT NOT NULL,
  text TEXT NOT NULL,
  reason TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open','taken','declined')),
  answer TEXT NOT NULL DEFAULT '',
  draft_id INTEGER REFERENCES edition_draft (id),
  proposed_at INTEGER NOT NULL,
  proposed_by INTEGER REFERENCES person (id),
  decided_at INTEGER,
  decided_by INTEGER REFERENCES person (id),
  CHECK ((state = 'open') = (decided_at IS NULL))
) STRICT;
CREATE INDEX change_proposal_edition ON change_proposal (edition_id, state);
