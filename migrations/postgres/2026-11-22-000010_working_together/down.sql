DROP TABLE discussion_mention;
DROP TABLE discussion_comment;
DROP TABLE answer_owner;
