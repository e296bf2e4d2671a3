DROP TABLE api_token;
DROP TABLE session;
DROP TABLE central_role;
DROP TABLE person;
