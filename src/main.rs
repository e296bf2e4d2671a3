//! The portal binary: see `portal --help`.

use std::process::ExitCode;

// Making a page is thousands of small allocations; this allocator takes about a third off the whole (docs/performance.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    portal::cli::run()
}
