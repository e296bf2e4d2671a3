//! Asks the linker for a program that has less of itself in memory: what a day's work runs stands together
//! (`scripts/order`), and the list of addresses that are mended at every start is packed, four megabytes that nothing
//! reads again.
//!
//! Only for optimised builds, and only where the linker and the loader of this machine know how: each is tried on an empty
//! program, which has to link and to run. Otherwise the program is the same and takes that much more memory.
#![expect(clippy::disallowed_methods, reason = "cargo tells a build script everything in its environment")]

use std::env;
use std::path::Path;
use std::process::{Command, Stdio};

const PACKED: &str = "-Wl,-z,pack-relative-relocs";
const FUNCTIONS: &str = "scripts/order/functions.txt";

fn main() {
    println!("cargo:rerun-if-changed=scripts/build.rs");
    println!("cargo:rerun-if-changed={FUNCTIONS}");
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    let is_for_here = env::var("HOST").is_ok_and(|host| is("TARGET", &host));
    if !(is("PROFILE", "release") && is("CARGO_CFG_TARGET_OS", "linux") && is_for_here) {
        return;
    }
    for wanted in [vec![PACKED.to_owned()], ordered()] {
        if links(&wanted) {
            wanted.iter().for_each(|argument| println!("cargo:rustc-link-arg-bins={argument}"));
        }
    }
}

/// Names of functions that are not there are passed over: another compiler or other features give other names.
fn ordered() -> Vec<String> {
    let root = env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    let file = Path::new(&root).join(FUNCTIONS);
    vec![format!("-Wl,--symbol-ordering-file={}", file.display()), "-Wl,--no-warn-symbol-ordering".to_owned()]
}

/// Whether an empty program links with it, as the real one is linked, and runs.
fn links(wanted: &[String]) -> bool {
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
    command.args(wanted.iter().flat_map(|argument| ["-C".to_owned(), format!("link-arg={argument}")]));
    command.args(["--crate-type", "bin", "-o"]).arg(&program).arg(&source);
    succeeds(&mut command) && succeeds(&mut Command::new(&program))
}

fn succeeds(command: &mut Command) -> bool {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}
