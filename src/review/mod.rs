//! Central review: queue, claims, decisions, queries and confirmation.
