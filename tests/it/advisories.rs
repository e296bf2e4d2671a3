//! What we depend on: no package with a known advisory that is not accepted in writing, and no licence that we do not take.
//! The list of advisories is a file beside the checkout; where it is absent those tests say so and are skipped.

mod licence;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use semver::{Version, VersionReq};
use serde::Deserialize;

use crate::source::{root, text_of, tracked_files};

/// One RustSec advisory. A version is affected unless a range says otherwise.
#[derive(Debug, Clone, Deserialize)]
struct Advisory {
    id: String,
    package: String,
    patched: Vec<String>,
    unaffected: Vec<String>,
}

impl Advisory {
    fn affects(&self, version: &Version) -> bool {
        let holds = |range: &String| {
            let parsed = VersionReq::parse(range);
            parsed.unwrap_or_else(|error| panic!("{}: range {range}: {error}", self.id)).matches(version)
        };
        !self.patched.iter().any(holds) && !self.unaffected.iter().any(holds)
    }
}

/// A package of Cargo.lock. Those without a source are our own.
#[derive(Debug, Deserialize)]
struct Locked {
    name: String,
    version: Version,
    source: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Lock {
    package: Vec<Locked>,
}

/// `config/advisories-accepted.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Policy {
    #[serde(default)]
    accepted: Vec<Accepted>,
    licences: Licences,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Accepted {
    id: String,
    package: String,
    accepted: String,
    reason: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Licences {
    allowed: Vec<String>,
    /// By name and version of a package whose lock file names no licence.
    #[serde(default)]
    stated: BTreeMap<String, String>,
}

fn policy() -> Policy {
    toml::from_str(&text_of("config/advisories-accepted.toml"))
        .expect("parse config/advisories-accepted.toml")
}

fn lock() -> Vec<Locked> {
    let lock: Lock = toml::from_str(&text_of("Cargo.lock")).expect("parse Cargo.lock");
    lock.package.into_iter().filter(|package| package.source.is_some()).collect()
}

/// The newest list of advisories beside the checkout, or a printed reason for going without.
fn advisories() -> Option<Vec<Advisory>> {
    let folder = root().join("../shared/data/advisories");
    let newest: Option<PathBuf> = std::fs::read_dir(&folder)
        .into_iter()
        .flatten()
        .map(|entry| entry.expect("list the advisories").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .max();
    let Some(newest) = newest else {
        println!("skipped: there is no list of advisories in ../shared/data/advisories");
        return None;
    };
    let text = std::fs::read_to_string(newest).expect("read the advisories");
    let list: Vec<Advisory> = serde_json::from_str(&text).expect("parse the advisories");
    assert!(list.len() > 1000, "the list of advisories holds only {}", list.len());
    Some(list)
}

/// What stands against the packages: `(package, version, advisory)`.
fn findings(packages: &[Locked], advisories: &[Advisory]) -> Vec<(String, Version, String)> {
    let mut found = Vec::new();
    for package in packages {
        for advisory in advisories.iter().filter(|advisory| advisory.package == package.name) {
            if advisory.affects(&package.version) {
                found.push((package.name.clone(), package.version.clone(), advisory.id.clone()));
            }
        }
    }
    found
}

#[test]
fn no_package_has_an_advisory_that_is_not_accepted_in_writing() {
    let Some(advisories) = advisories() else { return };
    let accepted = policy().accepted;
    let is_accepted =
        |package: &str, id: &str| accepted.iter().any(|entry| entry.package == package && entry.id == id);
    let open: Vec<String> = findings(&lock(), &advisories)
        .into_iter()
        .filter(|(package, _, id)| !is_accepted(package, id))
        .map(|(package, version, id)| format!("{id}: {package} {version}"))
        .collect();
    assert!(open.is_empty(), "advisories that nobody has accepted:\n{}", open.join("\n"));
}

#[test]
fn every_accepted_advisory_still_applies() {
    let Some(advisories) = advisories() else { return };
    let findings = findings(&lock(), &advisories);
    for entry in policy().accepted {
        let applies = findings.iter().any(|(package, _, id)| *package == entry.package && *id == entry.id);
        assert!(applies, "{} no longer touches {}: take the entry out", entry.id, entry.package);
    }
}

#[test]
fn every_accepted_advisory_has_a_date_and_a_reason() {
    for entry in policy().accepted {
        assert!(entry.reason.len() >= 40, "{}: the reason is too short to be one", entry.id);
        let date: Result<jiff::civil::Date, _> = entry.accepted.parse();
        assert!(date.is_ok(), "{}: {:?} is no date", entry.id, entry.accepted);
    }
}

#[test]
fn versions_are_compared_with_the_ranges() {
    let advisory = Advisory {
        id: "RUSTSEC-2000-0001".to_owned(),
        package: "cookie".to_owned(),
        patched: vec!["^0.6.2".to_owned(), ">= 0.7.6".to_owned(), "< 0.10.0, >= 0.9.18".to_owned()],
        unaffected: vec!["< 0.6.0".to_owned()],
    };
    for (version, affected) in
        [("0.5.9", false), ("0.6.1", true), ("0.6.2", false), ("0.7.5", true), ("0.7.6", false)]
    {
        assert_eq!(advisory.affects(&Version::parse(version).expect("a version")), affected, "{version}");
    }
    let package = Locked { name: "cookie".into(), version: Version::new(0, 6, 1), source: None };
    assert_eq!(findings(&[package], &[advisory]).len(), 1);
}

#[test]
fn every_crate_has_a_licence_that_we_take() {
    #[derive(Deserialize)]
    struct Package {
        name: String,
        license: Option<String>,
    }
    #[derive(Deserialize)]
    struct Metadata {
        packages: Vec<Package>,
    }
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--filter-platform", &host()])
        .current_dir(root())
        .output()
        .expect("run cargo metadata");
    assert!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    let metadata: Metadata = serde_json::from_slice(&output.stdout).expect("parse cargo's metadata");
    assert!(metadata.packages.len() > 100, "cargo listed only {} packages", metadata.packages.len());
    let allowed = policy().licences.allowed;
    let refused: Vec<String> = metadata
        .packages
        .iter()
        .filter(|package| !licence::is_allowed(package.license.as_deref().unwrap_or_default(), &allowed))
        .map(|package| format!("{}: {:?}", package.name, package.license))
        .collect();
    assert!(refused.is_empty(), "licences that we do not take:\n{}", refused.join("\n"));
}

#[test]
fn every_npm_package_has_a_licence_that_we_take() {
    let Licences { allowed, stated } = policy().licences;
    let mut looked_up = 0;
    let locks = tracked_files("", &["json"]).into_iter().filter(|path| path.ends_with("package-lock.json"));
    for path in locks {
        let lock: serde_json::Value =
            serde_json::from_str(&text_of(&path)).expect("parse a package-lock.json");
        let packages = lock["packages"].as_object().expect("a list of packages");
        for (name, package) in packages.iter().filter(|(name, _)| !name.is_empty()) {
            let version = package["version"].as_str().unwrap_or_default();
            let known = stated.get(&format!("{name}@{version}"));
            looked_up += usize::from(known.is_some());
            let licence = package["license"].as_str().or(known.map(String::as_str)).unwrap_or_default();
            assert!(licence::is_allowed(licence, &allowed), "{path}: {name}: {licence:?}");
        }
    }
    assert_eq!(looked_up, stated.len(), "a licence is stated of a package that no lock file has");
}

/// The platform that the tests are built for, as cargo names it.
fn host() -> String {
    let output = Command::new(env!("CARGO")).arg("-vV").output().expect("run cargo -vV");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().find_map(|line| line.strip_prefix("host: ")).expect("cargo names its host").to_owned()
}
