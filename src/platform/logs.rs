//! Structured logs: one JSON object a line, filtered by `RUST_LOG` as everywhere.

use std::io::Write as _;

use log::kv::{Key, Value, VisitSource};

/// Starts logging: `RUST_LOG` filters (default `info`); JSON lines unless `pretty`.
pub fn start(pretty: bool) {
    let mut builder = env_logger::Builder::from_env(env_logger::Env::default().default_filter_or("info"));
    if !pretty {
        builder.format(|out, record| {
            let mut line = serde_json::Map::new();
            line.insert("time".into(), out.timestamp_micros().to_string().into());
            line.insert("level".into(), record.level().as_str().into());
            line.insert("target".into(), record.target().into());
            line.insert("message".into(), record.args().to_string().into());
            // A key-value that cannot be shown must not lose the line.
            record.key_values().visit(&mut Pairs(&mut line)).unwrap_or_default();
            writeln!(out, "{}", serde_json::Value::Object(line))
        });
    }
    // A second start (tests) keeps the first logger.
    builder.try_init().unwrap_or_default();
}

struct Pairs<'a>(&'a mut serde_json::Map<String, serde_json::Value>);

impl<'kvs> VisitSource<'kvs> for Pairs<'_> {
    fn visit_pair(&mut self, key: Key<'kvs>, value: Value<'kvs>) -> Result<(), log::kv::Error> {
        self.0.insert(key.to_string(), value.to_string().into());
        Ok(())
    }
}
