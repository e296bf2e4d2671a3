//! Rules 2 and 3: what the files inside a capability may know of.

use crate::source::{At, Mention, Source};

/// Crates that speak to a database, and our own tables.
pub fn is_database(mention: &Mention) -> bool {
    match mention.segments.first() {
        Some(head) if mention.ours => head == "schema",
        Some(head) => head.starts_with("diesel") || head == "libsqlite3_sys" || head == "pq_sys",
        None => false,
    }
}

/// Crates that speak HTTP.
pub fn is_web(mention: &Mention) -> bool {
    !mention.ours && mention.segments.first().is_some_and(|head| head.starts_with("actix"))
}

/// What a file names outside its tests that it may not, as lines for people.
pub fn broken_by(
    source: &Source,
    rule: &str,
    reason: &str,
    forbidden: impl Fn(&Mention) -> bool,
) -> Vec<String> {
    let found = source.mentions.iter().filter(|mention| !mention.in_tests && forbidden(&mention.what));
    let mut broken: Vec<String> = found
        .map(|mention| {
            format!("{rule}: {}: {reason}: {}", source.place(mention.line), mention.what.segments.join("::"))
        })
        .collect();
    broken.dedup();
    broken
}

/// Rule 2: `store.rs`.
pub fn stores_know_no_web(sources: &[Source]) -> Vec<String> {
    let stores = sources.iter().filter(|source| source.is_layer("store"));
    stores.flat_map(|source| broken_by(source, "rule 2", "a store knows no web", is_web)).collect()
}

/// Handlers, their forms and their pages.
fn faces_the_web(source: &Source) -> bool {
    source.is_layer("web") || source.is_layer("pages") || matches!(source.capability(), Some("api" | "site"))
}

/// Rule 2: `web.rs`, `web/`, `pages.rs`, and the folders that are nothing else.
pub fn web_knows_no_database(sources: &[Source]) -> Vec<String> {
    let web = sources.iter().filter(|source| faces_the_web(source));
    web.flat_map(|source| broken_by(source, "rule 2", "the web side knows no database", is_database))
        .collect()
}

/// Rule 2: `statistics/`.
pub fn statistics_are_pure(sources: &[Source]) -> Vec<String> {
    let statistics = sources.iter().filter(|source| source.capability() == Some("statistics"));
    let impure = |mention: &Mention| {
        is_database(mention)
            || is_web(mention)
            || (mention.ours && mention.segments.starts_with(&["platform".into(), "db".into()]))
    };
    statistics.flat_map(|source| broken_by(source, "rule 2", "statistics are pure", impure)).collect()
}

/// Rule 3: by method, by path, and by SQL.
pub fn only_platform_db_opens_transactions(sources: &[Source]) -> Vec<String> {
    const METHODS: [&str; 6] = [
        "transaction",
        "immediate_transaction",
        "exclusive_transaction",
        "build_transaction",
        "begin_test_transaction",
        "test_transaction",
    ];
    let opens = |mention: &Mention| {
        let last = mention.segments.last().map_or("", String::as_str);
        mention.segments.len() > 1 && (last == "establish" || METHODS.contains(&last))
    };
    let elsewhere = sources
        .iter()
        .filter(|source| source.path != "src/platform/db.rs" && !source.path.starts_with("src/platform/db/"));
    elsewhere
        .flat_map(|source| {
            let mut broken =
                broken_by(source, "rule 3", "only platform::db opens transactions and connections", opens);
            let said = |at: &At<String>, what: &str| {
                format!("rule 3: {}: only platform::db opens transactions: {what}", source.place(at.line))
            };
            let methods =
                source.methods.iter().filter(|at| !at.in_tests && METHODS.contains(&at.what.as_str()));
            broken.extend(methods.map(|at| said(at, &at.what)));
            let strings = source.strings.iter().filter(|at| !at.in_tests && is_transaction_sql(&at.what));
            broken.extend(strings.map(|at| said(at, &at.what)));
            broken
        })
        .collect()
}

/// Whether a string is a statement that begins or ends a transaction.
fn is_transaction_sql(text: &str) -> bool {
    let words: Vec<String> = text
        .split(|c: char| c.is_whitespace() || c == ';')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    matches!(
        words.iter().map(String::as_str).collect::<Vec<_>>().as_slice(),
        ["BEGIN" | "COMMIT" | "ROLLBACK"]
            | ["BEGIN", "IMMEDIATE" | "EXCLUSIVE" | "DEFERRED" | "TRANSACTION", ..]
            | ["SAVEPOINT", _]
            | ["RELEASE", "SAVEPOINT", _]
            | ["ROLLBACK", "TO", ..]
    )
}

/// Rule 3: handlers are given a database and pass on what it hands them; they never name a connection.
pub fn handlers_never_see_a_connection(sources: &[Source]) -> Vec<String> {
    const CONNECTIONS: [&str; 5] =
        ["Conn", "Connection", "SqliteConnection", "PgConnection", "PooledConnection"];
    let names_one =
        |mention: &Mention| mention.segments.last().is_some_and(|last| CONNECTIONS.contains(&last.as_str()));
    let web = sources.iter().filter(|source| faces_the_web(source));
    web.flat_map(|source| broken_by(source, "rule 3", "a handler never sees a connection", names_one))
        .collect()
}
