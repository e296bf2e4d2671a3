//! The whole return as a workbook to be read: a sheet for each part, in people's words, with what the review said as far as it
//! is the organisation's to read.

use std::io::{Cursor, Read as _};

use crate::on_both;
use crate::review::{a_submission_in_the_queue, ask, close, decide, finish};
use crate::support::World;

on_both!(a_return_is_taken_out_as_sheets_with_what_its_review_said);

/// The content of an OpenDocument workbook.
fn content(body: &[u8]) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(body.to_vec())).unwrap();
    let mut text = String::new();
    archive.by_name("content.xml").unwrap().read_to_string(&mut text).unwrap();
    text
}

/// The part of it that is one sheet.
fn sheet<'a>(content: &'a str, name: &str) -> &'a str {
    let from = content.split(&format!("<table:table table:name=\"{name}\">")).nth(1);
    from.unwrap_or_else(|| panic!("there is no sheet {name}")).split("</table:table>").next().unwrap()
}

async fn a_return_is_taken_out_as_sheets_with_what_its_review_said(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.claimed().await;
    let at = ask(&mut ada, &scene, "Which committee?", 10).await;
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    lead.get(&at).await.expect(200);
    lead.post(&at, &[("reply", "The board")]).await.expect(303);
    close(&mut ada, &scene, &at, "does_not_stand").await;
    decide(&mut ada, &scene, "1-1", "level_1", "The minutes show a draft.").await;
    ada.get(&scene.at("")).await.expect(200);
    ada.agree_with_rest(&scene.at("")).await;
    let path = scene.trust.at("2026", "/export.ods");
    lead.get(&scene.trust.at("2026", "/offline")).await.expect(200).shows(&format!("href=\"{path}\""));
    let answer = lead.get(&path).await.expect(200);
    assert_eq!(answer.header("content-type"), "application/vnd.oasis.opendocument.spreadsheet");
    assert!(answer.header("content-disposition").contains("ZZ001-2026-everything.ods"));
    let before = content(&answer.body);
    assert!(sheet(&before, "Answers").contains("Question 1?"));
    assert!(sheet(&before, "Answers").contains("Level 2: descriptor of level 2"));
    assert!(sheet(&before, "Answers").contains(">Completed<"));
    assert!(sheet(&before, "Versions").contains("Lead ZZ001"));
    assert!(sheet(&before, "Signatures").contains("Senior information risk owner"));
    assert!(sheet(&before, "Submissions").contains("Satisfactory"));
    let asked = sheet(&before, "Questions");
    for words in ["Which committee?", "The board", "Does not stand", ">Organisation<"] {
        assert!(asked.contains(words), "\"{words}\" is not in:\n{asked}");
    }
    assert!(
        !before.contains("The minutes show a draft"),
        "a decision that is not final is the reviewer's own"
    );
    finish(&mut ada, &scene, "").await;
    scene.world.settle();
    let mut bea = scene.world.signed_in("Bea Second").await;
    let confirm = scene.at("/confirm");
    let version = bea.get(&confirm).await.expect(200).hidden("version");
    bea.post(&confirm, &[("version", &version), ("verdict", "confirm")]).await.expect(303);
    scene.world.settle();
    let after = content(&lead.get(&path).await.expect(200).body);
    let review = sheet(&after, "Review");
    for words in ["The minutes show a draft.", ">Downgrade<", "Not satisfactory", ">Decided<"] {
        assert!(review.contains(words), "\"{words}\" is not in:\n{review}");
    }
    // No key of a file and no time of one.
    assert!(!after.contains("not_satisfactory") && !after.contains("under_review"));
    assert!(!after.contains("T10:00:00Z"), "times are London's, in words");
    // Whoever may not take the JSON may not take this either.
    let mut stranger = scene.world.signed_in("Bea Second").await;
    stranger.get(&path).await.expect(404);
    scene.world.settle();
}
