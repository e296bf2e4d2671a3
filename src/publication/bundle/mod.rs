//! A release in one file that anybody can check: what is public of its inputs, every table, where the ledger has it, and a
//! signature. The program that checks it needs no database and no network: see `docs/verify.md`.

mod archive;
mod districts;
mod figures;
mod files;
mod inputs;
mod make;
mod manifest;
mod protected;
mod readme;
mod sampled;
mod thresholds;
mod verified;
mod verify;
mod worked_out;

pub(super) use districts::{Districts, districts_in};
pub(super) use inputs::Inputs;
pub(super) use make::bundle_of;
pub use verified::{Checked, Mismatch, Unread, Verified};
pub use verify::verify_bundle;

/// The name of the file at a release's address.
pub(super) const BUNDLE: &str = "bundle.zip";

/// What is signed begins with this line, so that the signature means nothing else.
const SIGNED_AS: &str = "portal release bundle v1";

/// The list of the files with their hashes; it alone is signed.
const MANIFEST: &str = "bundle.json";
/// The signature.
const SIGNATURE: &str = "bundle.json.sig";
/// What the bundle is, for people.
const README: &str = "README.txt";
/// The frozen document of the release, whose hash the ledger has.
const DOCUMENT: &str = "document.json";
/// What the release says of each organisation, as it is counted.
const LINES: &str = "inputs/organisations.json";
/// What else is public and went into the tables.
const INPUTS: &str = "inputs/inputs.json";
/// The same list of organisations as the site offers it.
const LIST: &str = "organisations.csv";
/// Where the ledger has the release.
const PROOF: &str = "ledger/proof.json";
/// The folder of the tables.
const TABLES: &str = "tables/";
