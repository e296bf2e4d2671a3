//! What every capability stands on; knows no domain.

pub mod assets;
pub mod pages;
