//! The receipt as a PDF file: what it says, how it is built, and who gets it; names of every kind are only ever text.

use portal::access::OrganisationRole::{Contributor, IgLead, Siro};
use portal::platform::canonical::hex;
use portal::platform::clock::parse_london;
use portal::returns;

use super::reading::Pdf;
use crate::on_both;
use crate::support::year::{Trust, levels};
use crate::support::{World, everybodys};

on_both!(the_receipt_can_be_taken_away, names_of_every_kind_are_text);

/// The hash and the ledger's place of a trust's newest submission.
fn recorded(world: &World, trust: &Trust) -> (String, i64) {
    let id = trust.id;
    world
        .db()
        .read_now(everybodys(), move |conn| {
            let found = returns::find(conn, returns::Which::Of(id, "2026"))?.unwrap();
            let sent = returns::submission(conn, found.submission.unwrap())?;
            let place = portal::ledger::position(conn, sent.event.unwrap())?;
            Ok((hex(&sent.snapshot_hash), place.unwrap()))
        })
        .unwrap()
}

async fn the_receipt_can_be_taken_away(world: World) {
    let trust = world.trust("ZZ001");
    world.trust("ZZ002");
    world.person("Con Tributor", &[(trust.id, Contributor)], &[]);
    world.usual_year(&levels("sample-2026", 3));
    let at = trust.at("2026", "/receipt.pdf");
    let mut siro = world.signed_in("Siro ZZ001").await;
    siro.get(&at).await.expect(404);
    // A late submission in summer: London's clock is an hour ahead.
    world.clock.set(parse_london("2026-07-01 09:30").unwrap());
    world.submitted_levels(&trust, "2026");
    world.settle();
    let mut siro = world.signed_in("Siro ZZ001").await;
    siro.get(&trust.at("2026", "/receipt")).await.expect(200).shows("/returns/2026/receipt.pdf\"");
    let answer = siro.get(&at).await.expect(200);
    assert_eq!(answer.header("content-type"), "application/pdf");
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"ZZ001-2026-receipt-1.pdf\"");
    let pdf = Pdf::read(&answer.body);
    assert_eq!((pdf.title().as_str(), pdf.language().as_str()), ("Receipt of a submission", "en-GB"));
    assert!(pdf.is_tagged_ua());
    assert_eq!(pdf.pages(), 1);
    let tags = pdf.tags();
    for tag in ["Table", "TH", "TD", "L", "LI"] {
        assert!(tags.contains_key(tag), "{tag}: {tags:?}");
    }
    let (hash, place) = recorded(&world, &trust);
    pdf.says("ZZ001 & Sons Trust (ZZ001)")
        .says("1 July 2026 at 9:30am, London time")
        .says("No, late: it was due by 30 June 2026 at 12pm")
        .says("Senior information risk owner: Siro ZZ001, ")
        .says("Satisfactory")
        .says(&hash)
        .says(&format!("Entry {place}"))
        .says("How to check this receipt");
    assert_eq!(siro.get(&at).await.expect(200).body, answer.body, "the same file every time");
    let mut part = world.signed_in("Con Tributor").await;
    part.get(&at).await.expect(403);
    let mut stranger = world.signed_in("Lead ZZ002").await;
    stranger.get(&at).await.expect(404);
}

async fn names_of_every_kind_are_text(world: World) {
    let names = [
        ("ZZ801", "#panic(\"x\") *bold* $x^2$ <b>b</b> `raw` @cite https://example.org/ // note /* c */ \\ ~".to_owned()),
        ("ZZ802", "W".repeat(167)),
        ("ZZ803", "Care \u{1f600}\u{1f469}\u{200d}\u{1f4bb}\u{fe0f} \u{4e2d}\u{6587} \u{1f3fd} Home".to_owned()),
        ("ZZ804", "\u{645}\u{633}\u{62a}\u{634}\u{641}\u{649} \u{627}\u{644}\u{646}\u{648}\u{631} / \u{5d1}\u{5d9}\u{5ea} \u{5d7}\u{5d5}\u{5dc}\u{5d9}\u{5dd}".to_owned()),
        ("ZZ805", "A\u{202e}B\u{0301}\u{2028}C\tD \u{e000} \u{fb01} \u{1d11e} \u{a0} \u{2011}E".to_owned()),
    ];
    world.usual_year(&levels("sample-2026", 3));
    for (code, name) in names {
        let id = world.organisation(code, &name, "nhs_trust");
        let lead = world.person(&format!("Lead {code}"), &[(id, IgLead)], &[]);
        let siro = world.person(&format!("Siro {code}"), &[(id, Siro)], &[]);
        let trust = Trust { id, code: code.to_owned(), lead, siro };
        world.submitted_levels(&trust, "2026");
        world.settle();
        let mut browser = world.signed_in(&format!("Siro {code}")).await;
        let receipt = browser.get(&trust.at("2026", "/receipt.pdf")).await.expect(200);
        let pdf = Pdf::read(&receipt.body);
        assert!(pdf.is_tagged_ua() && pdf.pages() == 1, "{code}");
        match code {
            "ZZ801" | "ZZ802" => {
                pdf.says(&name);
            }
            "ZZ803" => {
                pdf.says("Home").says("Care");
            }
            _ => {}
        }
        browser.get(&trust.at("2026", "/standing")).await.expect(200);
        let made = browser
            .post(&trust.at("2026", "/standing/board-papers"), &[("meeting", "Trust board")])
            .await
            .expect(303);
        let paper = browser.get(&format!("{}/paper.pdf", made.location())).await.expect(200);
        assert!(Pdf::read(&paper.body).is_tagged_ua(), "{code}");
    }
    world.settle();
}
