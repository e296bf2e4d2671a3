//! The portal binary: see `portal --help`.
fn main() {}
