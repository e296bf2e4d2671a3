//! Asks the linker to pack the list of addresses that are mended at every start: four megabytes that nothing reads again
//! become a hundred kilobytes.
//!
//! Only for optimised builds, and only where the linker and the loader of this machine know how: it is tried on an empty
//! program, which has to link and to run. Otherwise the program is the same and takes that much more memory.
#![expect(clippy::disallowed_methods, reason = "cargo tells a build script everything in its environment")]

use std::env;
use std::path::Path;
use std::process::{Command, Stdio};

const PACKED: &str = "-Wl,-z,pack-relative-relocs";

fn main() {
    println!("cargo:rerun-if-changed=scripts/build.rs");
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    let is_for_here = env::var("HOST").is_ok_and(|host| is("TARGET", &host));
    if is("PROFILE", "release") && is("CARGO_CFG_TARGET_OS", "linux") && is_for_here && packs() {
        println!("cargo:rustc-link-arg-bins={PACKED}");
    }
}

/// Whether an empty program links with it, as the real one is linked, and runs.
fn packs() -> bool {
    let (Some(compiler), Some(folder)) = (env::var_os("RUSTC"), env::var_os("OUT_DIR")) else { return false };
    let program = Path::new(&folder).join("empty");
    let source = Path::new(&folder).join("empty.rs");
    if std::fs::write(&source, "fn main() {}\n").is_err() {
        return false;
    }
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    let linker = env::var("RUSTC_LINKER").ok().map(|linker| format!("linker={linker}"));
    let mut command = Command::new(compiler);
    command.args(flags.split('\u{1f}').filter(|flag| !flag.is_empty()));
    command.args(linker.iter().flat_map(|linker| ["-C", linker.as_str()]));
    let packed = format!("link-arg={PACKED}");
    command.args(["--crate-type", "bin", "-C", &packed, "-o"]).arg(&program).arg(&source);
    succeeds(&mut command) && succeeds(&mut Command::new(&program))
}

fn succeeds(command: &mut Command) -> bool {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}
