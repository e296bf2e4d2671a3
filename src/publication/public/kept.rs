//! The state of the public site on disk: one file with every page and file in all its encodings, replaced as a whole, so
//! that a process can start and serve while the database is away.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::{Arc, OnceLock, PoisonError};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::body::{Body, BodyParts};
use super::course::Versions;
use super::directory::Directory;
use super::downloads::{Large, LargeParts};
use super::extras::Extra;
use super::organisations::Recent;
use super::{PublicSite, Site};
use crate::corrections::RevisedGrade;
use crate::platform::canonical::{hex, sha256};
use crate::platform::clock::Day;
use crate::platform::error::{Error, Result};
use crate::platform::pages::Pages;
use crate::platform::whole_file;
use crate::publication::document::Document;
use crate::publication::release::ReleaseSummary;
use crate::publication::years::Years;

/// The folder below that of the files.
pub const KEPT: &str = "public";
/// The one file.
const FILE: &str = "site.kept";
/// How it begins.
const MAGIC: &[u8; 16] = b"portal-site v3\r\n";
/// Bytes of the hash at its end.
const HASH: usize = 32;

/// Which state is on the disk: what the pages were made from, and how many files are beside them.
pub(super) type KeptMark = ((i64, i64), usize);

/// Everything but the bytes of bodies, which follow one after the other.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Index {
    mark: (i64, i64),
    bodies: Vec<BodyParts>,
    /// Which body stands at an address.
    fixed: BTreeMap<String, usize>,
    wholes: BTreeMap<String, usize>,
    larges: BTreeMap<String, LargeParts>,
    lists: Vec<LargeParts>,
    current: Option<(ReleaseSummary, Document)>,
    versions: Versions,
    /// Left out by programs of before.
    #[serde(default)]
    years: Arc<Years>,
    titles: HashMap<String, (String, Option<Day>)>,
    corrected: HashMap<String, Day>,
    revised: BTreeMap<String, RevisedGrade>,
    directory: Option<Arc<Directory>>,
}

/// Gathers bodies; one that stands at several addresses is written once.
#[derive(Default)]
struct Gathered {
    bodies: Vec<BodyParts>,
    places: HashMap<*const Body, usize>,
    bytes: Vec<bytes::Bytes>,
}

impl Gathered {
    fn add(&mut self, body: &Arc<Body>) -> usize {
        if let Some(place) = self.places.get(&Arc::as_ptr(body)) {
            return *place;
        }
        let (parts, bytes) = body.parts();
        self.bytes.extend(bytes);
        self.bodies.push(parts);
        self.places.insert(Arc::as_ptr(body), self.bodies.len() - 1);
        self.bodies.len() - 1
    }

    fn large(&mut self, large: &Large) -> LargeParts {
        let (parts, bytes) = large.parts();
        self.bytes.push(bytes);
        parts
    }
}

/// Takes pieces off the front of what was read.
struct Cursor {
    bytes: bytes::Bytes,
}

impl Cursor {
    fn take(&mut self, size: usize) -> Result<bytes::Bytes> {
        if size > self.bytes.len() {
            return Err(Error::broken("the kept public pages end too early"));
        }
        Ok(self.bytes.split_to(size))
    }
}

impl PublicSite {
    /// Keeps the present state if it is not kept yet; true when it was written now.
    pub(super) fn keep(&self) -> Result<bool> {
        let Some(folder) = &self.shared.kept else { return Ok(false) };
        let site = self.now();
        let extras = self.shared.extras.all();
        let mark = (site.mark, extras.len());
        let mut there = self.shared.kept_mark.lock().unwrap_or_else(PoisonError::into_inner);
        if *there == Some(mark) {
            return Ok(false);
        }
        let pieces = pieces(&site, &extras)?;
        if there.is_none() {
            whole_file::clear(folder, FILE)?;
        }
        whole_file::write(folder, FILE, &pieces)?;
        *there = Some(mark);
        Ok(true)
    }

    /// The site as it was kept in a folder; none when nothing was.
    ///
    /// # Errors
    /// When what was kept is damaged.
    pub fn kept(folder: &Path, pages: &Arc<Pages>, address: &str) -> Result<Option<Self>> {
        let Some(bytes) = whole_file::read(folder, FILE)? else { return Ok(None) };
        let (site, extras) = read(bytes)?;
        let kept = Self::of(site, pages, address, (None, None, None));
        for (address, extra) in extras {
            kept.shared.extras.put(address, extra);
        }
        Ok(Some(kept))
    }
}

/// The bytes of a state: how it begins, the length of the index, the index, the bodies, and a hash over it all. Bodies are
/// those in use and no copies: a whole site twice over would stay with the allocator for good.
fn pieces(site: &Site, extras: &[(String, Extra)]) -> Result<Vec<bytes::Bytes>> {
    let mut gathered = Gathered::default();
    let mut addresses: Vec<&String> = site.fixed.keys().collect();
    addresses.sort();
    let mut fixed = BTreeMap::new();
    for address in addresses {
        if let Some(body) = site.fixed.get(address) {
            fixed.insert(address.clone(), gathered.add(body));
        }
    }
    let mut wholes = BTreeMap::new();
    for (address, extra) in extras {
        if let Extra::Whole(body) = extra {
            wholes.insert(address.clone(), gathered.add(body));
        }
    }
    // In the order in which they are read again.
    let mut larges = BTreeMap::new();
    for (address, extra) in extras {
        if let Extra::Packed(large) = extra {
            larges.insert(address.clone(), gathered.large(large));
        }
    }
    let lists = [&site.organisations_csv, &site.organisations_json].map(OnceLock::get);
    let lists = lists.into_iter().flatten().map(|large| gathered.large(large)).collect();
    let index = Index {
        mark: site.mark,
        bodies: gathered.bodies,
        fixed,
        wholes,
        larges,
        lists,
        current: site.current.as_deref().cloned(),
        versions: site.versions.clone(),
        years: Arc::clone(&site.years),
        titles: site.titles.clone(),
        corrected: site.corrected.clone(),
        revised: site.revised.clone(),
        directory: site.directory.get().cloned(),
    };
    let index =
        serde_json::to_vec(&index).map_err(|e| Error::internal("failed to list the kept public pages", e))?;
    let mut head = MAGIC.to_vec();
    head.extend_from_slice(&(index.len() as u64).to_be_bytes());
    let mut pieces = vec![bytes::Bytes::from(head), bytes::Bytes::from(index)];
    pieces.extend(gathered.bytes);
    let mut hash = Sha256::new();
    for piece in &pieces {
        hash.update(piece);
    }
    pieces.push(bytes::Bytes::copy_from_slice(&hash.finalize()));
    Ok(pieces)
}

/// What was kept, once its hash is right.
fn read(bytes: Vec<u8>) -> Result<(Site, Vec<(String, Extra)>)> {
    let damaged = || Error::broken("the kept public pages are damaged");
    let end = bytes.len().checked_sub(HASH).ok_or_else(damaged)?;
    let (content, hash) = bytes.split_at_checked(end).ok_or_else(damaged)?;
    if !content.starts_with(MAGIC) {
        return Err(Error::broken("the kept public pages were not kept by this version of the program"));
    }
    if hash != sha256(content) {
        return Err(Error::broken(format!(
            "the kept public pages are damaged: they hash to {}",
            hex(&sha256(content))
        )));
    }
    let mut cursor = Cursor { bytes: bytes::Bytes::from(bytes).slice(MAGIC.len()..end) };
    let length: [u8; 8] = cursor.take(8)?.as_ref().try_into().map_err(|_| damaged())?;
    let length = usize::try_from(u64::from_be_bytes(length)).map_err(|_| damaged())?;
    let index: Index = serde_json::from_slice(&cursor.take(length)?)
        .map_err(|e| Error::internal("failed to read the list of the kept public pages", e))?;
    // What was read stays as long as any piece of it: so the pieces go without the index, which is as long as they are.
    cursor.bytes = bytes::Bytes::copy_from_slice(&cursor.bytes);
    let mut bodies = Vec::with_capacity(index.bodies.len());
    for parts in &index.bodies {
        let [identity, gzip, brotli] = parts.sizes();
        let pieces = [cursor.take(identity)?, cursor.take(gzip)?, cursor.take(brotli)?];
        bodies.push(Arc::new(Body::restored(parts, pieces)?));
    }
    let at = |place: usize| bodies.get(place).cloned().ok_or_else(damaged);
    let mut fixed = HashMap::new();
    for (address, place) in index.fixed {
        fixed.insert(address, at(place)?);
    }
    let mut extras = Vec::new();
    for (address, place) in index.wholes {
        extras.push((address, Extra::Whole(at(place)?)));
    }
    for (address, parts) in index.larges {
        let bytes = cursor.take(parts.size)?;
        extras.push((address, Extra::Packed(Large::restored(parts, bytes))));
    }
    let lists = [OnceLock::new(), OnceLock::new()];
    for (place, parts) in lists.iter().zip(index.lists) {
        let bytes = cursor.take(parts.size)?;
        place.get_or_init(|| Large::restored(parts, bytes));
    }
    let [organisations_csv, organisations_json] = lists;
    let directory = OnceLock::new();
    if let Some(kept) = index.directory {
        directory.get_or_init(|| kept);
    }
    let site = Site {
        mark: index.mark,
        fixed,
        current: index.current.map(Arc::new),
        versions: index.versions,
        years: index.years,
        titles: index.titles,
        corrected: index.corrected,
        revised: index.revised,
        directory,
        organisations_csv,
        organisations_json,
        recent: Recent::default(),
        sitemaps: OnceLock::new(),
        packed: OnceLock::new(),
    };
    Ok((site, extras))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_damaged_is_told() {
        let mut content = MAGIC.to_vec();
        content.extend_from_slice(&u64::MAX.to_be_bytes());
        let hash = sha256(&content);
        content.extend_from_slice(&hash);
        assert!(read(content.clone()).is_err());
        content[20] ^= 1;
        assert!(read(content).is_err());
        assert!(read(Vec::new()).is_err());
        let mut other = b"portal-site v2\r\n".to_vec();
        other.extend_from_slice(&sha256(&other));
        assert!(read(other).is_err_and(|e| e.to_string().contains("not kept by this version")));
    }
}
