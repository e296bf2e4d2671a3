//! Configuration: the commented defaults embedded from `config/default.toml`, then an optional file, then the
//! environment. Passed as a value; nothing else reads the environment.

mod bucket;

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use serde::Deserialize;

use super::db::Target;
use super::files::Scanner;

pub use bucket::{Hidden, S3};

const DEFAULTS: &str = include_str!("../../config/default.toml");

/// Everything that can be set.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where the data is.
    pub database: Database,
    /// How people reach the portal.
    pub http: Http,
    /// Where files are kept.
    pub files: Files,
    /// A bucket for files, instead of the folder.
    pub s3: S3,
    /// How mail leaves.
    pub mail: Mail,
    /// The metrics listener.
    pub metrics: Metrics,
    /// The transparency log.
    pub ledger: Ledger,
    /// Background work.
    pub jobs: Jobs,
    /// What the central team promises about its decisions.
    pub review: Review,
}

/// Where the data is.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// `sqlite://PATH` or `postgres://...`.
    pub url: String,
    /// Connections for reads.
    pub connections: u32,
}

/// How people reach the portal.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Http {
    /// Address and port to listen on.
    pub listen: String,
    /// The address people use.
    pub public_url: String,
    /// Threads that answer requests; 0 means one per core.
    pub workers: usize,
    /// Minutes a session lasts without use.
    pub session_idle_minutes: i64,
    /// Hours a session lasts at most.
    pub session_hours: i64,
    /// Largest form or API body, in KiB.
    pub body_limit_kib: usize,
    /// Addresses of proxies whose `X-Forwarded-For` is believed, with commas or spaces between; empty is none.
    pub trusted_proxies: String,
}

impl Http {
    /// The proxies that may say where a request came from.
    #[must_use]
    pub fn proxies(&self) -> Vec<IpAddr> {
        self.named_proxies().filter_map(|name| name.parse().ok()).collect()
    }

    fn named_proxies(&self) -> impl Iterator<Item = &str> {
        self.trusted_proxies.split([',', ' ']).filter(|name| !name.is_empty())
    }
}

/// Where files are kept.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Files {
    /// The folder.
    pub dir: PathBuf,
    /// Largest upload, in MiB.
    pub upload_limit_mib: u64,
    /// The malware scanner as `tcp://HOST:PORT`; empty is none.
    pub scanner: String,
    /// Seconds that one scan may take.
    pub scan_seconds: u64,
    /// Largest file of organisations that can be imported in the browser, in MiB.
    pub import_limit_mib: u64,
}

impl Files {
    /// The malware scanner, where one is set up.
    ///
    /// # Errors
    /// What its address must look like.
    pub fn scanner(&self) -> Result<Option<Scanner>, String> {
        if self.scanner.is_empty() {
            return Ok(None);
        }
        Scanner::at(&self.scanner, self.scan_seconds).map(Some)
    }
}

/// How mail leaves.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// `smtp://`, `smtps://`, `file://DIR` or `memory://`.
    pub url: String,
    /// The sender.
    pub from: String,
}

/// The metrics listener.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metrics {
    /// Address and port; empty is off.
    pub listen: String,
}

/// The transparency log.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ledger {
    /// The log's name in its checkpoints.
    pub origin: String,
}

/// Background work.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Jobs {
    /// Whether `serve` also works.
    pub in_server: bool,
}

/// What the central team promises about its decisions.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// Working days for which a decision can be challenged.
    pub challenge_working_days: u32,
}

impl Config {
    /// The defaults, the file that `PORTAL_CONFIG` names, and the environment, in that order.
    ///
    /// # Errors
    /// Everything that is wrong, one line each.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    pub fn load() -> Result<Self, Vec<String>> {
        let environment: HashMap<String, String> = std::env::vars().collect();
        Self::from_sources(&environment)
    }

    /// [`Config::load`] from a given environment.
    ///
    /// # Errors
    /// Everything that is wrong, one line each.
    pub fn from_sources(environment: &HashMap<String, String>) -> Result<Self, Vec<String>> {
        // Only names with a section are settings: PORTAL_CONFIG and the tests' own variables are not.
        let settings: HashMap<String, String> = environment
            .iter()
            .filter(|(name, _)| name.starts_with("PORTAL_") && name.contains("__"))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        let mut builder =
            config::Config::builder().add_source(config::File::from_str(DEFAULTS, config::FileFormat::Toml));
        if let Some(path) = environment.get("PORTAL_CONFIG") {
            builder = builder.add_source(config::File::new(path, config::FileFormat::Toml).required(true));
        }
        let loaded: Self = builder
            .add_source(
                config::Environment::with_prefix("PORTAL")
                    .prefix_separator("_")
                    .separator("__")
                    .try_parsing(true)
                    .source(Some(settings)),
            )
            .build()
            .and_then(config::Config::try_deserialize)
            .map_err(|e| vec![e.to_string()])?;
        let problems = loaded.problems();
        if problems.is_empty() { Ok(loaded) } else { Err(problems) }
    }

    /// Everything about the values that cannot work, one line each; `portal check` prints them all.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        if let Err(e) = Target::parse(&self.database.url) {
            problems.push(format!("database.url {e}"));
        }
        if self.database.connections == 0 || self.database.connections > 200 {
            problems.push("database.connections must be between 1 and 200".to_owned());
        }
        if self.http.listen.parse::<SocketAddr>().is_err() {
            problems.push(format!("http.listen \"{}\" must be ADDRESS:PORT", self.http.listen));
        }
        for name in self.http.named_proxies().filter(|name| name.parse::<IpAddr>().is_err()) {
            problems.push(format!("http.trusted_proxies \"{name}\" is not an address"));
        }
        if !self.http.public_url.starts_with("http://") && !self.http.public_url.starts_with("https://") {
            problems.push("http.public_url must start with http:// or https://".to_owned());
        } else if self.http.public_url.starts_with("http://") && !self.public_host_is_loopback() {
            problems.push(
                "http.public_url must be https:// unless its host is this machine: session cookies are only sent \
                 over TLS"
                    .to_owned(),
            );
        }
        if !self.metrics.listen.is_empty() && self.metrics.listen.parse::<SocketAddr>().is_err() {
            problems
                .push(format!("metrics.listen \"{}\" must be ADDRESS:PORT or empty", self.metrics.listen));
        }
        if !["smtp://", "smtps://", "file://", "memory://"].iter().any(|s| self.mail.url.starts_with(s)) {
            problems.push("mail.url must start with smtp://, smtps://, file:// or memory://".to_owned());
        }
        if self.mail.from.parse::<lettre::message::Mailbox>().is_err() {
            problems.push(format!("mail.from \"{}\" is not a mail address", self.mail.from));
        }
        if self.http.session_idle_minutes < 1 || self.http.session_hours < 1 {
            problems.push("http.session_idle_minutes and http.session_hours must be at least 1".to_owned());
        }
        if self.http.body_limit_kib == 0
            || self.files.upload_limit_mib == 0
            || self.files.import_limit_mib == 0
        {
            problems.push(
                "http.body_limit_kib, files.upload_limit_mib and files.import_limit_mib must be at least 1"
                    .to_owned(),
            );
        }
        if let Err(e) = self.files.scanner() {
            problems.push(format!("files.scanner {e}"));
        }
        // A worker's hold on a job lasts two minutes.
        if !(1..=100).contains(&self.files.scan_seconds) {
            problems.push("files.scan_seconds must be between 1 and 100".to_owned());
        }
        if !(1..=250).contains(&self.review.challenge_working_days) {
            problems.push("review.challenge_working_days must be between 1 and 250".to_owned());
        }
        problems.extend(self.s3.problems());
        problems
    }

    /// The database's address, parsed.
    ///
    /// # Errors
    /// As [`Target::parse`].
    pub fn target(&self) -> Result<Target, String> {
        Target::parse(&self.database.url)
    }

    /// The public address without a slash at its end.
    #[must_use]
    pub fn public_url(&self) -> &str {
        self.http.public_url.trim_end_matches('/')
    }

    fn public_host_is_loopback(&self) -> bool {
        is_loopback(self.http.public_url.trim_start_matches("http://"))
    }
}

/// Whether an address without its scheme is of this machine itself.
fn is_loopback(rest: &str) -> bool {
    let host = rest.split(['/', '?']).next().unwrap_or_default();
    let host =
        host.rsplit_once(':').filter(|(_, port)| port.parse::<u16>().is_ok()).map_or(host, |(host, _)| host);
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(pairs: &[(&str, &str)]) -> Result<Config, Vec<String>> {
        Config::from_sources(&pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect())
    }

    #[test]
    fn defaults_stand_alone_and_the_environment_overrides() {
        assert_eq!(with(&[]).unwrap().database.connections, 4);
        let set =
            with(&[("PORTAL_DATABASE__URL", "postgres://u@h/n"), ("PORTAL_TEST_POSTGRES", "x")]).unwrap();
        assert_eq!(set.database.url, "postgres://u@h/n");
        assert_eq!(with(&[("PORTAL_HTTP__LISTEN", "127.0.0.1:9")]).unwrap().http.listen, "127.0.0.1:9");
    }

    #[test]
    fn unknown_keys_and_every_bad_value_are_named() {
        assert!(with(&[("PORTAL_HTTP__LISTN", "x")]).unwrap_err()[0].contains("listn"));
        let problems = with(&[
            ("PORTAL_DATABASE__URL", "oracle://x"),
            ("PORTAL_HTTP__LISTEN", "nowhere"),
            ("PORTAL_HTTP__PUBLIC_URL", "http://portal.example"),
            ("PORTAL_MAIL__URL", "pigeon://x"),
            ("PORTAL_HTTP__TRUSTED_PROXIES", "10.0.0.1, everybody"),
            ("PORTAL_FILES__SCANNER", "127.0.0.1:3310"),
            ("PORTAL_FILES__SCAN_SECONDS", "500"),
        ])
        .unwrap_err();
        assert_eq!(problems.len(), 7, "{problems:?}");
    }

    #[test]
    fn only_this_machine_is_loopback() {
        for near in ["127.0.0.1", "127.0.0.1:8080/x", "localhost", "localhost:1?a=b", "[::1]:80"] {
            assert!(is_loopback(near), "{near}");
        }
        for far in ["127.0.0.1.example", "localhost.example:80", "127.example", "[::2]", "user@127.0.0.1"] {
            assert!(!is_loopback(far), "{far}");
        }
    }

    #[test]
    fn a_bucket_is_whole_or_not_there_and_never_reached_in_the_clear() {
        let whole = [
            ("PORTAL_S3__BUCKET", "evidence"),
            ("PORTAL_S3__ENDPOINT", "https://store.example"),
            ("PORTAL_S3__ACCESS_KEY_ID", "public"),
            ("PORTAL_S3__SECRET_ACCESS_KEY", "hush"),
        ];
        assert_eq!(with(&[]).unwrap().s3.bucket(), None);
        let set = with(&whole).unwrap();
        assert_eq!(set.s3.bucket().unwrap().name, "evidence");
        assert!(!format!("{set:?} {:?}", set.s3.bucket()).contains("hush"), "a secret is never printed");
        for (name, value, why) in [
            ("PORTAL_S3__BUCKET", "", "s3.bucket is empty"),
            ("PORTAL_S3__BUCKET", "No Bucket", "no name of a bucket"),
            ("PORTAL_S3__SECRET_ACCESS_KEY", "", "s3.secret_access_key must be set"),
            ("PORTAL_S3__ENDPOINT", "http://store.example", "in the clear"),
            ("PORTAL_S3__ENDPOINT", "store.example", "https://HOST"),
        ] {
            let mut settings = whole.to_vec();
            settings.retain(|(known, _)| *known != name);
            settings.push((name, value));
            let problems = with(&settings).unwrap_err();
            assert!(problems.len() == 1 && problems[0].contains(why), "{name}={value}: {problems:?}");
        }
        let mut near = whole.to_vec();
        near.retain(|(known, _)| *known != "PORTAL_S3__ENDPOINT");
        near.push(("PORTAL_S3__ENDPOINT", "http://127.0.0.1:9000"));
        assert!(with(&near).is_ok());
    }
}
