//! Prometheus metrics: requests by route and outcome, and how long they took.

use prometheus::{
    Encoder as _, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, Opts, Registry,
    TextEncoder,
};

use super::error::{Error, Result};

/// The portal's metrics and their registry.
#[derive(Clone)]
pub struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    seconds: HistogramVec,
    public_pages: IntCounter,
    jobs_waiting: IntGauge,
    jobs_oldest: IntGauge,
}

impl Metrics {
    /// A registry with everything at zero.
    ///
    /// # Errors
    /// When a metric cannot be registered, which is a fault of ours.
    pub fn new() -> Result<Self> {
        let failed = |e| Error::internal("failed to register the metrics", e);
        let registry = Registry::new();
        let requests = IntCounterVec::new(
            Opts::new(
                "portal_http_requests_total",
                "Requests answered, by route pattern, method and status.",
            ),
            &["route", "method", "status"],
        )
        .map_err(failed)?;
        let seconds = HistogramVec::new(
            HistogramOpts::new(
                "portal_http_request_seconds",
                "Seconds from request to answer, by route pattern.",
            )
            .buckets(vec![0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0]),
            &["route"],
        )
        .map_err(failed)?;
        let public_pages = IntCounter::new(
            "portal_public_pages_total",
            "Published pages and files answered from memory, before any other work on the request.",
        )
        .map_err(failed)?;
        let jobs_waiting = IntGauge::new("portal_jobs_due", "Jobs that are due and wait.").map_err(failed)?;
        let jobs_oldest =
            IntGauge::new("portal_jobs_oldest_seconds", "Seconds the oldest due job has waited.")
                .map_err(failed)?;
        registry.register(Box::new(requests.clone())).map_err(failed)?;
        registry.register(Box::new(seconds.clone())).map_err(failed)?;
        registry.register(Box::new(public_pages.clone())).map_err(failed)?;
        registry.register(Box::new(jobs_waiting.clone())).map_err(failed)?;
        registry.register(Box::new(jobs_oldest.clone())).map_err(failed)?;
        Ok(Self { registry, requests, seconds, public_pages, jobs_waiting, jobs_oldest })
    }

    /// Counts one answered request. `route` is the pattern, never the address, so that no code or id leaks here.
    pub fn answered(&self, route: &str, method: &str, status: u16, seconds: f64) {
        self.requests.with_label_values(&[route, method, &status.to_string()]).inc();
        self.seconds.with_label_values(&[route]).observe(seconds);
    }

    /// Counts one published page or file. No labels and no clock: these answers cost less than either.
    pub fn public_page(&self) {
        self.public_pages.inc();
    }

    /// States how far behind the jobs are.
    pub fn jobs(&self, waiting: i64, oldest_seconds: i64) {
        self.jobs_waiting.set(waiting);
        self.jobs_oldest.set(oldest_seconds);
    }

    /// The text that Prometheus scrapes.
    ///
    /// # Errors
    /// When a metric cannot be written.
    pub fn text(&self) -> Result<String> {
        let mut out = Vec::new();
        TextEncoder::new()
            .encode(&self.registry.gather(), &mut out)
            .map_err(|e| Error::internal("failed to write the metrics", e))?;
        String::from_utf8(out).map_err(|e| Error::internal("failed to write the metrics", e))
    }
}
