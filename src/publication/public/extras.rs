//! Files of releases that the fixed pages do not hold: bundles, and the lists of organisations of earlier releases. Made
//! once, in the background or at the first request, and kept, so that they are there while the database is not.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::PublicSite;
use super::body::Body;
use super::downloads::Large;
use crate::platform::db::Reach;
use crate::platform::error::{Error, Result};
use crate::publication::bundle::{BUNDLE, bundle_of};
use crate::publication::data::{Format, ORGANISATIONS};

/// One such file.
#[derive(Debug, Clone)]
pub(in crate::publication) enum Extra {
    /// In memory as a whole.
    Whole(Arc<Body>),
    /// In its packed form only.
    Packed(Large),
}

/// What is made already, by address.
#[derive(Debug, Default)]
pub(super) struct Extras(Mutex<BTreeMap<String, Extra>>);

impl Extras {
    pub(super) fn get(&self, address: &str) -> Option<Extra> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(address).cloned()
    }

    pub(super) fn put(&self, address: String, extra: Extra) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(address, extra);
    }

    /// Every one with its address, in order.
    pub(super) fn all(&self) -> Vec<(String, Extra)> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().map(|(address, extra)| (address.clone(), extra.clone())).collect()
    }
}

impl PublicSite {
    /// The bundle of a release.
    ///
    /// # Errors
    /// [`Error::NotFound`], or [`Error::Unavailable`] until the ledger has the release.
    pub(in crate::publication) fn bundle(&self, key: &str) -> Result<Arc<Body>> {
        let address = format!("/public/releases/{key}/{BUNDLE}");
        if let Some(Extra::Whole(body)) = self.shared.extras.get(&address) {
            return Ok(body);
        }
        if !self.now().titles.contains_key(key) {
            return Err(Error::NotFound);
        }
        let (signer, portal) = (self.shared.signer.clone().ok_or_else(away)?, self.shared.address.clone());
        let bytes = self.db()?.read_now(Reach::nobodys(), |conn| bundle_of(conn, &signer, &portal, key))?;
        let body = Arc::new(Body::file(&format!("{key}-bundle"), Format::Zip, bytes));
        self.shared.extras.put(address, Extra::Whole(Arc::clone(&body)));
        Ok(body)
    }

    /// The list of organisations of any release as a file.
    ///
    /// # Errors
    /// [`Error::NotFound`], or when the database cannot be read for one that is not made yet.
    pub(in crate::publication) fn list_of(&self, key: &str, csv: bool) -> Result<Large> {
        if self.is_current(key) {
            return self.organisations_file(csv);
        }
        let suffix = if csv { Format::Csv.suffix() } else { Format::Json.suffix() };
        let address = format!("/public/releases/{key}/{ORGANISATIONS}.{suffix}");
        if let Some(Extra::Packed(large)) = self.shared.extras.get(&address) {
            return Ok(large);
        }
        let large = self.earlier_organisations(key, csv)?;
        self.shared.extras.put(address, Extra::Packed(large.clone()));
        Ok(large)
    }

    /// Makes what is not made yet of every release; true when everything is there. A bundle follows as soon as the ledger
    /// has its release.
    pub(super) fn make_extras(&self) -> Result<bool> {
        let site = self.now();
        let mut all = true;
        let mut keys: Vec<&String> = site.titles.keys().collect();
        keys.sort();
        for key in keys {
            for csv in [true, false] {
                self.list_of(key, csv)?;
            }
            match self.bundle(key) {
                // A release of before there were bundles has none.
                Ok(_) | Err(Error::NotFound) => {}
                Err(Error::Unavailable(why)) => {
                    log::debug!(target: "portal::publication", "no bundle yet: {why}");
                    all = false;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(all)
    }

    /// Addresses of files that the fixed pages do not hold and that are made by now.
    #[must_use]
    pub fn more_addresses(&self) -> Vec<String> {
        let mut found: Vec<String> =
            self.shared.extras.all().into_iter().map(|(address, _)| address).collect();
        if let Some(current) = &self.now().current {
            for suffix in [Format::Csv.suffix(), Format::Json.suffix()] {
                found.push(format!("/public/data/{ORGANISATIONS}.{suffix}"));
                found.push(format!("{}/{ORGANISATIONS}.{suffix}", current.0.address()));
            }
        }
        found.sort();
        found.dedup();
        found
    }
}

/// What is answered while only what was kept can be shown.
pub(super) fn away() -> Error {
    Error::Unavailable("the database is away and this was not kept".to_owned())
}
