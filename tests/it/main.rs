//! Integration tests: one binary, run on SQLite and on PostgreSQL.

mod components;
