//! The fictional nation that `portal demo` shows, made from a seed.

pub mod nation;
