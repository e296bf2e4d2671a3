//! The machine's own limits, to hold the portal's figures against: a handler that does nothing, a database that only commits.

pub mod commits;
pub mod handler;
