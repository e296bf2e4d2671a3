//! The walk through the portal in a real browser, with JavaScript and without.

use crate::tools::browse;

#[test]
fn the_checks_of_the_walk_see_what_they_are_for() {
    let Some(printed) = browse("selftest.mjs", &[]) else { return };
    assert!(printed.contains("faults seen"), "{printed}");
}
