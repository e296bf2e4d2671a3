//! The archive of everything that an organisation owns: no table of an organisation's is forgotten, and what was arranged,
//! delegated, taken back and made for boards is in it.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use diesel::sql_types::Text;
use portal::platform::canonical::{hex, sha256};
use portal::platform::ids::OrganisationId;
use portal::returns::{self, Which};
use portal::schema::return_filer;
use serde_json::{Value, json};

use super::super::given_a_draft;
use super::arranged::{Arranged, arrange};
use super::json as exported;
use crate::on_both;
use crate::support::year::Trust;
use crate::support::{Browser, World, everybodys};

on_both!(what_is_arranged_delegated_and_taken_back_is_in_the_archive);

/// Tables of an organisation's own, each with the field of the archive that holds it.
const IN_THE_ARCHIVE: &[(&str, &str)] = &[
    ("annual_return", "state"),
    ("answer", "answer"),
    ("answer_evidence", "evidence"),
    ("answer_owner", "owner"),
    ("answer_version", "history"),
    ("board_paper", "board_papers"),
    ("carried_before", "started_from"),
    ("certificate", "certificates"),
    ("corrected_result", "corrections"),
    ("decision_challenge", "challenges"),
    ("decision_challenge_line", "challenges"),
    ("decision_letter", "letters"),
    ("discussion_comment", "discussion"),
    ("discussion_mention", "mentioned"),
    ("evidence", "versions"),
    ("evidence_piece", "library"),
    ("extension", "extensions"),
    ("extension_request", "time_requests"),
    ("improvement_plan", "plan"),
    ("interim_submission", "interim_returns"),
    ("invitation", "invitations"),
    ("membership", "people"),
    ("organisation_service", "services"),
    ("plan_closing", "closed"),
    ("plan_decision", "decisions"),
    ("plan_escalation", "escalations"),
    ("plan_line", "lines"),
    ("plan_line_seen", "seen"),
    ("plan_note", "notes"),
    ("query_evidence", "queries"),
    ("query_message", "drafts"),
    ("query_time", "time"),
    ("return_filer", "filed_by"),
    ("review", "reviews"),
    ("review_conclusion", "letters"),
    ("review_decision", "decisions"),
    ("review_query", "queries"),
    ("sign_delegation", "delegations"),
    ("sign_off", "sign_offs"),
    ("site_correction", "site_corrections"),
    ("site_exception", "exceptions"),
    ("site_exception_evidence", "exceptions"),
    ("site_exclusion", "left_out"),
    ("site_filing", "filings"),
    ("site_filing_line", "filings"),
    ("site_group", "covered_since"),
    ("site_outcome", "head_office_outcomes"),
    ("submission", "submissions"),
    ("withdrawal", "withdrawals"),
];

/// Tables that say whose each row is and that the archive leaves out, each with the reason.
const LEFT_OUT: &[(&str, &str)] = &[
    ("baseline_member", "the programme's own draw: that an organisation was drawn, and nothing of its words"),
    ("blind_case", "the reviewers' own: a second scoring that its organisation is never told of"),
    ("blind_score", "the reviewers' own: a second scoring that its organisation is never told of"),
    ("collection_result", "public: that nothing was sent by the close, as the release says it"),
    ("declared_interest", "a reviewer's own: why they may not review this organisation"),
    ("evidence_warning", "which mail about a piece's last day has gone out"),
    ("former_employer", "a reviewer's own: for whom they worked"),
    (
        "ledger_event",
        "the ledger is one tree over everybody's events: its bodies hold hashes of what is in the archive",
    ),
    ("outlook_risk", "the programme's own guess who will be late, computed from the return"),
    ("owner_reminder", "which mail about a requirement has gone out"),
    ("plan_reminder", "which mail about a line has gone out"),
    ("published_status", "public: the register's history, which is open data"),
    ("query_reminder", "which mail about a question has gone out"),
    ("register_correction", "public: the register, as an accepted request of `site_corrections` changed it"),
    ("relation", "public: the register"),
    ("release_answer", "a copy of the levels that were submitted, frozen for a release's tables"),
    ("release_organisation", "public: what a release says of the organisation"),
    ("reminder", "which mail about the deadline has gone out"),
    ("reminder_line", "which round of mails an organisation was part of"),
    ("review_decision_version", "the reviewers' own: what they had thought before they decided"),
    ("review_flag", "the reviewers' own: what they mean to look at again"),
    ("review_note", "the reviewers' own notes"),
    ("review_place", "the reviewers' own: where they stopped reading"),
    ("review_recusal", "the reviewers' own: who stepped back from a review"),
    ("review_reopening", "the central team's own: what follows from it reaches the organisation as a letter"),
    ("review_risk", "the reviewers' own: how much a submission needs a look"),
    ("revised_status", "public: what a release said before a correction and what counts since"),
    ("risk_signal", "the programme's own: what makes a submission need a look"),
    ("score_comparison", "the reviewers' own: two scorings beside each other"),
    ("submission_basis", "copied from the snapshot of the submission, to be scored again fast"),
    ("told_of_leaver", "which mail about a colleague who left has gone out"),
    ("workbook", "a file that the organisation itself uploaded, kept for seven days until it is applied"),
];

#[derive(QueryableByName)]
struct Link {
    #[diesel(sql_type = Text)]
    child: String,
    #[diesel(sql_type = Text)]
    parent: String,
}

/// Every table that says whose its rows are, or hangs on one that does. Another test holds both databases to the same
/// tables, columns and links.
fn owned() -> BTreeSet<String> {
    const COLUMNS: &str = "SELECT m.name AS child, p.name AS parent FROM sqlite_master m JOIN pragma_table_info(m.name) p \
         WHERE m.type = 'table' AND p.name = 'organisation_id'";
    const LINKS: &str = "SELECT m.name AS child, f.\"table\" AS parent FROM sqlite_master m \
         JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'";
    let world = World::sqlite();
    let read = |sql: &'static str| -> Vec<Link> {
        world.db().read_now(everybodys(), move |conn| Ok(diesel::sql_query(sql).load::<Link>(conn)?)).unwrap()
    };
    let mut owned: BTreeSet<String> = read(COLUMNS).into_iter().map(|row| row.child).collect();
    let links = read(LINKS);
    loop {
        let more: Vec<String> = links
            .iter()
            .filter(|link| owned.contains(&link.parent) && !owned.contains(&link.child))
            .map(|link| link.child.clone())
            .collect();
        if more.is_empty() {
            return owned;
        }
        owned.extend(more);
    }
}

#[test]
fn every_table_of_an_organisation_is_in_the_archive_or_left_out_for_a_reason() {
    let owned = owned();
    assert!(owned.len() > 70, "{owned:?}");
    let mut known: BTreeMap<&str, &str> = BTreeMap::new();
    for (table, what) in IN_THE_ARCHIVE.iter().chain(LEFT_OUT) {
        assert!(known.insert(table, what).is_none(), "{table} is named twice");
        assert!(owned.contains(*table), "{table} is no table of an organisation's own any more");
    }
    let forgotten: Vec<&String> = owned.iter().filter(|table| !known.contains_key(table.as_str())).collect();
    assert!(
        forgotten.is_empty(),
        "add {forgotten:?} to the export and to IN_THE_ARCHIVE, or to LEFT_OUT with the reason"
    );
    // The field is one that the format's document tells of.
    let format =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/formats/return-export.md"))
            .unwrap();
    for (table, field) in IN_THE_ARCHIVE {
        let told = [format!("`{field}`"), format!(".{field}`")].iter().any(|name| format.contains(name));
        assert!(told, "the format's document has no {field}, which is to hold {table}");
    }
    for (table, why) in LEFT_OUT {
        assert!(why.contains(' '), "{table} needs a reason in words");
    }
}

async fn what_is_arranged_delegated_and_taken_back_is_in_the_archive(world: World) {
    let trust = given_a_draft(&world);
    for code in ["1-2", "1-3"] {
        world.answered(&trust, "2026", code, &json!({"level": 2}), "");
    }
    let sent = world.sent(&trust, "2026");
    world.settle();
    let site = world.organisation("ZS001", "A site", "nhs_trust");
    let other = world.organisation("ZS002", "Another site", "nhs_trust");
    let (whose, lead, siro, now) = (trust.id, trust.lead, trust.siro, world.now());
    world
        .db()
        .housekeep_now(everybodys(), move |tx| {
            let found = returns::find(tx.conn(), Which::Of(whose, "2026"))?.unwrap();
            let (of, collection) = (found.id, found.collection.id);
            let requirement = found.edition.requirement_id("1-2").unwrap();
            arrange(tx, &Arranged { whose, lead, siro, now, sent, site, other, of, collection, requirement })
        })
        .unwrap();
    let mut reader = world.signed_in("Lead ZZ001").await;
    the_return_says_so(&mut reader, &trust).await;
    the_organisation_says_so(&mut reader).await;
    the_sheets_say_so(&mut reader, &trust).await;
    a_site_says_who_filed_for_it(&world, whose).await;
    world.settle();
}

async fn the_return_says_so(reader: &mut Browser, trust: &Trust) {
    let export = exported(reader, &trust.at("2026", "/export.json")).await;
    assert_eq!(export["sign_offs"][0]["person"], "Lead ZZ001");
    assert_eq!(export["sign_offs"][0]["on_behalf_of"], "Siro ZZ001");
    let taken = &export["withdrawals"][0];
    assert_eq!((taken["submission"].as_i64(), &taken["reason"]), (Some(1), &json!("The wrong year")));
    assert_eq!(taken["withdrawn_by"], "Lead ZZ001");
    let paper = &export["board_papers"][0];
    assert_eq!(paper["content"], json!({"meeting": "The March board", "v": 1}));
    let text = portal::platform::canonical::to_string(&paper["content"]).unwrap();
    assert_eq!(paper["sha256"], hex(&sha256(text.as_bytes())));
    assert_eq!(export["extensions"][0]["reason"], "A flood");
    let sites = &export["sites"];
    assert_eq!(sites["left_out"][0]["site"], json!({"code": "ZS002", "name": "Another site"}));
    assert_eq!(
        (&sites["left_out"][0]["kind"], &sites["left_out"][0]["note"]),
        (&json!("sold"), &json!("To a neighbour"))
    );
    assert_eq!(sites["exceptions"][0]["requirement"], "1-2");
    assert_eq!(sites["exceptions"][0]["value"], json!({"level": 1}));
    assert_eq!(sites["filings"][0]["sites"][0]["said"], "It has started its own return");
    let plan = &export["plan"];
    assert_eq!(plan["closed"]["note"], "All of it is shown");
    let line = &plan["lines"][0];
    assert_eq!((&line["piece"], &line["seen"]["seen_by"]), (&json!("Minutes of May"), &json!("Siro ZZ001")));
    let up = json!([{"stage": "owner", "due_on": "2026-08-01", "reached_on": "2026-08-15"}]);
    assert_eq!(line["escalations"], up);
}

async fn the_organisation_says_so(reader: &mut Browser) {
    let archive = reader.get("/organisations/ZZ001/export.zip").await.expect(200);
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(archive.body.to_vec())).unwrap();
    let kept: Value = serde_json::from_reader(archive.by_name("organisation.json").unwrap()).unwrap();
    assert_eq!(kept["version"], 2);
    assert_eq!(kept["delegations"][0]["reason"], "On leave");
    assert_eq!(kept["delegations"][0]["delegate"]["name"], "Lead ZZ001");
    assert_eq!(kept["invitations"][0]["email"], "nia@people.example");
    assert_eq!(kept["site_corrections"][0]["site"]["code"], "ZS002");
    assert_eq!(kept["site_corrections"][0]["answer"], "It is open");
}

/// The workbook to be read says the same.
async fn the_sheets_say_so(reader: &mut Browser, trust: &Trust) {
    let sheets = reader.get(&trust.at("2026", "/export.ods")).await.expect(200);
    let mut sheets = zip::ZipArchive::new(std::io::Cursor::new(sheets.body.to_vec())).unwrap();
    let content = std::io::read_to_string(sheets.by_name("content.xml").unwrap()).unwrap();
    for words in [
        "The wrong year",
        "To a neighbour",
        "The March board",
        "All of it is shown",
        "Minutes of May",
        "A flood",
    ] {
        assert!(content.contains(words), "{words} is not in the sheets");
    }
}

/// A site's own export says who submitted for it, and another organisation's says nothing of all this.
async fn a_site_says_who_filed_for_it(world: &World, whose: OrganisationId) {
    let stranger = world.trust("ZZ002");
    world.started(&stranger, "2026");
    let (head, its) = (whose, stranger.id);
    world
        .db()
        .housekeep_now(everybodys(), move |tx| {
            let found = returns::find(tx.conn(), Which::Of(its, "2026"))?.unwrap();
            diesel::update(return_filer::table.filter(return_filer::return_id.eq(found.id)))
                .set(return_filer::head_office_id.eq(Some(head)))
                .execute(tx.conn())?;
            Ok(())
        })
        .unwrap();
    let mut their_lead = world.signed_in("Lead ZZ002").await;
    let theirs = exported(&mut their_lead, &stranger.at("2026", "/export.json")).await;
    assert_eq!(theirs["filed_by"]["code"], "ZZ001");
    assert_eq!((&theirs["sites"], &theirs["withdrawals"]), (&Value::Null, &json!([])));
}
