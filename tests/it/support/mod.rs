//! A world for one test: its own database, a clock that stands still, seeded randomness, mail kept in memory, and
//! browsers that keep cookies. Every scenario runs on SQLite and on PostgreSQL through `on_both!`.

mod bare;
mod browser;
pub mod bucket;
pub mod oscal;
mod postgres;
mod reviewing;
pub mod seed;
pub mod served;
pub mod smtp;
pub mod year;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use actix_web::web::Data;
use diesel::prelude::*;
use portal::access::Actor;
use portal::app::{self, Parts};
use portal::ledger;
use portal::platform::clock::{Clock as _, FixedClock, Timestamp, parse_london};
use portal::platform::config::{Config, S3};
use portal::platform::db::{self, Db, Reach};
use portal::platform::http::Portal;
use portal::platform::jobs;
use portal::platform::random::SeededRandom;
use portal::schema::outbound_mail;

pub use bare::Bare;
pub use browser::{Answer, Browser};

/// Makes two tests of each scenario, one on each database: `on_both!(a_scenario, another);` for
/// `async fn a_scenario(world: World)`.
#[macro_export]
macro_rules! on_both {
    ($($scenario:ident),* $(,)?) => {
        mod sqlite {
            $(#[test] fn $scenario() { $crate::support::World::run($crate::support::World::sqlite(), super::$scenario); })*
        }
        mod postgres {
            $(#[test] fn $scenario() {
                if let Some(world) = $crate::support::World::postgres() {
                    $crate::support::World::run(world, super::$scenario);
                }
            })*
        }
    };
}

/// Seeds of worlds that are opened again.
static SEEDS: AtomicU64 = AtomicU64::new(2);

/// What a test itself may see of the database, which is all of it.
pub const fn everybodys() -> Reach {
    Actor::system_reach()
}

/// One test's world.
pub struct World {
    pub parts: Parts,
    pub clock: Arc<FixedClock>,
    place: Arc<Place>,
    front: browser::Front,
}

/// Where a world's data is; gone with the last that holds it.
struct Place {
    url: String,
    /// Settings that the test chose.
    chosen: Mutex<HashMap<String, String>>,
    folder: tempfile::TempDir,
    database: Option<postgres::Throwaway>,
}

impl Place {
    pub(super) fn environment(&self) -> HashMap<String, String> {
        [
            ("PORTAL_DATABASE__URL", self.url.clone()),
            ("PORTAL_DATABASE__CONNECTIONS", "2".to_owned()),
            ("PORTAL_FILES__DIR", self.folder.path().join("files").display().to_string()),
            ("PORTAL_FILES__UPLOAD_LIMIT_MIB", "2".to_owned()),
            ("PORTAL_FILES__IMPORT_LIMIT_MIB", "2".to_owned()),
            ("PORTAL_MAIL__URL", "memory://".to_owned()),
            ("PORTAL_HTTP__LISTEN", "127.0.0.1:0".to_owned()),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .chain(self.chosen.lock().unwrap().clone())
        .collect()
    }
}

impl World {
    /// A world on a fresh SQLite file.
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("portal.sqlite").display());
        Self::open(Arc::new(Place { url, chosen: Mutex::default(), folder, database: None }))
    }

    /// A world on a fresh PostgreSQL database; none, with the reason printed, when no server was given.
    pub fn postgres() -> Option<Self> {
        let database = postgres::Throwaway::create()?;
        let url = database.url.clone();
        Some(Self::open(Arc::new(Place {
            url,
            chosen: Mutex::default(),
            folder: tempfile::tempdir().unwrap(),
            database: Some(database),
        })))
    }

    fn open(place: Arc<Place>) -> Self {
        // Causes go to the log and never to the page; a test that fails shows them. Only the first world sets it up.
        env_logger::Builder::from_env(env_logger::Env::default().default_filter_or("error"))
            .is_test(true)
            .try_init()
            .unwrap_or_default();
        let config = Config::from_sources(&place.environment()).unwrap();
        if place.database.is_none() {
            db::migrate(&config.target().unwrap()).unwrap();
        }
        // A Tuesday in winter, so that London and UTC agree unless a test says otherwise.
        let clock = Arc::new(FixedClock::at(parse_london("2026-01-13 10:00").unwrap()));
        let parts = app::open(config, clock.clone(), Arc::new(SeededRandom::new(1)), false).unwrap();
        Self { parts, clock, place, front: browser::Front::default() }
    }

    /// The same world with a malware scanner at this address, which may take so many seconds.
    pub fn scanned_by(mut self, scanner: &str, seconds: u64) -> Self {
        let mut config = (*self.parts.portal.config).clone();
        scanner.clone_into(&mut config.files.scanner);
        config.files.scan_seconds = seconds;
        self.reopen(config);
        self
    }

    /// The same world with files in this bucket, and with uploads of so many megabytes.
    pub fn kept_in(mut self, s3: S3, upload_limit_mib: u64) -> Self {
        let settings = [
            ("PORTAL_S3__BUCKET", s3.bucket.clone()),
            ("PORTAL_S3__FOLDER", s3.folder.clone()),
            ("PORTAL_S3__REGION", s3.region.clone()),
            ("PORTAL_S3__ENDPOINT", s3.endpoint.clone()),
            ("PORTAL_S3__ACCESS_KEY_ID", s3.access_key_id.clone()),
            ("PORTAL_S3__SECRET_ACCESS_KEY", s3.secret_access_key.0.clone()),
            ("PORTAL_S3__PATH_STYLE", s3.path_style.to_string()),
            ("PORTAL_FILES__UPLOAD_LIMIT_MIB", upload_limit_mib.to_string()),
        ];
        self.place.chosen.lock().unwrap().extend(settings.map(|(name, value)| (name.to_owned(), value)));
        let mut config = (*self.parts.portal.config).clone();
        config.s3 = s3;
        config.files.upload_limit_mib = upload_limit_mib;
        self.reopen(config);
        self
    }

    fn reopen(&mut self, config: Config) {
        // Another seed each time: what was made with the one before is still there.
        let random = SeededRandom::new(SEEDS.fetch_add(1, Ordering::Relaxed));
        self.parts = app::open(config, self.clock.clone(), Arc::new(random), false).unwrap();
        self.front = browser::Front::default();
    }

    /// Runs a scenario to its end.
    pub fn run<F: Future<Output = ()>>(self, scenario: impl FnOnce(Self) -> F) {
        actix_web::rt::System::new().block_on(scenario(self));
    }

    /// The database.
    pub fn db(&self) -> &Db {
        &self.parts.portal.db
    }

    /// The shared state.
    pub fn portal(&self) -> &Portal {
        &self.parts.portal
    }

    /// The folder that only this test uses.
    pub fn folder(&self) -> &std::path::Path {
        self.place.folder.path()
    }

    /// The mails of a template in the outbox, sent or not, in order: to whom, subject, text and HTML.
    pub fn queued(&self, template: &str) -> Vec<(String, String, String, String)> {
        let template = template.to_owned();
        self.db()
            .read_now(everybodys(), move |conn| {
                Ok(outbound_mail::table
                    .filter(outbound_mail::template.eq(&template))
                    .order(outbound_mail::id)
                    .select((
                        outbound_mail::to_address,
                        outbound_mail::subject,
                        outbound_mail::text_body,
                        outbound_mail::html_body,
                    ))
                    .load(conn)?)
            })
            .unwrap()
    }

    /// The present moment.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A new browser without cookies.
    pub fn browser(&self) -> Browser {
        Browser::new(
            &self.front,
            Data::new(self.parts.portal.clone()),
            Data::new(self.parts.key.clone()),
            self.parts.site.clone(),
        )
    }

    /// Runs every job that is due, and those they enqueue, and sequences the ledger.
    pub fn settle(&self) {
        while jobs::run_once(self.db(), &self.parts.handlers, "test").unwrap() {}
        while ledger::sequence_once(self.db(), &self.parts.key).unwrap() > 0 {}
        while self.parts.site.tend().unwrap() {}
    }

    /// The PostgreSQL server's own database, and the name of this world's.
    pub fn server(&self) -> (PgConnection, String) {
        let database = self.place.database.as_ref().expect("a world on PostgreSQL");
        (database.server(), database.name.clone())
    }

    /// Another program's connection to this world's PostgreSQL database.
    #[expect(clippy::disallowed_methods, reason = "another program's own connection")]
    pub fn another_connection(&self) -> PgConnection {
        PgConnection::establish(&self.place.url).unwrap()
    }

    /// The settings with which a command of the real binary works on this world.
    pub fn environment(&self) -> HashMap<String, String> {
        self.place.environment()
    }

    /// The address of another database on this world's PostgreSQL server, or of this world's under another role.
    pub fn address_of(role: &str, name: &str) -> String {
        postgres::replace_name(role, name)
    }

    /// Mails sent so far.
    pub fn mails(&self) -> Vec<String> {
        self.parts.portal.mailer.kept()
    }
}

impl Drop for World {
    /// A test that leaves due jobs behind has not looked at everything it caused.
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let now = self.clock.now();
        if let Ok((waiting, _)) = self.db().read_now(everybodys(), move |conn| jobs::lag(conn, now)) {
            assert_eq!(waiting, 0, "{waiting} jobs are due at the test's end: call world.settle()");
        }
    }
}
