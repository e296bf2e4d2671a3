//! Throw-away PostgreSQL databases, copied from a template that is migrated once per schema and role: the portal owns what
//! it works on, and row-level security binds no superuser.

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection, RunQueryDsl as _};
use portal::platform::canonical::{hex, sha256};
use portal::platform::db::{self, Target};

/// A database that is dropped with this value.
pub struct Throwaway {
    pub url: String,
    admin: String,
    pub name: String,
}

impl Throwaway {
    /// A fresh migrated database on the server that `PORTAL_TEST_POSTGRES` names; none without one.
    #[expect(clippy::disallowed_methods, reason = "the test's own setting, and its own connections")]
    pub fn create() -> Option<Self> {
        let Ok(admin) = std::env::var("PORTAL_TEST_POSTGRES") else {
            println!("SKIPPED on PostgreSQL: PORTAL_TEST_POSTGRES names no server (scripts/test starts one)");
            return None;
        };
        let template = format!("portal_template_{}", schema_hash(&replace_name(&admin, "")));
        let name = format!("portal_test_{}_{}", std::process::id(), unique());
        let mut conn = PgConnection::establish(&admin).expect("PORTAL_TEST_POSTGRES answers");
        // One process at a time makes the template or copies it: PostgreSQL copies no database that is in use.
        conn.batch_execute("SELECT pg_advisory_lock(7215)").unwrap();
        if !exists(&mut conn, &template) {
            conn.batch_execute(&format!("CREATE DATABASE {template}_making")).unwrap();
            db::migrate(&Target::Postgres(replace_name(&admin, &format!("{template}_making")))).unwrap();
            conn.batch_execute(&format!("ALTER DATABASE {template}_making RENAME TO {template}")).unwrap();
        }
        conn.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template}")).unwrap();
        conn.batch_execute("SELECT pg_advisory_unlock(7215)").unwrap();
        Some(Self { url: replace_name(&admin, &name), admin, name })
    }

    /// A connection to the server that is not to this database.
    #[expect(clippy::disallowed_methods, reason = "the test's own connection")]
    pub fn server(&self) -> PgConnection {
        PgConnection::establish(&self.admin).unwrap()
    }
}

impl Drop for Throwaway {
    #[expect(clippy::disallowed_methods, reason = "the test's own connection")]
    fn drop(&mut self) {
        if let Ok(mut conn) = PgConnection::establish(&self.admin) {
            conn.batch_execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name))
                .unwrap_or_default();
        }
    }
}

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    count: i64,
}

fn exists(conn: &mut PgConnection, name: &str) -> bool {
    diesel::sql_query("SELECT count(*) AS count FROM pg_database WHERE datname = $1")
        .bind::<diesel::sql_types::Text, _>(name)
        .get_result::<Count>(conn)
        .unwrap()
        .count
        == 1
}

/// The same server and user, another database.
pub fn replace_name(url: &str, name: &str) -> String {
    let (head, query) = url.split_once('?').map_or((url, String::new()), |(h, q)| (h, format!("?{q}")));
    let base = head.rsplit_once('/').map_or(head, |(base, _)| base);
    format!("{base}/{name}{query}")
}

/// Names the template after the migrations, so that a changed schema makes a new one, and after whoever owns it.
fn schema_hash(owner: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/postgres");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path().join("up.sql")).collect();
    files.sort();
    let mut all = owner.as_bytes().to_vec();
    all.extend(files.iter().flat_map(|path| std::fs::read(path).unwrap()));
    hex(&sha256(&all))[..16].to_owned()
}

fn unique() -> u64 {
    static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
    NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed)
}
