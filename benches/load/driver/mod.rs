//! Drives a server over loopback and watches its process: requests a second, latencies, CPU, memory, fsyncs.
//! Knows nothing of the portal; `tests/it/load.rs` proves that the figures mean what they say.

pub mod fsync;
pub mod http;
pub mod process;
pub mod report;
pub mod run;

/// Whatever went wrong, in words for whoever started the benchmark.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;
