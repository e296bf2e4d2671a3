//! Evidence that comes with an answer: added to a draft, fixed when it is sent, read by the reviewer and by nobody else.

use diesel::connection::SimpleConnection as _;
use portal::access::CentralRole::Publisher;
use portal::access::OrganisationRole::IgLead;
use portal::review;

use crate::on_both;
use crate::review::queries::draft;
use crate::review::{a_submission_in_the_queue, ask};
use crate::support::{World, everybodys};

on_both!(evidence_comes_with_an_answer_and_is_fixed_with_it, evidence_with_mistakes_is_refused);

/// The number at the end of the first link that begins like this.
fn number_after(page: &str, start: &str) -> String {
    page.split(start).nth(1).unwrap().chars().take_while(char::is_ascii_digit).collect()
}

async fn evidence_comes_with_an_answer_and_is_fixed_with_it(world: World) {
    let scene = a_submission_in_the_queue(world);
    scene.contributor("Con Given", &["1-1"]);
    let mut ada = scene.claimed().await;
    let at = ask(&mut ada, &scene, "Which minutes?", 10).await;
    scene.world.settle();
    let mut con = scene.world.signed_in("Con Given").await;
    let mine = draft(&mut con, &at, "These").await;
    con.get(&mine).await.expect(200).hides("Or choose a piece");
    con.upload(&format!("{mine}/file"), &[], "minutes.txt", b"Minutes of the board").await.expect(303);
    con.post(&format!("{mine}/piece"), &[("piece", "1")]).await.expect(403);
    let page = con.get(&mine).await.expect(200).shows("minutes.txt").text();
    let file = number_after(&page, &format!("{at}/evidence/"));
    // Nobody of the centre reads it before it is sent.
    ada.get(&scene.at(&format!("/evidence/{file}"))).await.expect(404);
    // The lead adds a piece of the library, and takes it away again.
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    lead.get("/organisations/ZZ001/evidence/new").await.expect(200);
    lead.get(&mine).await.expect(200).shows("minutes.txt</option>");
    lead.post(&format!("{mine}/piece"), &[("piece", "1")]).await.expect(303);
    let version = lead.get(&mine).await.expect(200).hidden("version");
    lead.post(&format!("{mine}/send"), &[("version", &version)]).await.expect(303);
    // Fixed: it can neither be taken away nor added to.
    con.post(&format!("{mine}/files/{file}/remove"), &[]).await.expect(404);
    con.upload(&format!("{mine}/file"), &[], "more.txt", b"More").await.expect(404);
    ada.get(&scene.thread(&at)).await.expect(200).shows("minutes.txt (20 bytes)");
    let got = ada.get(&scene.at(&format!("/evidence/{file}"))).await.expect(200);
    assert_eq!(&got.body[..], b"Minutes of the board");
    assert!(got.header("content-disposition").starts_with("attachment"));
    assert!(got.header("content-security-policy").starts_with("sandbox"));
    ada.get(&scene.at("/requirements/1-1"))
        .await
        .expect(200)
        .shows("No file is attached")
        .shows("minutes.txt");
    let at_home = lead.get(&format!("{at}/evidence/{file}")).await.expect(200);
    assert_eq!(&at_home.body[..], b"Minutes of the board");
    // Neither other organisations nor other roles reach it.
    scene.world.person("Pia Publisher", &[], &[Publisher]);
    let mut pia = scene.world.signed_in("Pia Publisher").await;
    pia.get(&scene.at(&format!("/evidence/{file}"))).await.expect(403);
    let other = scene.world.organisation("ZZ002", "Other Trust", "nhs_trust");
    scene.world.person("Olga Other", &[(other, IgLead)], &[]);
    let mut olga = scene.world.signed_in("Olga Other").await;
    olga.get(&format!("{at}/evidence/{file}")).await.expect(404);
    scene.world.settle();
    // What is altered behind the portal's back is found.
    let differs = |sql: &'static str| {
        scene.world.db().housekeep_now(everybodys(), move |tx| Ok(tx.conn().batch_execute(sql)?)).unwrap();
        let (_, found) = scene.world.db().read_now(everybodys(), review::verify).unwrap();
        found.into_iter().map(|difference| difference.how).collect::<Vec<_>>()
    };
    assert_eq!(differs("UPDATE query_message SET version = version"), Vec::<String>::new());
    assert_eq!(
        differs("UPDATE query_message SET text = 'Others' WHERE side = 'organisation'"),
        ["its text is not the one that was sent"]
    );
    assert_eq!(
        differs(
            "UPDATE query_message SET text = 'These' WHERE side = 'organisation'; DELETE FROM query_evidence"
        ),
        ["its evidence is not what was sent with it"]
    );
}

async fn evidence_with_mistakes_is_refused(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.claimed().await;
    let at = ask(&mut ada, &scene, "Which minutes?", 10).await;
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    let mine = draft(&mut lead, &at, "These").await;
    lead.get(&mine).await.expect(200);
    lead.upload(&format!("{mine}/file"), &[], "", b"").await.expect(422).shows("Choose a file to attach");
    lead.upload(&format!("{mine}/file"), &[], "run.exe", b"MZ\x90\x00\x03\x00\x00\x00").await.expect(415);
    for nothing in ["", "999", "x"] {
        lead.post(&format!("{mine}/piece"), &[("piece", nothing)])
            .await
            .expect(422)
            .shows("Choose a piece of evidence from the list");
    }
    lead.post(&format!("{mine}/files/999/remove"), &[]).await.expect(404);
    // The same file twice is there once.
    for _ in 0..2 {
        lead.get(&mine).await.expect(200);
        lead.upload(&format!("{mine}/file"), &[], "minutes.txt", b"Minutes").await.expect(303);
    }
    let page = lead.get(&mine).await.expect(200).text();
    assert_eq!(page.matches("minutes.txt (7 bytes)</a>").count(), 1);
    let file = number_after(&page, &format!("{at}/evidence/"));
    lead.post(&format!("{mine}/files/{file}/remove"), &[]).await.expect(303);
    lead.get(&mine).await.expect(200).shows("No file comes with it.");
    scene.world.settle();
}
