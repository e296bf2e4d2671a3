DROP TABLE change_proposal;
DROP TABLE requirement_stage;
DROP TABLE guidance_told;
DROP TABLE guidance_note;
DROP TABLE edition_draft_version;
DROP TABLE edition_draft;
