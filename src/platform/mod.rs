//! What every capability stands on: configuration, both databases, clock, randomness, errors, jobs, mail, files,
//! pages and the HTTP front. It knows no domain.

pub mod assets;
pub mod canonical;
pub mod charts;
pub mod clock;
pub mod config;
pub mod csv_lines;
pub mod db;
pub mod error;
pub mod files;
pub mod http;
pub mod idempotency;
pub mod ids;
pub mod jobs;
pub mod logs;
pub mod mail;
pub mod metrics;
pub mod ods;
pub mod pages;
pub mod pdf;
pub mod picture;
pub mod random;
pub mod secret;
pub mod sweep;
pub mod text_enum;
pub mod whole_file;

pub use error::{Error, Result};
