//! Words for the person at the terminal. A closed pipe is no reason to fail.

use std::io::Write as _;

/// A line on standard output.
pub(crate) fn say(line: &str) {
    writeln!(std::io::stdout().lock(), "{line}").unwrap_or_default();
    std::io::stdout().flush().unwrap_or_default();
}

/// A line on standard error.
pub(crate) fn trouble(line: &str) {
    writeln!(std::io::stderr().lock(), "{line}").unwrap_or_default();
}
