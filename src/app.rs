//! The whole put together: the shared state from a configuration, every capability's routes, pages and job handlers.

use std::path::Path;
use std::sync::Arc;

use actix_web::http::Method;
use actix_web::web::{Data, ServiceConfig};

use crate::collections;
use crate::ledger::LogKey;
use crate::organisations;
use crate::platform::assets::Assets;
use crate::platform::clock::Clock;
use crate::platform::config::Config;
use crate::platform::db::Db;
use crate::platform::error::{Error, Result};
use crate::platform::files::Files;
use crate::platform::http::{Cookies, Kept, Portal, Routes, Tries};
use crate::platform::jobs::Handlers;
use crate::platform::mail::{self, Mailer};
use crate::platform::metrics::Metrics;
use crate::platform::pages::{PageCheck, Pages, PagesError};
use crate::platform::random::Random;
use crate::platform::secret;
use crate::platform::sweep;
use crate::publication::{KEPT, PublicSite};
use crate::returns;
use crate::review;
use crate::standing;

/// The portal and what runs beside it.
#[derive(Clone)]
pub struct Parts {
    /// What handlers share.
    pub portal: Portal,
    /// The ledger's signing key.
    pub key: LogKey,
    /// What jobs do.
    pub handlers: Handlers,
    /// The public pages in memory.
    pub site: PublicSite,
}

/// Opens everything that a configuration names. Does not migrate and does not listen.
///
/// # Errors
/// When the database, the files, the mail or the pages cannot be opened.
pub fn open(config: Config, clock: Arc<dyn Clock>, random: Arc<dyn Random>, demo: bool) -> Result<Parts> {
    let target = config.target().map_err(Error::broken)?;
    let db = Db::open(&target, config.database.connections, Arc::clone(&clock))?;
    let files = Files::open(&config.files.dir, config.files.upload_limit_mib, config.s3.bucket().as_ref())?;
    let key = log_key(&config, &*random)?;
    let link_key = secret::keep(&config.files.dir, "links", &*random)?;
    let mailer = Mailer::open(&config.mail.url, &config.mail.from)?;
    let assets = Arc::new(Assets::load().map_err(|e| Error::internal("failed to load the page assets", e))?);
    let pages =
        Arc::new(Pages::new(&assets).map_err(|e| Error::internal("failed to load the page templates", e))?);
    let portal = Portal {
        db,
        pages,
        assets,
        config: Arc::new(config),
        files,
        mailer,
        metrics: Metrics::new()?,
        clock,
        random,
        cookies: Cookies,
        tries: Tries::default(),
        kept: Kept::default(),
        link_key,
        demo,
    };
    let handlers = handlers(&portal);
    let kept = Some(portal.config.files.dir.join(KEPT));
    let site = PublicSite::open(&portal.db, &portal.pages, portal.config.public_url(), &key, kept)?;
    Ok(Parts { portal, key, handlers, site })
}

/// The ledger's signing key of this installation.
///
/// # Errors
/// When its secret can be neither read nor made.
pub fn log_key(config: &Config, random: &dyn Random) -> Result<LogKey> {
    Ok(LogKey::from_seed(&config.ledger.origin, &secret::keep(&config.files.dir, "ledger", random)?))
}

/// Whether a folder for files holds a ledger's signing key.
#[must_use]
pub fn has_log_key(files: &Path) -> bool {
    secret::is_kept(files, "ledger")
}

/// What every kind of job does.
fn handlers(portal: &Portal) -> Handlers {
    let mailer = portal.mailer.clone();
    let handlers = Handlers::default()
        .on(mail::SEND, move |db, job| mail::send(db, &mailer, job))
        .on_long(organisations::IMPORT, {
            let files = portal.files.clone();
            let limit = portal.config.files.import_limit_mib.saturating_mul(1024 * 1024);
            move |db, job| organisations::import_upload(db, &files, limit, job)
        })
        .on(sweep::SWEEP, {
            let files = portal.files.clone();
            move |db, job| sweep::sweep(db, &files, job)
        })
        .on(collections::SCHEDULE, collections::schedule)
        .on(crate::publication::CALENDAR, {
            let (url, random) = (portal.config.public_url().to_owned(), Arc::clone(&portal.random));
            move |db, job| crate::publication::calendar(db, &url, &random, job)
        })
        .on(returns::WARN, {
            let url = portal.config.public_url().to_owned();
            move |db, job| returns::warn_of_ends(db, &url, job)
        })
        .on(returns::SCAN, {
            let (files, config) = (portal.files.clone(), Arc::clone(&portal.config));
            // What cannot be read was refused when the configuration was.
            let scanner = config.files.scanner().unwrap_or_default();
            move |db, job| returns::scan(db, &files, scanner.as_ref(), config.public_url(), job)
        })
        .on(crate::standards::guidance::TELL, {
            let public_url = portal.config.public_url().to_owned();
            move |db, job| returns::tell_guidance(db, &public_url, job)
        })
        .on(returns::SETTLE, returns::settle)
        .on(returns::FILE_SITES, returns::file_sites)
        .on(returns::TELL_OF_SITES, {
            let public_url = portal.config.public_url().to_owned();
            move |db, job| returns::tell_of_sites(db, &public_url, job)
        })
        .on_long(standing::PEERS, standing::peers)
        .on(returns::FORGET_WORKBOOKS, returns::forget_workbooks)
        .on(returns::REMIND, {
            let public_url = portal.config.public_url().to_owned();
            move |db, job| returns::remind(db, &public_url, job)
        });
    crate::corrections::handlers(review::handlers(handlers, portal), portal)
}

/// Every route of the portal.
pub fn routes(portal: &Data<Portal>, site: &PublicSite) -> impl FnOnce(&mut ServiceConfig) + use<> {
    let (portal, site) = (portal.clone(), Data::new(site.clone()));
    move |config| {
        config.app_data(portal);
        config.app_data(site);
        Routes::of(places)(config);
    }
}

/// Every address of the portal with the methods that it takes, for the test that asks them all.
#[must_use]
pub fn addresses() -> Vec<(String, Method)> {
    Routes::listed(places)
}

fn places(routes: &mut Routes) {
    crate::publication::routes(routes);
    crate::site::routes(routes);
    crate::identity::routes(routes);
    organisations::routes(routes);
    crate::corrections::routes(routes);
    crate::standards::routes(routes);
    crate::collections::routes(routes);
    crate::certificates::routes(routes);
    crate::returns::routes(routes);
    crate::review::routes(routes);
    standing::routes(routes);
    crate::api::routes(routes);
}

/// The checks of every page, for the test that compares templates with their pages' fields.
///
/// # Errors
/// When a sample does not serialise.
pub fn page_checks() -> Result<Vec<PageCheck>, PagesError> {
    let mut checks = crate::platform::http::page_checks()?;
    checks.extend(crate::identity::page_checks()?);
    checks.extend(crate::publication::page_checks()?);
    checks.extend(crate::site::page_checks()?);
    checks.extend(organisations::page_checks()?);
    checks.extend(crate::standards::page_checks()?);
    checks.extend(crate::collections::page_checks()?);
    checks.extend(crate::certificates::page_checks()?);
    checks.extend(crate::returns::page_checks()?);
    checks.extend(crate::review::page_checks()?);
    checks.extend(crate::corrections::page_checks()?);
    checks.extend(standing::page_checks()?);
    checks.extend(crate::api::page_checks()?);
    Ok(checks)
}
