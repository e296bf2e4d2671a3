//! `portal export-site`: the whole public site as files for any server of files, byte for byte what the portal serves. Doing
//! it again writes only what has changed; ended half-way, doing it again goes on.

mod asking;
mod folder;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use serde::Serialize;

use self::asking::{Copied, Found, ask_all};
use self::folder::Folder;
use super::say::say;
use crate::app;
use crate::ledger;
use crate::platform::clock::SystemClock;
use crate::platform::config::Config;
use crate::platform::db;
use crate::platform::error::{Error, Result};
use crate::platform::pages::words;
use crate::platform::random::SystemRandom;

/// Arguments of `portal export-site`.
#[derive(Debug, Args)]
pub(super) struct ExportArguments {
    /// The folder to write to: a new or empty one, or one that an earlier run made.
    folder: PathBuf,
}

/// What is written beside the pages, for whoever sets up the server of files.
#[derive(Serialize)]
struct Manifest<'a> {
    /// The portal whose site it is.
    portal: &'a str,
    /// Headers that answers carry; each file names its set.
    headers: Vec<&'a BTreeMap<String, String>>,
    /// Every file, by address.
    files: Vec<Entry<'a>>,
    /// Addresses that lead to another.
    redirects: &'a BTreeMap<String, String>,
    /// Addresses that pages lead to and only the portal itself can answer.
    elsewhere: &'a BTreeSet<String>,
}

#[derive(Serialize)]
struct Entry<'a> {
    address: &'a str,
    file: &'a str,
    headers: usize,
    bytes: u64,
    sha256: &'a str,
    /// The same content packed, by the name of the encoding.
    packed: &'a BTreeMap<String, String>,
}

/// Everything that was found so far.
#[derive(Default)]
struct Site {
    files: BTreeMap<String, Copied>,
    redirects: BTreeMap<String, String>,
    elsewhere: BTreeSet<String>,
}

/// Runs `portal export-site`.
pub(super) fn export_site(config: Config, arguments: &ExportArguments) -> Result<()> {
    db::migrate(&config.target().map_err(Error::broken)?)?;
    let portal = config.public_url().to_owned();
    let folder = Folder::open(&arguments.folder, &portal)?;
    let parts = app::open(config, Arc::new(SystemClock), Arc::new(SystemRandom), false)?;
    say("Making the pages ...");
    // A release that the ledger has not taken in yet would go without its bundle.
    loop {
        match ledger::sequence_once(&parts.portal.db, &parts.key) {
            // A server that runs beside this was quicker.
            Ok(0) | Err(Error::Conflict(_)) => break,
            Ok(_) => {}
            Err(error) => return Err(error),
        }
    }
    while parts.site.tend()? {}
    let mut first: BTreeSet<String> = parts.site.addresses().into_iter().collect();
    first.extend(parts.site.more_addresses());
    first.extend(parts.site.sitemap_addresses()?);
    first.extend(["/public/organisations", "/public/a-to-z"].map(str::to_owned));
    let assets = parts.portal.assets.names().filter_map(|name| parts.portal.assets.asset_url(name));
    first.extend(assets.map(str::to_owned));
    let mut site = Site::default();
    let mut seen = first.clone();
    let mut next: Vec<String> = first.into_iter().collect();
    while !next.is_empty() {
        say(&format!("Writing {} addresses ...", words::number(next.len() as i128)));
        let found = ask_all(&parts, &folder, &next)?;
        next = take_in(&mut site, found).into_iter().filter(|link| seen.insert(link.clone())).collect();
    }
    finish(&folder, &portal, &site)
}

/// Notes what was found and gives the addresses that it leads to.
fn take_in(site: &mut Site, found: Vec<(String, Found)>) -> BTreeSet<String> {
    let mut links = BTreeSet::new();
    for (address, one) in found {
        match one {
            Found::File(copied) => {
                for link in &copied.links {
                    if asking::is_public(link) {
                        links.insert(link.clone());
                    } else {
                        site.elsewhere.insert(link.clone());
                    }
                }
                site.files.insert(address, copied);
            }
            Found::Redirect(to) => {
                links.insert(to.clone());
                site.redirects.insert(address, to);
            }
            Found::Nothing => {
                site.elsewhere.insert(address);
            }
        }
    }
    links
}

/// Writes the list of everything and removes what an earlier run wrote and is there no more.
fn finish(folder: &Folder, portal: &str, site: &Site) -> Result<()> {
    let headers: BTreeSet<&BTreeMap<String, String>> = site.files.values().map(|one| &one.headers).collect();
    let headers: Vec<_> = headers.into_iter().collect();
    let files = site
        .files
        .iter()
        .map(|(address, one)| Entry {
            address,
            file: &one.file,
            headers: headers.iter().position(|set| **set == one.headers).unwrap_or_default(),
            bytes: one.bytes,
            sha256: &one.sha256,
            packed: &one.packed,
        })
        .collect();
    let manifest =
        Manifest { portal, headers, files, redirects: &site.redirects, elsewhere: &site.elsewhere };
    let text =
        serde_json::to_vec(&manifest).map_err(|e| Error::internal("failed to list the exported site", e))?;
    let kept: BTreeSet<&str> = site
        .files
        .values()
        .flat_map(|one| one.packed.values().map(String::as_str).chain([one.file.as_str()]))
        .collect();
    let removed = folder.finish(&text, &kept)?;
    let (written, same) = folder.counted();
    let number = |count: usize| words::number(count as i128);
    say(&format!(
        "{} addresses in {}: {} files written, {} as they were, {removed} removed.",
        number(site.files.len()),
        folder.path().display(),
        number(written),
        number(same),
    ));
    say(&format!(
        "portal-site.json lists every file with its headers, and {} addresses that only the portal itself answers. The \
         search form does not search on a server of files: readers use the list from A to Z.",
        number(site.elsewhere.len())
    ));
    Ok(())
}
