//! Where a return stands: the page, the figures of organisations of the same kind, board papers, and PDF files.

mod files;
mod page;
mod papers;
mod peers;
pub mod reading;
