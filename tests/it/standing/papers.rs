//! Board papers: made once, recorded, kept as they were, on a page and as a PDF file.

use diesel::prelude::*;
use portal::access::OrganisationRole::Contributor;
use portal::schema::{board_paper, ledger_event};
use serde_json::json;

use super::reading::Pdf;
use crate::on_both;
use crate::support::year::levels;
use crate::support::{World, everybodys};

on_both!(a_board_paper_is_kept_as_it_was_made, a_form_sent_twice_makes_one_paper, a_long_paper_has_pages);

fn made(world: &World) -> (i64, Vec<String>) {
    world
        .db()
        .read_now(everybodys(), |conn| {
            let papers = board_paper::table.count().get_result(conn)?;
            let events = ledger_event::table
                .filter(ledger_event::kind.eq("board_paper_made"))
                .select(ledger_event::body)
                .load(conn)?;
            Ok((papers, events))
        })
        .unwrap()
}

async fn a_board_paper_is_kept_as_it_was_made(world: World) {
    let trust = world.trust("ZZ001");
    world.trust("ZZ002");
    world.person("Con Tributor", &[(trust.id, Contributor)], &[]);
    world.usual_year(&levels("sample-2026", 3));
    world.started(&trust, "2026");
    world.answered(&trust, "2026", "1-1", &json!({"level": 1}), "a secret comment");
    let at = trust.at("2026", "/standing");
    let mut siro = world.signed_in("Siro ZZ001").await;
    siro.get(&at).await.expect(200);
    for wrong in ["", "   ", "x\ny", &"x".repeat(121)] {
        let refused = siro.post(&format!("{at}/board-papers"), &[("meeting", wrong)]).await.expect(422);
        refused.shows("error-summary").shows("Which meeting is the paper for?");
    }
    let paper =
        siro.post(&format!("{at}/board-papers"), &[("meeting", "Trust board")]).await.expect(303).location();
    assert_eq!(paper, format!("{at}/board-papers/1"));
    let (papers, events) = made(&world);
    assert_eq!((papers, events.len()), (1, 1));
    assert!(!events[0].contains("Siro") && events[0].contains("content_sha256"), "{}", events[0]);
    let shows = |text: String| {
        for part in [
            "Official-sensitive: for the board of ZZ001 &amp; Sons Trust",
            "Made by Siro ZZ001 (Senior information risk owner), on 13 January 2026 at 10am, London time.",
            "For: Trust board.",
            "Direct that the 2 requirements that still block are completed by 30 June 2026.",
            "signs the return once nothing blocks, by 30 June 2026.",
            "1 of 3 answers are confirmed.",
            "No certificate is on record.",
            "There is no submission of last year to compare with.",
        ] {
            assert!(text.contains(part), "\"{part}\" is not in:\n{text}");
        }
        assert!(!text.contains("a secret comment"));
    };
    shows(siro.get(&paper).await.expect(200).text());
    let first = siro.get(&format!("{paper}/paper.pdf")).await.expect(200);
    // What happens afterwards is for the next paper.
    world.answered(&trust, "2026", "1-2", &json!({"level": 2}), "");
    world.clock.advance_seconds(86_400);
    let mut siro = world.signed_in("Siro ZZ001").await;
    shows(siro.get(&paper).await.expect(200).text());
    assert_eq!(siro.get(&format!("{paper}/paper.pdf")).await.expect(200).body, first.body);
    siro.get(&at).await.expect(200).shows("Board paper 1").shows("made by Siro ZZ001");
    let pdf = Pdf::read(&first.body);
    assert_eq!(pdf.title(), "Board paper 1: where we stand");
    assert!(pdf.is_tagged_ua() && pdf.language() == "en-GB");
    let tags = pdf.tags();
    for tag in ["H1", "Table", "TH", "TD", "Figure", "L"] {
        assert!(tags.contains_key(tag), "{tag}: {tags:?}");
    }
    assert!(pdf.drawings().iter().any(|said| said.contains("to 1 of 3 answers on 13 January 2026")));
    pdf.says("Official-sensitive: for the board of ZZ001 & Sons Trust")
        .says("What the board is asked to decide")
        .says("There is no answer yet.")
        .says("Answers confirmed, and the pace to the deadline");
    let mut part = world.signed_in("Con Tributor").await;
    part.get(&paper).await.expect(403);
    part.get(&format!("{paper}/paper.pdf")).await.expect(403);
    let mut stranger = world.signed_in("Lead ZZ002").await;
    stranger.get(&paper).await.expect(404);
    siro.get(&format!("{at}/board-papers/2")).await.expect(404);
    world.settle();
}

async fn a_form_sent_twice_makes_one_paper(world: World) {
    let trust = world.trust("ZZ001");
    world.usual_year(&levels("sample-2026", 3));
    world.started(&trust, "2026");
    let at = trust.at("2026", "/standing");
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&at).await.expect(200);
    for _ in 0..2 {
        lead.post(&format!("{at}/board-papers"), &[("once", "the same page"), ("meeting", "Trust board")])
            .await
            .expect(303);
    }
    assert_eq!(made(&world).0, 1);
    lead.post(&format!("{at}/board-papers"), &[("once", "another page"), ("meeting", "Trust board")])
        .await
        .expect(303);
    assert_eq!(made(&world).0, 2);
    world.settle();
}

/// An edition of a hundred requirements, none of them answered.
fn large() -> String {
    let small = levels("sample-2026", 3);
    let (head, _) = small.split_once("[[requirements]]").unwrap();
    let mut text = head.to_owned();
    for number in 1..=100 {
        text.push_str(&format!(
            "[[requirements]]\ncode = \"1-{number}\"\nsection = \"1\"\ntitle = \"{}\"\ntext = \"Question?\"\n\
             guidance = \"Guidance\"\nlevels = [\"a\", \"b\", \"c\", \"d\"]\nmay_be_not_relevant = false\n\
             expected = {{ acute = 2 }}\n",
            "A long title of a requirement ".repeat(5).trim()
        ));
    }
    text
}

async fn a_long_paper_has_pages(world: World) {
    let trust = world.trust("ZZ001");
    world.usual_year(&large());
    world.started(&trust, "2026");
    let at = trust.at("2026", "/standing");
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&at).await.expect(200).shows("0 of 100 answers are confirmed.");
    let paper =
        lead.post(&format!("{at}/board-papers"), &[("meeting", "Trust board")]).await.expect(303).location();
    lead.get(&paper).await.expect(200).shows("The first 60 are listed; the return itself lists all.");
    let answer = lead.get(&format!("{paper}/paper.pdf")).await.expect(200);
    let pdf = Pdf::read(&answer.body);
    assert!((4..=9).contains(&pdf.pages()), "{} pages", pdf.pages());
    assert!(pdf.is_tagged_ua());
    pdf.says("1-60 A long title").says("Page 4 of");
    world.settle();
}
