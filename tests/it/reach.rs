//! Whose rows a piece of work may see: what an actor is given, and what PostgreSQL shows below it to a question that
//! forgets to say whose rows it means.

mod command;
mod handed;
mod pooled;

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use portal::access::Actor;
use portal::platform::db::{Conn, Reach};
use portal::platform::error::Result;
use portal::platform::ids::OrganisationId;

use crate::support::World;
use crate::support::everybodys;
use crate::support::year::{Trust, levels};

/// The tables that hold an organisation's own confidential data.
const KEPT: [&str; 48] = [
    "annual_return",
    "answer",
    "answer_evidence",
    "answer_version",
    "board_paper",
    "carried_before",
    "certificate",
    "collection_result",
    "decision_challenge",
    "decision_challenge_line",
    "decision_letter",
    "evidence",
    "evidence_piece",
    "evidence_warning",
    "extension",
    "improvement_plan",
    "organisation_service",
    "plan_closing",
    "plan_decision",
    "plan_escalation",
    "plan_line",
    "plan_line_seen",
    "plan_note",
    "query_evidence",
    "query_message",
    "query_reminder",
    "query_time",
    "release_answer",
    "review",
    "review_conclusion",
    "review_decision",
    "review_decision_version",
    "review_flag",
    "review_note",
    "review_place",
    "review_query",
    "review_recusal",
    "review_reopening",
    "review_risk",
    "risk_signal",
    "sign_off",
    "site_correction",
    "site_exception",
    "site_exception_evidence",
    "site_filing",
    "site_filing_line",
    "site_outcome",
    "submission",
];

#[derive(QueryableByName)]
struct Owner {
    #[diesel(sql_type = BigInt)]
    organisation_id: i64,
}

#[derive(QueryableByName)]
struct Said {
    #[diesel(sql_type = Text)]
    said: String,
}

/// Rows of both trusts in the tables that a submission leaves empty, each made from what is there.
const ROWS: &[&str] = &[
    "INSERT INTO release (key, title, series, source, edition_label, state, as_at, lead_statistician, document, \
     document_hash, content_hash, report) SELECT 'r' || id, 'R', 'collection', 'collection:r', 'r', 'draft', 1, 'A', '{}', \
     '\\x00', '\\x00', '{}' FROM submission",
    "INSERT INTO release_answer (release_id, organisation_id, levels) SELECT r.id, s.organisation_id, '\\x00' \
     FROM release r JOIN submission s ON r.key = 'r' || s.id",
    "INSERT INTO evidence_piece (organisation_id, title, search, classification, created_at) \
     SELECT organisation_id, 'A', 'a', 'official', 1 FROM annual_return",
    "INSERT INTO evidence (organisation_id, piece_id, number, file_name, media_type, size_bytes, sha256, uploaded_at) \
     SELECT organisation_id, id, 1, 'a.pdf', 'application/pdf', 1, '\\x00', 1 FROM evidence_piece",
    "INSERT INTO evidence_warning (piece_id, valid_to, days, organisation_id, sent_at) \
     SELECT id, '2026-06-30', 7, organisation_id, 1 FROM evidence_piece",
    "INSERT INTO answer_evidence (return_id, requirement_id, evidence_id, organisation_id, linked_at) \
     SELECT a.return_id, a.requirement_id, e.id, a.organisation_id, 1 FROM answer a \
     JOIN evidence e USING (organisation_id)",
    "INSERT INTO extension (collection_id, organisation_id, until, reason, granted_by, granted_at) \
     SELECT collection_id, organisation_id, 1, 'a flood', submitted_by, 1 FROM submission",
    "INSERT INTO collection_result (collection_id, organisation_id, status, recorded_at) \
     SELECT collection_id, organisation_id, 'not_published_at_close', 1 FROM submission",
    "INSERT INTO review_decision (review_id, organisation_id, requirement_id, outcome, assessed_level, reason, \
     version, decided_by, decided_at) SELECT r.id, r.organisation_id, a.requirement_id, 'agree', 2, '', 1, \
     a.updated_by, 1 FROM review r JOIN answer a USING (return_id)",
    "INSERT INTO certificate (organisation_id, kind, edition, body, accreditation, number, whole, covered, \
     issued_on, valid_from, valid_to, updated_at) SELECT organisation_id, 'iso_27001', '2022', 'a body', '', '1', \
     true, '[]', '2026-01-01', '2026-01-01', '2026-12-31', 1 FROM annual_return",
    "INSERT INTO organisation_service (organisation_id, position, name) SELECT organisation_id, 1, 'Pharmacy' \
     FROM annual_return",
    "INSERT INTO improvement_plan (return_id, organisation_id, state) SELECT id, organisation_id, 'draft' \
     FROM annual_return",
    "INSERT INTO plan_line (plan_id, organisation_id, requirement_id, funded, updated_at) SELECT p.id, \
     p.organisation_id, a.requirement_id, 'unknown', 1 FROM improvement_plan p JOIN answer a USING (return_id)",
    "INSERT INTO plan_note (line_id, organisation_id, note, written_at) SELECT id, organisation_id, 'half done', 1 \
     FROM plan_line",
    "INSERT INTO board_paper (return_id, organisation_id, number, content, content_hash, made_by, made_at) \
     SELECT return_id, organisation_id, 1, '{}', '\\x00', submitted_by, 1 FROM submission",
    "INSERT INTO site_exception (return_id, organisation_id, site_id, requirement_id, value, version, updated_at) \
     SELECT return_id, organisation_id, organisation_id, requirement_id, 'null', 1, 1 FROM answer",
    "INSERT INTO site_exception_evidence (exception_id, evidence_id, organisation_id, linked_at) SELECT x.id, e.id, \
     x.organisation_id, 1 FROM site_exception x JOIN evidence e USING (organisation_id)",
    "INSERT INTO site_filing (submission_id, return_id, organisation_id, collection_id, pressed_at, late, list_hash, \
     sites, exceptions) SELECT id, return_id, organisation_id, collection_id, 1, false, '\\x00', 0, 0 FROM submission",
    "INSERT INTO site_filing_line (filing_id, position, organisation_id, site_id, action, code, name, sector, profile, \
     overrides, state) SELECT id, 0, organisation_id, organisation_id, 'file', 'ZZ', 'Z', 'gp', '', '[]', 'queued' \
     FROM site_filing",
    "INSERT INTO site_outcome (submission_id, organisation_id, review_id, assessed_grade, assessed_levels, \
     assessed_score, decided_at) SELECT submission_id, organisation_id, id, 'x', '\\x00', '{}', 1 FROM review",
    "INSERT INTO site_correction (organisation_id, kind, site_id, note, state, asked_by, asked_at) \
     SELECT organisation_id, 'closed', organisation_id, 'gone', 'open', submitted_by, 1 FROM submission",
    "INSERT INTO review_decision_version (review_id, requirement_id, version, organisation_id, outcome, \
     assessed_level, reason, decided_by, decided_at) SELECT review_id, requirement_id, 1, organisation_id, outcome, \
     assessed_level, reason, decided_by, 1 FROM review_decision",
    "INSERT INTO review_flag (review_id, requirement_id, organisation_id, flagged_by, flagged_at) \
     SELECT review_id, requirement_id, organisation_id, decided_by, 1 FROM review_decision",
    "INSERT INTO review_note (review_id, organisation_id, body, written_by, written_at) \
     SELECT review_id, organisation_id, 'a thought', decided_by, 1 FROM review_decision",
    "INSERT INTO review_place (person_id, review_id, organisation_id, requirement_id, looked_at) \
     SELECT MIN(decided_by), review_id, MIN(organisation_id), MIN(requirement_id), 1 FROM review_decision \
     GROUP BY review_id",
    "INSERT INTO review_query (review_id, organisation_id, requirement_id, asked_by, asked_at, due_at) \
     SELECT review_id, organisation_id, requirement_id, decided_by, 1, 2 FROM review_decision",
    "INSERT INTO query_message (query_id, organisation_id, side, text, author_id, written_at) SELECT id, \
     organisation_id, 'organisation', 'Because.', asked_by, 1 FROM review_query",
    "INSERT INTO query_evidence (message_id, evidence_id, organisation_id, linked_by, linked_at) SELECT m.id, e.id, \
     m.organisation_id, m.author_id, 1 FROM query_message m JOIN evidence e USING (organisation_id)",
    "INSERT INTO query_time (query_id, organisation_id, state, asked_by, asked_at, asked_until) SELECT id, \
     organisation_id, 'asked', asked_by, 1, 2 FROM review_query",
    "INSERT INTO query_reminder (query_id, person_id, due_on, mark, organisation_id, sent_at) SELECT id, asked_by, \
     '2026-01-01', 5, organisation_id, 1 FROM review_query",
    "INSERT INTO plan_escalation (line_id, due_on, stage, organisation_id, plan_id, reached_on, reached_at) SELECT id, \
     '2026-01-01', 'owner', organisation_id, plan_id, '2026-01-08', 1 FROM plan_line",
    "INSERT INTO plan_line_seen (line_id, organisation_id, plan_id, seen_by, seen_at) SELECT l.id, l.organisation_id, \
     l.plan_id, s.submitted_by, 1 FROM plan_line l JOIN submission s USING (organisation_id)",
    "INSERT INTO plan_closing (plan_id, organisation_id, note, closed_by, closed_at) SELECT p.id, p.organisation_id, \
     'done', s.submitted_by, 1 FROM improvement_plan p JOIN submission s USING (organisation_id)",
    "INSERT INTO carried_before (return_id, organisation_id, from_return_id, answers, left_behind, taken_at) \
     SELECT r.id, r.organisation_id, r.id, '[]', '[]', 1 FROM annual_return r JOIN submission s ON s.return_id = r.id",
    "INSERT INTO plan_decision (plan_id, organisation_id, verdict, reason, line_reasons, decided_by, decided_at) \
     SELECT p.id, p.organisation_id, 'rejected', 'too late', '{}', s.submitted_by, 1 FROM improvement_plan p \
     JOIN submission s USING (organisation_id)",
    "INSERT INTO review_conclusion (review_id, organisation_id, number, cause, claimed_grade, assessed_grade, \
     assessed_levels, assessed_score, decisions, summary, content_hash, decided_by, decided_at, challenge_until) \
     SELECT r.id, r.organisation_id, 1, 'review', 'x', 'x', '\\x00', '{}', '[]', '', '\\x00', s.submitted_by, 1, 1 \
     FROM review r JOIN submission s ON s.id = r.submission_id",
    "INSERT INTO review_reopening (review_id, organisation_id, conclusion, reason, reopened_by, reopened_at) \
     SELECT review_id, organisation_id, 1, 'new facts', decided_by, 1 FROM review_conclusion",
    "INSERT INTO decision_letter (return_id, number, organisation_id, review_id, conclusion_id, content, content_hash, \
     made_by, made_at) SELECT r.return_id, 1, c.organisation_id, c.review_id, c.id, '{}', '\\x00', c.decided_by, 1 \
     FROM review_conclusion c JOIN review r ON r.id = c.review_id",
    "INSERT INTO decision_challenge (review_id, organisation_id, conclusion_id, state, grounds, evidence, posted_by, \
     posted_at, due_at) SELECT review_id, organisation_id, id, 'open', 'wrong', '', decided_by, 1, 2 \
     FROM review_conclusion",
    "INSERT INTO decision_challenge_line (challenge_id, requirement_id, organisation_id) SELECT c.id, \
     d.requirement_id, c.organisation_id FROM decision_challenge c JOIN review_decision d USING (review_id)",
    "INSERT INTO review_recusal (review_id, organisation_id, person_id, cause, recused_at) \
     SELECT review_id, organisation_id, decided_by, 'interest', 1 FROM review_decision",
    "INSERT INTO risk_signal (organisation_id, kind, happened_on, severity, source, note, recorded_at) \
     SELECT organisation_id, 'alert', '2026-01-01', 'low', 'a desk', '', 1 FROM annual_return",
];

/// Two trusts with rows in every table.
fn two_trusts(world: &World) -> [Trust; 2] {
    let trusts = [world.trust("ZZ001"), world.trust("ZZ002")];
    world.usual_year(&levels("sample-2026", 3));
    for trust in &trusts {
        world.submitted_levels(trust, "2026");
    }
    world.settle();
    world
        .db()
        .housekeep_now(everybodys(), move |tx| {
            for sql in ROWS.iter().copied() {
                assert!(diesel::sql_query(sql).execute(tx.conn())? > 1, "{sql}");
            }
            Ok(())
        })
        .unwrap();
    trusts
}

/// What the system is given for one organisation.
fn only(trust: &Trust) -> Reach {
    Actor::system().reach_in(trust.id).unwrap()
}

/// The organisations whose rows a question finds that names none.
fn found(conn: &mut Conn, table: &str) -> Result<BTreeSet<i64>> {
    let rows: Vec<Owner> = diesel::sql_query(format!("SELECT organisation_id FROM {table}")).load(conn)?;
    Ok(rows.into_iter().map(|row| row.organisation_id).collect())
}

fn ids(of: &[&Trust]) -> BTreeSet<i64> {
    of.iter().map(|trust| OrganisationId::get(trust.id)).collect()
}

#[track_caller]
fn refused(outcome: &Result<usize>, table: &str) {
    let Err(error) = outcome else { panic!("{table}: rows of another organisation were written") };
    assert!(error.to_string().contains("row-level security"), "{table}: {error}");
}

/// Runs a scenario on PostgreSQL as a role that its policies bind.
fn on_postgres(scenario: impl FnOnce(World)) {
    let Some(world) = World::postgres() else { return };
    assert_eq!(
        world.db().unbound_role().unwrap(),
        None,
        "PORTAL_TEST_POSTGRES must name an ordinary role: CREATE ROLE name LOGIN CREATEDB"
    );
    scenario(world);
}

#[test]
fn a_question_finds_only_the_rows_within_its_reach() {
    on_postgres(|world| {
        let [a, b] = two_trusts(&world);
        let cases = [
            (everybodys(), ids(&[&a, &b])),
            (only(&a), ids(&[&a])),
            (only(&b), ids(&[&b])),
            (Reach::nobodys(), BTreeSet::new()),
        ];
        for table in KEPT {
            for (reach, expected) in &cases {
                let read = world.db().read_now(*reach, |conn| found(conn, table)).unwrap();
                assert_eq!(&read, expected, "{table} read with {reach:?}");
                let in_change = world.db().housekeep_now(*reach, move |tx| found(tx.conn(), table)).unwrap();
                assert_eq!(&in_change, expected, "{table} in a change with {reach:?}");
            }
        }
        // What is public, and what says who asks, is found with any.
        for table in ["membership", "ledger_event WHERE organisation_id IS NOT NULL"] {
            let read = world.db().read_now(Reach::nobodys(), |conn| found(conn, table));
            assert!(read.is_ok_and(|owners| owners.len() > 1), "{table}");
        }
    });
}

#[test]
fn a_change_touches_only_the_rows_within_its_reach() {
    on_postgres(|world| {
        let [a, b] = two_trusts(&world);
        let change = |reach: Reach, sql: String| {
            world.db().housekeep_now(reach, move |tx| Ok(diesel::sql_query(sql).execute(tx.conn())?))
        };
        for table in KEPT {
            let touch = format!("UPDATE {table} SET organisation_id = organisation_id");
            let [all, ours, theirs, none] = [everybodys(), only(&a), only(&b), Reach::nobodys()]
                .map(|reach| change(reach, touch.clone()).unwrap());
            assert!(ours > 0 && theirs > 0, "{table}: {ours}, {theirs}");
            assert_eq!((all, none), (ours + theirs, 0), "{table}");
            let given_away = format!("UPDATE {table} SET organisation_id = {}", b.id);
            refused(&change(only(&a), given_away), table);
            let removed = change(only(&a), format!("DELETE FROM {table} WHERE organisation_id = {}", b.id));
            assert_eq!(removed.unwrap(), 0, "{table}");
        }
        let written = |reach: Reach| {
            // Foreign keys are checked whatever the reach, so any piece will do.
            let values = format!("({}, 1, 2, 'b.pdf', 'application/pdf', 1, '\\x00', 1, 1)", b.id);
            let columns = "organisation_id, piece_id, number, file_name, media_type, size_bytes, sha256, uploaded_at, replaced_at";
            change(reach, format!("INSERT INTO evidence ({columns}) VALUES {values}"))
        };
        refused(&written(only(&a)), "evidence");
        refused(&written(Reach::nobodys()), "evidence");
        assert_eq!(written(only(&b)).unwrap(), 1);
    });
}

#[test]
fn questions_still_use_their_indexes() {
    on_postgres(|world| {
        let [a, _] = two_trusts(&world);
        for (table, condition, index) in [
            ("answer", "return_id = 1 AND requirement_id = 1", "answer_return_id_requirement_id_key"),
            ("answer_version", "answer_id = 1", "answer_version_pkey"),
            ("sign_off", "return_id = 1", "sign_off_return"),
            ("annual_return", "organisation_id = 1 AND collection_id = 1", "annual_return_organisation_id"),
            ("review", "return_id = 1", "review_return"),
        ] {
            let sql = format!("EXPLAIN SELECT * FROM {table} WHERE {condition}");
            let plan = world.db().housekeep_now(only(&a), move |tx| {
                diesel::sql_query("SET LOCAL enable_seqscan = off").execute(tx.conn())?;
                let Conn::Postgres(conn) = tx.conn() else { return Ok(String::new()) };
                explained(conn, &sql)
            });
            let plan = plan.unwrap();
            assert!(plan.contains(index) && plan.contains("Index Cond"), "{table}: {plan}");
        }
    });
}

/// A plan's lines. `EXPLAIN` names its column with spaces, which a query's row cannot.
fn explained(conn: &mut diesel::PgConnection, sql: &str) -> Result<String> {
    let function = format!(
        "CREATE FUNCTION pg_temp.plan() RETURNS SETOF TEXT LANGUAGE plpgsql AS \
         $plan$ DECLARE line TEXT; BEGIN FOR line IN EXECUTE $sql${sql}$sql$ LOOP RETURN NEXT line; END LOOP; END $plan$"
    );
    diesel::sql_query(function).execute(conn)?;
    let lines: Vec<Said> = diesel::sql_query("SELECT plan AS said FROM pg_temp.plan() AS plan").load(conn)?;
    diesel::sql_query("DROP FUNCTION pg_temp.plan()").execute(conn)?;
    Ok(lines.into_iter().map(|line| line.said).collect::<Vec<_>>().join("\n"))
}
