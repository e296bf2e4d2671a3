//! `portal verify BUNDLE`: a release is checked from its bundle alone, on any machine.

use std::path::Path;
use std::process::ExitCode;

use super::say::{say, trouble};
use crate::publication::{self, Checked, Verified};

/// The exit code for what is no bundle, or none that this program can read.
const UNREAD: u8 = 2;

/// Checks a bundle and tells; the exit code says the same.
pub(super) fn verify_bundle(bundle: &Path, key: Option<&str>, json: bool) -> ExitCode {
    let bytes = match std::fs::read(bundle) {
        Ok(bytes) => bytes,
        Err(error) => return unread(json, &format!("{} cannot be read: {error}", bundle.display())),
    };
    match publication::verify_bundle(&bytes, key) {
        Ok(verified) => {
            if json {
                say(&serde_json::json!(verified).to_string());
            } else {
                tell(&verified);
            }
            if verified.mismatches.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(why) => unread(json, &format!("{} cannot be checked: {why}", bundle.display())),
    }
}

fn unread(json: bool, why: &str) -> ExitCode {
    if json {
        say(&serde_json::json!({ "unread": why }).to_string());
    } else {
        trouble(why);
    }
    ExitCode::from(UNREAD)
}

/// What readers are left in the dark about, as a sentence after others; empty where nothing is withheld.
fn uncertain(one: &Checked) -> String {
    match (one.withheld, one.possible) {
        (0, _) => String::new(),
        (withheld, None) => format!(" Figures withheld: {withheld}."),
        (withheld, Some(possible)) => {
            format!(
                " Figures withheld: {withheld}; what is shown leaves at least {possible} values for each."
            )
        }
    }
}

fn tell(verified: &Verified) {
    say(&format!("Release {}: {}", verified.release, verified.title));
    say(&format!("Signing key: {}", verified.key));
    if !verified.key_was_given {
        say(
            "This key came with the bundle. Compare it with the one on the portal\u{2019}s site, or give that one as --key.",
        );
    }
    if verified.ledger_size > 0 {
        say(&format!(
            "In the ledger: proved against a signed checkpoint of {} events.",
            verified.ledger_size
        ));
    }
    say(&format!(
        "Hashes of {} files computed; {} organisations counted again.",
        verified.files, verified.organisations
    ));
    for name in &verified.recomputed {
        say(&format!("RECOMPUTED: {name}"));
    }
    for one in &verified.checked {
        say(&format!("CHECKED ONLY: {}. {}{}", one.table, one.why, uncertain(one)));
    }
    for mismatch in &verified.mismatches {
        say(&format!("DIFFERS: {mismatch}"));
    }
    say(if verified.mismatches.is_empty() { "Everything agrees." } else { "The above does not agree." });
}
