//! The public site in memory: every fixed page packed once, every organisation in a compact list. Requests for them
//! never touch the database, so they are answered while it is stopped. Other processes notice a new release by a
//! cheap question asked every few seconds.

mod a_to_z;
mod accept;
mod body;
mod build;
mod cite;
mod compare;
mod course;
mod dataset;
mod directory;
mod downloads;
mod extras;
mod feed;
mod files;
mod front;
mod glossary;
mod groups;
mod head;
mod kept;
mod mark;
mod near;
mod notices;
mod organisations;
mod quality;
mod share;
mod sitemap;
mod timeline;
mod trends;
mod years;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use actix_web::HttpResponse;
use actix_web::http::Method;
use actix_web::http::header::HeaderMap;

use self::body::Body;
use self::course::Versions;
use self::directory::Gathering;
use self::downloads::Large;
use self::extras::{Extras, away};
use self::organisations::Recent;
use self::sitemap::Sitemaps;
use super::bundle::districts_in;
use super::document::Document;
use super::release::ReleaseSummary;
use super::store;
use super::years::Years;
use crate::corrections::RevisedGrade;
use crate::ledger::LogKey;
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::{Conn, Db, Reach};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{OrganisationId, ReleaseId};
use crate::platform::pages::{Chrome, Link, NavItem, Pages};

pub use self::accept::{Encoding, names_tag, negotiate};
pub(super) use self::body::ASK_AGAIN;
pub(super) use self::build::{facts, figures_of};
pub(super) use self::directory::{Directory, Wanted};
pub use self::kept::KEPT;
pub(super) use self::near::district;
pub(super) use self::organisations::revised_row;

/// A release with its document.
pub(super) type Issued = (ReleaseSummary, Document);

/// The start of every organisation page's address.
const ORGANISATIONS: &str = "/public/organisations/";

/// Organisations read at a time.
const PORTION: i64 = 500;

/// The public site, shared by every request of the process. Cheap to clone.
#[derive(Clone)]
pub struct PublicSite {
    shared: Arc<Shared>,
}

struct Shared {
    /// None while only what was kept is served.
    db: Option<Db>,
    /// Signs bundles; none beside `db`.
    signer: Option<LogKey>,
    /// Where the state is kept for a start without the database; empty keeps nothing.
    kept: Option<PathBuf>,
    /// What is on the disk already.
    kept_mark: Mutex<Option<kept::KeptMark>>,
    extras: Extras,
    pages: Arc<Pages>,
    /// The portal's address without a slash at its end.
    address: String,
    now: RwLock<Arc<Site>>,
    building: Mutex<()>,
}

/// One state of the public site; replaced as a whole when something is published.
pub(super) struct Site {
    mark: (i64, i64),
    fixed: HashMap<String, Arc<Body>>,
    /// The release that the pages without a key show.
    pub current: Option<Arc<Issued>>,
    /// Public versions of each source's figures.
    versions: Versions,
    /// The tables of every year.
    years: Arc<Years>,
    /// Names of releases by key, and the days they became public, for history.
    titles: HashMap<String, (String, Option<Day>)>,
    /// Since when corrected rules count, by the address of the notice.
    corrected: HashMap<String, Day>,
    /// Published grades of the current release that corrections of rules changed, by the organisation's code.
    pub revised: BTreeMap<String, RevisedGrade>,
    directory: OnceLock<Arc<Directory>>,
    organisations_csv: OnceLock<Large>,
    organisations_json: OnceLock<Large>,
    pub recent: Recent,
    sitemaps: OnceLock<Sitemaps>,
    packed: OnceLock<()>,
}

impl PublicSite {
    /// Builds the site from what the database holds as published. The list of organisations follows at the first
    /// [`PublicSite::tend`] or at the first request that needs it, so that a process is ready at once. `address` is the
    /// portal's own, for descriptions that are read elsewhere; `signer` signs what people can check; the state is kept in
    /// the folder `kept`, if one is given.
    ///
    /// # Errors
    /// When the database cannot be read or a page cannot be rendered.
    pub fn open(
        db: &Db,
        pages: &Arc<Pages>,
        address: &str,
        signer: &LogKey,
        kept: Option<PathBuf>,
    ) -> Result<Self> {
        let site = build::site(db, pages, address, signer)?;
        Ok(Self::of(site, pages, address, (Some(db.clone()), Some(signer.clone()), kept)))
    }

    fn of(
        site: Site,
        pages: &Arc<Pages>,
        address: &str,
        (db, signer, kept): (Option<Db>, Option<LogKey>, Option<PathBuf>),
    ) -> Self {
        let shared = Shared {
            db,
            signer,
            kept,
            kept_mark: Mutex::default(),
            extras: Extras::default(),
            pages: Arc::clone(pages),
            address: address.to_owned(),
            now: RwLock::new(Arc::new(site)),
            building: Mutex::new(()),
        };
        Self { shared: Arc::new(shared) }
    }

    /// The database.
    fn db(&self) -> Result<&Db> {
        self.shared.db.as_ref().ok_or_else(away)
    }

    /// Answers a GET or HEAD request for a fixed page or file, or for an organisation's page that was asked for lately; `None` when there is none at this path. Makes nothing,
    /// asks nobody: a look into a map and a copy of references.
    #[must_use]
    pub fn answer(&self, method: &Method, path: &str, headers: &HeaderMap) -> Option<HttpResponse> {
        if *method != Method::GET && *method != Method::HEAD {
            return None;
        }
        let now = self.shared.now.read().unwrap_or_else(PoisonError::into_inner);
        match now.fixed.get(path) {
            Some(body) => Some(body.answer_to(headers)),
            None => now.recent.get(path.strip_prefix(ORGANISATIONS)?).map(|body| body.answer_to(headers)),
        }
    }

    /// The present state.
    pub(super) fn now(&self) -> Arc<Site> {
        Arc::clone(&self.shared.now.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The page engine.
    pub(super) fn pages(&self) -> &Pages {
        &self.shared.pages
    }

    /// Builds the site anew when something was published since; true when it was.
    ///
    /// # Errors
    /// When the database cannot be read; the present state then stays.
    pub fn refresh(&self) -> Result<bool> {
        let Some(db) = &self.shared.db else { return Ok(false) };
        if db.read_now(Reach::nobodys(), store::site_mark)? == self.now().mark {
            return Ok(false);
        }
        let _one_at_a_time = self.shared.building.lock().unwrap_or_else(PoisonError::into_inner);
        if db.read_now(Reach::nobodys(), store::site_mark)? == self.now().mark {
            // Somebody else built it while this waited.
            return Ok(true);
        }
        let site = build::site(
            db,
            &self.shared.pages,
            &self.shared.address,
            self.shared.signer.as_ref().ok_or_else(away)?,
        )?;
        site.load_directory(db)?;
        *self.shared.now.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(site);
        Ok(true)
    }

    /// One step of the background work: notices what other processes published, loads the list of organisations and
    /// packs what is not packed yet. True when there was something to do.
    ///
    /// # Errors
    /// When the database cannot be read; the present state then stays.
    pub fn tend(&self) -> Result<bool> {
        let changed = self.refresh()?;
        let site = self.now();
        let loaded = site.directory.get().is_none() && site.current.is_some();
        self.directory(&site)?;
        let packed = site.packed.set(()).is_ok();
        if packed {
            site.fixed.values().for_each(|body| body.pack());
        }
        let whole = self.make_extras()?;
        let kept = whole && self.keep()?;
        Ok(changed || loaded || packed || kept)
    }

    /// The organisations of the current release. Reads the database at most once for each state of the site.
    pub(super) fn directory(&self, site: &Site) -> Result<Arc<Directory>> {
        if let Some(directory) = site.directory.get() {
            return Ok(Arc::clone(directory));
        }
        let _one_at_a_time = self.shared.building.lock().unwrap_or_else(PoisonError::into_inner);
        site.load_directory(self.db()?)
    }

    /// Whether this is the key of the release that the pages without a key show.
    pub(super) fn is_current(&self, key: &str) -> bool {
        self.now().current.as_ref().is_some_and(|current| current.0.key == key)
    }

    /// The list of organisations as a file, made at the first request.
    pub(super) fn organisations_file(&self, csv: bool) -> Result<Large> {
        let site = self.now();
        let place = if csv { &site.organisations_csv } else { &site.organisations_json };
        if let Some(ready) = place.get() {
            return Ok(ready.clone());
        }
        let directory = self.directory(&site)?;
        let (_, document) = &**site.current.as_ref().ok_or(Error::NotFound)?;
        let large = downloads::organisations(&directory, document, csv)?;
        Ok(place.get_or_init(|| large).clone())
    }

    /// The list of organisations of an earlier release, read from the database.
    pub(super) fn earlier_organisations(&self, key: &str, csv: bool) -> Result<Large> {
        let key = key.to_owned();
        let (document, records, regions) = self.db()?.read_now(Reach::nobodys(), move |conn| {
            let found = store::release_by_key(conn, &key)?.filter(|release| release.published_at.is_some());
            let found = found.ok_or(Error::NotFound)?;
            let document = Document::read(&store::document_of(conn, found.id)?)?;
            Ok((document, store::rows_of(conn, found.id)?, store::region_names(conn)?))
        })?;
        downloads::of_records(&records, &regions, &document, csv)
    }

    /// The address of a version of a source's figures: `latest`, or `v` and its number; none where there is no such version.
    pub(super) fn version(&self, stem: &str, wanted: &str) -> Option<String> {
        let site = self.now();
        let of_source = site.versions.get(stem)?;
        let found = match wanted.strip_prefix('v') {
            Some(number) => {
                let number: u32 = number.parse().ok()?;
                of_source.iter().find(|(known, _)| *known == number)
            }
            None if wanted == "latest" => of_source.last(),
            None => None,
        };
        found.map(|(_, address)| address.clone())
    }

    /// Bytes held by pages and by the list of organisations, for the metrics and the tests.
    #[must_use]
    pub fn weight(&self) -> (usize, usize) {
        let site = self.now();
        // A file can stand at two addresses.
        let mut seen = HashSet::new();
        let pages = site.fixed.values().filter(|body| seen.insert(Arc::as_ptr(body)));
        let pages = pages.map(|body| body.weight()).sum();
        (pages, site.directory.get().map_or(0, |directory| directory.weight()))
    }

    /// The addresses of every fixed page and file, in order.
    #[must_use]
    pub fn addresses(&self) -> Vec<String> {
        let mut addresses: Vec<String> = self.now().fixed.keys().cloned().collect();
        addresses.sort();
        addresses
    }
}

impl Site {
    fn load_directory(&self, db: &Db) -> Result<Arc<Directory>> {
        if let Some(directory) = self.directory.get() {
            return Ok(Arc::clone(directory));
        }
        let directory = match &self.current {
            None => Directory::default(),
            Some(current) => {
                let (id, as_at) = (current.0.id, current.0.as_at);
                db.read_now(Reach::nobodys(), |conn| gathered(conn, id, as_at, &self.revised))?
            }
        };
        Ok(Arc::clone(self.directory.get_or_init(|| Arc::new(directory))))
    }
}

/// Reads the organisations of a release with their history, a portion at a time.
fn gathered(
    conn: &mut Conn,
    id: ReleaseId,
    as_at: Timestamp,
    revised: &BTreeMap<String, RevisedGrade>,
) -> Result<Directory> {
    // As they were when the release was prepared: what is frozen is found as it was.
    let districts =
        store::inputs_of(conn, id)?.map(|inputs| districts_in(&inputs)).transpose()?.unwrap_or_default();
    let mut gathering = Gathering::begin(store::region_names(conn)?, districts);
    let mut after = OrganisationId::new(0);
    loop {
        let records = store::rows_after(conn, id, after, PORTION)?;
        let (Some(first), Some(last)) = (records.first(), records.last()) else { break };
        let (first, last) = (first.organisation, last.organisation);
        gathering.add(&records, store::history(conn, (first, last), as_at)?, revised)?;
        after = last;
    }
    gathering.finish()
}

/// What surrounds every public page. It is the same for everybody, whoever is signed in: the pages are made once.
fn chrome(path: &str) -> Chrome {
    let item = |text: &str, href: &str| NavItem {
        text: text.to_owned(),
        href: href.to_owned(),
        current: path == href,
        active: href != "/" && path.starts_with(href),
    };
    Chrome {
        service_name: "Data security assurance".to_owned(),
        home_href: "/".to_owned(),
        navigation: vec![
            item("Results", "/"),
            item("By sector", "/public/sectors"),
            item("By region", "/public/regions"),
            item("Find an organisation", "/public/organisations"),
            item("Releases", "/public/releases"),
            item("Data", "/public/data"),
        ],
        footer: vec![
            Link::new("Help", "/help"),
            Link::new("Accessibility statement", "/accessibility"),
            Link::new("How these figures are made", "/public/methodology"),
            Link::new("Calendar of releases", "/public/calendar"),
            Link::new("Data quality", "/public/data-quality"),
            Link::new("Glossary", "/public/glossary"),
            Link::new("Revisions", "/public/revisions"),
            Link::new("Corrections", "/public/corrections"),
            Link::new("Check these figures yourself", "/public/check"),
            Link::new("Check the ledger", "/ledger"),
            Link::new("Interface for programs", "/api"),
        ],
        ..Chrome::default()
    }
}
