//! What every handler shares: the database, the pages, the files, the configuration and the sources of time and
//! randomness, as one value.

use std::sync::Arc;

use crate::platform::assets::Assets;
use crate::platform::clock::Clock;
use crate::platform::config::Config;
use crate::platform::db::Db;
use crate::platform::files::Files;
use crate::platform::http::{Cookies, Kept, Tries};
use crate::platform::mail::Mailer;
use crate::platform::metrics::Metrics;
use crate::platform::pages::Pages;
use crate::platform::random::Random;

/// The shared state of the server.
#[derive(Clone)]
pub struct Portal {
    /// The database.
    pub db: Db,
    /// Typed pages.
    pub pages: Arc<Pages>,
    /// Style sheets and scripts.
    pub assets: Arc<Assets>,
    /// Settings.
    pub config: Arc<Config>,
    /// Evidence and what else is kept as files.
    pub files: Files,
    /// The way out for mail.
    pub mailer: Mailer,
    /// Counters.
    pub metrics: Metrics,
    /// Where time comes from.
    pub clock: Arc<dyn Clock>,
    /// Where unguessable bytes come from.
    pub random: Arc<dyn Random>,
    /// Cookie names and attributes.
    pub cookies: Cookies,
    /// Failed tries by client address.
    pub tries: Tries,
    /// What capabilities keep in memory.
    pub kept: Kept,
    /// Signs links that are sent by mail.
    pub link_key: [u8; 32],
    /// Whether this is the demo, whose sign-in page lists personas.
    pub demo: bool,
}
