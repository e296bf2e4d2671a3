//! Releases: frozen tables, charts, open data and the public pages.

pub mod charts;
