//! The portal binary: see `portal --help`.

use std::process::ExitCode;

/// See docs/decisions/0012; how it is set up stands in `.cargo/config.toml`.
#[cfg(feature = "jemalloc")]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    portal::cli::run()
}
