//! Integration tests: one binary, run on SQLite and on PostgreSQL.

// `cfg(test)` tells the lints that the helpers are tests too.
#[cfg(test)]
mod access;
#[cfg(test)]
mod advisories;
#[cfg(test)]
mod api;
#[cfg(test)]
mod architecture;
#[cfg(test)]
mod bounds;
#[cfg(test)]
mod browser;
#[cfg(test)]
mod certificates;
#[cfg(test)]
mod collections;
#[cfg(test)]
mod components;
#[cfg(test)]
mod corrections;
#[cfg(test)]
mod demo;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod front;
#[cfg(test)]
mod guide;
#[cfg(test)]
mod layout;
#[cfg(test)]
mod ledger;
#[cfg(test)]
mod library;
#[cfg(test)]
mod load;
#[cfg(test)]
mod mail;
#[cfg(test)]
mod more_time;
#[cfg(test)]
mod once;
#[cfg(test)]
mod organisations;
#[cfg(test)]
mod people;
#[cfg(test)]
mod programme;
#[cfg(test)]
mod publication;
#[cfg(test)]
mod reach;
#[cfg(test)]
mod returns;
#[cfg(test)]
mod review;
#[cfg(test)]
mod routes;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod served;
#[cfg(test)]
mod sign_in;
#[cfg(test)]
mod sites;
#[cfg(test)]
mod source;
#[cfg(test)]
mod standing;
#[cfg(test)]
mod support;
#[cfg(test)]
mod tools;
