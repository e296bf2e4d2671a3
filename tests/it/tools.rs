//! The tools that `scripts/test` finds or installs, told to the tests by environment variables. Where one is absent the
//! tests that need it say so and are skipped; `scripts/test` names what is lacking before the run, and refuses to with `CI=true`.

use std::process::Command;

use crate::source::root;

/// What `scripts/test` says about a tool: its path or address. `None` prints why the test that asked does nothing.
#[expect(clippy::disallowed_methods, reason = "the one place where tests read their surroundings")]
pub fn tool(variable: &str) -> Option<String> {
    let value = std::env::var(variable).ok().filter(|value| !value.is_empty());
    if value.is_none() {
        println!("skipped: {variable} is not set; scripts/test finds or installs what it names");
    }
    value
}

/// Whether somebody asked for what this variable names, which is not made otherwise.
pub fn wanted(variable: &str) -> bool {
    std::env::var_os(variable).is_some_and(|value| !value.is_empty())
}

/// A program that is killed when this process is, however that ends, where the system has a way to say so.
pub fn ending_with_us(program: &str) -> Command {
    if !std::path::Path::new("/usr/bin/setpriv").is_file() {
        return Command::new(program);
    }
    let mut command = Command::new("/usr/bin/setpriv");
    command.args(["--pdeathsig", "KILL", "--", program]);
    command
}

/// Runs one of the scripts of `tests/browser` and gives what it printed; panics with all of it if it fails.
/// `None` where there is no browser.
pub fn browse(script: &str, arguments: &[&str]) -> Option<String> {
    tool("PORTAL_TEST_CHROMIUM")?;
    let output = Command::new("node")
        .arg(root().join("tests/browser").join(script))
        .args(arguments)
        .output()
        .unwrap_or_else(|error| panic!("failed to run node: {error}"));
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script} failed:\n{printed}\n{complaints}");
    Some(printed)
}
