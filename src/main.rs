//! The portal binary: see `portal --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    portal::cli::run()
}
