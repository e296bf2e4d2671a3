//! The national data security programme assurance portal.
//!
//! Organisations file annual returns, a central team reviews and scores them, and aggregated reports are
//! published. The folders are the stakeholders' words; each may use only what stands to its left:
//!
//! platform <- access, ledger <- identity, organisations, standards <- statistics <- collections <- certificates
//! <- returns <- review <- corrections <- standing <- publication <- demo, site, api, cli. `tests/it/architecture.rs` holds this order.

// Diesel says of every pair of tables that they may be joined, one step of its macro for each table.
#![recursion_limit = "512"]

pub mod access;
pub mod api;
pub mod app;
pub mod certificates;
pub mod cli;
pub mod collections;
pub mod corrections;
pub mod demo;
pub mod identity;
pub mod ledger;
pub mod organisations;
pub mod platform;
pub mod publication;
pub mod returns;
pub mod review;
#[expect(missing_docs, reason = "generated from the database")]
pub mod schema;
pub mod site;
pub mod standards;
pub mod standing;
pub mod statistics;
