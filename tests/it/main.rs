//! Integration tests: one binary, run on SQLite and on PostgreSQL.

<<<<<<< HEAD
// `cfg(test)` tells the lints that the helpers are tests too.
#[cfg(test)]
mod advisories;
#[cfg(test)]
mod architecture;
#[cfg(test)]
mod layout;
#[cfg(test)]
mod source;
=======
mod components;
>>>>>>> pages
