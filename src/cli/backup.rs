//! `portal backup`: the database, the evidence and the keys in one folder, with a list of hashes to check it by.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use sha2::{Digest as _, Sha256};

use super::say::say;
use crate::access::Actor;
use crate::platform::canonical::hex;
use crate::platform::config::Config;
use crate::platform::db::{self, Target};
use crate::platform::error::{Error, Result};
use crate::platform::files::Files;

const MANIFEST: &str = "manifest.json";

/// Arguments of `portal backup`.
#[derive(Debug, Args)]
pub(super) struct BackupArguments {
    /// The folder to make; with --check, the folder to check.
    folder: PathBuf,
    /// Check an existing backup against its list of hashes instead of making one.
    #[arg(long)]
    check: bool,
}

/// Runs `portal backup`.
pub(super) fn backup(config: &Config, arguments: &BackupArguments) -> Result<()> {
    if arguments.check { check(&arguments.folder) } else { make(config, &arguments.folder) }
}

/// The database is copied before the files: whatever it refers to is then already on disk, because evidence is
/// written before the row that names it and never removed.
fn make(config: &Config, folder: &Path) -> Result<()> {
    if folder.exists() {
        return Err(Error::Refused(format!("{} is there already; name a new folder", folder.display())));
    }
    fs::create_dir_all(folder).map_err(|e| Error::io("failed to make the backup's folder", e))?;
    let target = config.target().map_err(Error::broken)?;
    let name = match target {
        Target::Sqlite(_) => "portal.sqlite",
        Target::Postgres(_) => "portal.pgdump",
    };
    say("Copying the database.");
    db::copy(&target, Actor::system_reach(), &folder.join(name))?;
    say("Copying files.");
    let mut copied = 0;
    if config.files.dir.exists() {
        copied = copy_tree(&config.files.dir, &folder.join("files"))?;
        let bucket = config.s3.bucket();
        if bucket.is_some() {
            say("Copying what is kept in the bucket.");
            let files = Files::open(&config.files.dir, config.files.upload_limit_mib, bucket.as_ref())?;
            copied += files.copy_bucket(&folder.join("files"))?;
        }
    }
    let hashes = hashes_of(folder)?;
    let text = serde_json::to_string_pretty(&hashes)
        .map_err(|e| Error::internal("failed to write the list of hashes", e))?;
    fs::write(folder.join(MANIFEST), text).map_err(|e| Error::io("failed to write the list of hashes", e))?;
    say(&format!("Backed up the database and {copied} files to {}.", folder.display()));
    say("The folder holds the ledger's signing key: keep it as safe as the portal itself.");
    Ok(())
}

fn check(folder: &Path) -> Result<()> {
    let text = fs::read_to_string(folder.join(MANIFEST))
        .map_err(|e| Error::Refused(format!("{} is no backup: {e}", folder.display())))?;
    let listed: BTreeMap<String, String> = serde_json::from_str(&text)
        .map_err(|e| Error::Refused(format!("the list of hashes is damaged: {e}")))?;
    let found = hashes_of(folder)?;
    let mut wrong: Vec<String> = listed
        .iter()
        .filter(|(name, hash)| found.get(*name) != Some(*hash))
        .map(|(name, _)| format!("{name} is missing or has changed"))
        .collect();
    wrong.extend(
        found.keys().filter(|name| !listed.contains_key(*name)).map(|name| format!("{name} is not listed")),
    );
    if wrong.is_empty() {
        say(&format!("All {} files are as they were backed up.", listed.len()));
        return Ok(());
    }
    Err(Error::Refused(format!("The backup is not as it was made:\n- {}", wrong.join("\n- "))))
}

fn copy_tree(from: &Path, to: &Path) -> Result<usize> {
    let failed = |e| Error::io("failed to copy the files", e);
    fs::create_dir_all(to).map_err(failed)?;
    let mut copied = 0;
    for entry in fs::read_dir(from).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let (path, into) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type().map_err(failed)?.is_dir() {
            // Uploads under way belong to no answer yet, drafts to nobody, and kept public pages are made again.
            if !["incoming", "drafts", crate::publication::KEPT].iter().any(|name| entry.file_name() == *name)
            {
                copied += copy_tree(&path, &into)?;
            }
        } else {
            fs::copy(&path, &into).map_err(failed)?;
            copied += 1;
        }
    }
    Ok(copied)
}

/// SHA-256 of every file below a folder but the list itself, by path from the folder.
fn hashes_of(folder: &Path) -> Result<BTreeMap<String, String>> {
    let mut hashes = BTreeMap::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(next) = waiting.pop() {
        let failed = |e| Error::io("failed to read the backup", e);
        for entry in fs::read_dir(&next).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            if path.is_dir() {
                waiting.push(path);
                continue;
            }
            let name = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().into_owned();
            if name != MANIFEST {
                let mut hash = Sha256::new();
                let mut file = fs::File::open(&path).map_err(failed)?;
                std::io::copy(&mut file, &mut hash).map_err(failed)?;
                hashes.insert(name, hex(&hash.finalize()));
            }
        }
    }
    Ok(hashes)
}
