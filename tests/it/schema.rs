//! Both databases hold the same tables, undoing and redoing the migrations leaves no difference, `schema.rs` says what
//! is there, and every table of an organisation's own says whose each row is.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use portal::platform::db::{self, Conn, Db};

use crate::support::{World, everybodys};

/// Tables that say whose each row is and that no policy keeps to a reach, each with the reason.
const NOT_KEPT: &[(&str, &str)] = &[
    ("declared_interest", "read to find out what a person may do"),
    ("former_employer", "read to find out what a person may do"),
    ("invitation", "read by whoever holds its link, who is nobody yet"),
    ("ledger_event", "the ledger is one tree over everybody's events, and bodies name hashes"),
    ("membership", "read to find out whose rows a person may see"),
    ("published_status", "the public register's history"),
    ("register_correction", "the public register as corrected: read by imports, which see nobody's rows"),
    ("relation", "the public register"),
    ("release_organisation", "what a release says of an organisation in public"),
    (
        "return_filer",
        "read by a head office about its sites and the other way round: who files, and nothing of what",
    ),
    ("revised_status", "what was public of an organisation, and what counts since"),
    ("sign_delegation", "read to find out for whom a person may sign"),
    ("site_exclusion", "read by the site that was left out, to which it is told"),
    ("site_group", "read by the sites that it covers: who answers for whom, which is public"),
];

/// Tables that are not an organisation's own, each with the reason.
const NOT_TENANT: &[(&str, &str)] = &[
    ("review_reason", "the central team's, of no organisation"),
    ("review_reason_version", "the central team's, of no organisation"),
    ("api_token", "belongs to a person"),
    ("baseline_draw", "programme-wide"),
    ("baseline_plan", "programme-wide"),
    ("central_role", "belongs to a person"),
    ("change_proposal", "programme-wide"),
    ("collection", "programme-wide"),
    ("collection_scope", "programme-wide"),
    ("drift_alert", "about a reviewer, of no organisation"),
    ("conflict_rule", "programme-wide"),
    ("edition", "programme-wide"),
    ("edition_draft", "programme-wide"),
    ("edition_draft_version", "programme-wide"),
    ("edition_mapping", "programme-wide"),
    ("gold_attempt", "belongs to a person"),
    ("gold_case", "anonymous: says nothing of whose answer it was"),
    ("escalation_step", "programme-wide"),
    ("grade_label", "programme-wide"),
    ("guidance_note", "programme-wide"),
    ("guidance_told", "belongs to a person"),
    ("idempotency", "belongs to a person"),
    ("import_run", "programme-wide"),
    ("invitation", "also invites to the central team, of no organisation"),
    ("job", "work of the system"),
    ("lease", "work of the system"),
    ("ledger_event", "also tells of events of no organisation"),
    ("ledger_head", "the tree"),
    ("ledger_node", "the tree"),
    ("organisation", "the public register"),
    ("outbound_mail", "belongs to its recipient"),
    ("outlook", "programme-wide"),
    ("outlook_count", "figures of the whole programme"),
    ("peer_figure", "figures of a whole kind of organisation"),
    ("person", "may belong to several organisations"),
    ("quarantined_row", "rows of no known organisation"),
    ("queue_default", "belongs to a person"),
    ("queue_view", "belongs to a person"),
    ("region", "the public register"),
    ("register_change", "the public register"),
    ("early_reader", "people named for one release of the whole programme"),
    ("early_view", "when such a person read it"),
    ("release", "programme-wide"),
    ("release_course", "programme-wide"),
    ("release_date", "programme-wide"),
    ("release_date_change", "programme-wide"),
    ("release_disclosure", "figures of the whole programme"),
    ("release_explanation", "programme-wide"),
    ("release_file", "belongs to a release"),
    ("reminder_round", "programme-wide"),
    ("requirement", "programme-wide"),
    ("requirement_stage", "programme-wide"),
    ("rule_correction", "programme-wide"),
    ("sample_draw", "numbers of submissions of a whole collection, without anything of theirs"),
    ("sample_plan", "programme-wide"),
    ("reviewer", "belongs to a person"),
    ("reviewer_absence", "belongs to a person"),
    ("reviewer_skill", "belongs to a person"),
    ("risk_profile", "programme-wide"),
    ("risk_run", "programme-wide"),
    ("risk_seed", "programme-wide"),
    ("sector_label", "programme-wide"),
    ("session", "belongs to a person"),
    ("standard", "programme-wide"),
    ("submission_day", "figures of the whole programme"),
    ("unwanted_mail", "belongs to a person"),
];

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = BigInt)]
    required: i64,
    #[diesel(sql_type = BigInt)]
    key: i64,
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

const SQLITE_COLUMNS: &str = "SELECT m.name AS table_name, p.name AS name, (p.\"notnull\" OR p.pk > 0) AS required, \
     (p.pk > 0) AS key FROM sqlite_master m JOIN pragma_table_info(m.name) p \
     WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> '__diesel_schema_migrations'";
const POSTGRES_COLUMNS: &str = "SELECT c.table_name::text, c.column_name::text AS name, \
     (c.is_nullable = 'NO')::int::bigint AS required, (EXISTS (SELECT 1 FROM information_schema.key_column_usage k \
     JOIN information_schema.table_constraints t USING (constraint_name, table_name) WHERE t.constraint_type = \
     'PRIMARY KEY' AND k.table_name = c.table_name AND k.column_name = c.column_name))::int::bigint AS key \
     FROM information_schema.columns c WHERE c.table_schema = 'public' AND c.table_name <> '__diesel_schema_migrations'";
const SQLITE_LINKS: &str = "SELECT m.name || '.' || f.\"from\" || ' -> ' || f.\"table\" AS line FROM sqlite_master m \
     JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'";
const POSTGRES_LINKS: &str = "SELECT k.table_name || '.' || k.column_name || ' -> ' || u.table_name AS line \
     FROM information_schema.key_column_usage k JOIN information_schema.table_constraints t USING (constraint_name) \
     JOIN information_schema.constraint_column_usage u USING (constraint_name) WHERE t.constraint_type = 'FOREIGN KEY'";
/// Every constraint and index as text, for comparing before and after.
const SQLITE_ALL: &str = "SELECT coalesce(sql, '') AS line FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' \
     AND tbl_name <> '__diesel_schema_migrations'";
const POSTGRES_ALL: &str = "SELECT indexdef AS line FROM pg_indexes WHERE schemaname = 'public' UNION ALL \
     SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE contype IN ('c', 'f') \
     UNION ALL SELECT p::text FROM pg_policies p UNION ALL SELECT relname || relrowsecurity || relforcerowsecurity \
     FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'";
/// Tables with an organisation, each with whether one policy, and no other, binds everybody to the reach.
const POSTGRES_KEPT: &str = "SELECT c.relname || CASE WHEN c.relrowsecurity AND c.relforcerowsecurity AND \
     (SELECT count(*) = 1 AND bool_and(p.permissive = 'PERMISSIVE' AND p.cmd = 'ALL' AND p.roles = '{public}' \
     AND p.qual = p.with_check AND p.qual LIKE '%portal.reach%organisation_id%') FROM pg_policies p \
     WHERE p.schemaname = 'public' AND p.tablename = c.relname) THEN ' kept' ELSE ' open' END AS line \
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organisation_id' \
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'";

type Columns = BTreeMap<(String, String), (bool, bool)>;

fn is_sqlite(db: &Db) -> bool {
    db.is_embedded()
}

fn columns(db: &Db) -> Columns {
    let sql = if is_sqlite(db) { SQLITE_COLUMNS } else { POSTGRES_COLUMNS };
    let rows = db
        .read_now(everybodys(), |conn: &mut Conn| Ok(diesel::sql_query(sql).load::<Column>(conn)?))
        .unwrap();
    rows.into_iter().map(|c| ((c.table_name, c.name), (c.required == 1, c.key == 1))).collect()
}

fn lines(db: &Db, sqlite: &str, postgres: &str) -> Vec<String> {
    let sql = if is_sqlite(db) { sqlite } else { postgres }.to_owned();
    let rows =
        db.read_now(everybodys(), |conn: &mut Conn| Ok(diesel::sql_query(sql).load::<Line>(conn)?)).unwrap();
    let mut lines: Vec<String> = rows.into_iter().map(|l| l.line).collect();
    lines.sort();
    lines
}

/// Columns as `schema.rs` declares them.
fn declared() -> Columns {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/schema.rs")).unwrap();
    let mut found = Columns::new();
    for block in text.split("diesel::table! {").skip(1) {
        let head = block.lines().nth(1).unwrap().trim();
        let (table, rest) = head.split_once(" (").unwrap();
        let keys: Vec<&str> = rest.split(')').next().unwrap().split(", ").collect();
        for line in block.lines().filter(|l| l.contains(" -> ")) {
            let (name, kind) = line.trim().trim_end_matches(',').split_once(" -> ").unwrap();
            let required = !kind.starts_with("Nullable");
            found.insert((table.to_owned(), name.to_owned()), (required, keys.contains(&name)));
        }
    }
    found
}

#[test]
fn schema_rs_declares_what_sqlite_holds() {
    let world = World::sqlite();
    assert_eq!(declared(), columns(world.db()));
}

#[test]
fn both_databases_hold_the_same_tables_columns_keys_and_links() {
    let Some(postgres) = World::postgres() else { return };
    let sqlite = World::sqlite();
    assert_eq!(columns(sqlite.db()), columns(postgres.db()));
    assert_eq!(
        lines(sqlite.db(), SQLITE_LINKS, POSTGRES_LINKS),
        lines(postgres.db(), SQLITE_LINKS, POSTGRES_LINKS)
    );
    let names = |backend: &str| {
        let folder = format!("{}/migrations/{backend}", env!("CARGO_MANIFEST_DIR"));
        let mut names: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
}

#[test]
fn undoing_and_redoing_leaves_no_difference_on_sqlite() {
    there_and_back(&World::sqlite());
}

#[test]
fn undoing_and_redoing_leaves_no_difference_on_postgres() {
    if let Some(world) = World::postgres() {
        there_and_back(&world);
    }
}

fn there_and_back(world: &World) {
    let target = world.portal().config.target().unwrap();
    let before = (columns(world.db()), lines(world.db(), SQLITE_ALL, POSTGRES_ALL));
    db::down_all(&target).unwrap();
    assert_eq!(columns(world.db()), Columns::new());
    db::migrate(&target).unwrap();
    assert_eq!(before, (columns(world.db()), lines(world.db(), SQLITE_ALL, POSTGRES_ALL)));
}

#[test]
fn every_table_of_an_organisation_says_whose_each_row_is() {
    let world = World::sqlite();
    let all = columns(world.db());
    let tables: std::collections::BTreeSet<&String> = all.keys().map(|(table, _)| table).collect();
    for table in tables {
        let owned = all.get(&(table.clone(), "organisation_id".to_owned()));
        let excused = NOT_TENANT.iter().any(|(name, why)| name == table && !why.is_empty());
        assert!(
            excused || matches!(owned, Some((true, _))),
            "{table} needs organisation_id NOT NULL, or a line with its reason in NOT_TENANT"
        );
    }
}

#[test]
fn every_table_of_an_organisation_keeps_to_the_reach_on_postgres() {
    let Some(world) = World::postgres() else { return };
    let mut open = Vec::new();
    let mut kept = 0;
    for line in lines(world.db(), SQLITE_ALL, POSTGRES_KEPT) {
        match line.split_once(' ').unwrap() {
            (_, "kept") => kept += 1,
            (table, _) => open.push(table.to_owned()),
        }
    }
    let excused: Vec<&str> =
        NOT_KEPT.iter().filter(|(_, why)| !why.is_empty()).map(|(table, _)| *table).collect();
    assert_eq!(
        open, excused,
        "CALL keep_to_reach('TABLE') in its migration, or write it into NOT_KEPT with its reason"
    );
    assert_eq!(kept, 67);
}
