//! Evidence: streamed in, refused without leaving anything, downloaded, taken away.

use std::path::Path;

use crate::on_both;
use crate::support::World;
use crate::support::year::levels;

on_both!(
    a_file_is_attached_downloaded_and_taken_away,
    refused_uploads_leave_nothing,
    at_most_twenty_files_stand_beside_an_answer,
    files_of_others_are_not_there,
);

/// Every file below a folder.
fn files_below(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    entries
        .flat_map(|entry| {
            let path = entry.unwrap().path();
            if path.is_dir() { files_below(&path) } else { vec![path.display().to_string()] }
        })
        .collect()
}

/// What uploads have left on the disk, whole or broken.
fn kept(world: &World) -> usize {
    let folder = world.portal().files.folder().to_owned();
    files_below(&folder.join("evidence")).len() + files_below(&folder.join("incoming")).len()
}

async fn a_file_is_attached_downloaded_and_taken_away(world: World) {
    let trust = world.trust("ZZ001");
    world.usual_year(&levels("sample-2026", 3));
    world.started(&trust, "2026");
    let question = trust.at("2026", "/requirements/1-1");
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&question).await.expect(200).shows("No files are attached");
    let content = b"%PDF-1.7 our policy".repeat(5000);
    let upload = format!("{question}/evidence");
    assert_eq!(
        lead.upload(&upload, &[], "Our policy (final).pdf", &content).await.expect(303).location(),
        question
    );
    // The same file again is the same file.
    lead.upload(&upload, &[], "copy.pdf", &content).await.expect(303);
    // The news of the upload names the file that was chosen; the list names what is kept.
    lead.get(&question).await.expect(200);
    let page = lead
        .get(&question)
        .await
        .expect(200)
        .shows("Our policy (final).pdf")
        .shows("92 KB")
        .shows("in the library")
        .hides("copy.pdf");
    assert_eq!(kept(&world), 1);
    let text = page.text();
    let link = text.split(&format!("href=\"{upload}/")).nth(1).unwrap().split('"').next().unwrap();
    let file = lead.get(&format!("{upload}/{link}")).await.expect(200);
    assert_eq!(file.body, content);
    assert_eq!(file.header("content-type"), "application/pdf");
    assert_eq!(
        file.header("content-disposition"),
        "attachment; filename=\"Our policy _final_.pdf\"; filename*=UTF-8''Our%20policy%20%28final%29.pdf"
    );
    lead.post(&format!("{upload}/{link}/detach"), &[]).await.expect(303);
    lead.get(&question).await.expect(200).shows("No files are attached");
    lead.get(&format!("{upload}/{link}")).await.expect(404);
    lead.post(&format!("{upload}/{link}/detach"), &[]).await.expect(404);
    assert_eq!(kept(&world), 1, "content is never deleted");
}

async fn refused_uploads_leave_nothing(world: World) {
    let trust = world.trust("ZZ001");
    world.usual_year(&levels("sample-2026", 3));
    world.started(&trust, "2026");
    let question = trust.at("2026", "/requirements/1-1");
    let upload = format!("{question}/evidence");
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&question).await.expect(200);
    let big = vec![b'a'; 2 * 1024 * 1024 + 1];
    lead.upload(&upload, &[], "big.txt", &big)
        .await
        .expect(413)
        .shows("The file is larger than 2 MB.")
        .shows("Question 1?");
    for (name, content) in [
        ("page.pdf", b"<html><script>alert(1)</script></html>".as_slice()),
        ("tool.pdf", b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff".as_slice()),
        ("noise.pdf", b"\x00\x01\x02\x03\xff\xfe".as_slice()),
        ("empty.pdf", b"".as_slice()),
    ] {
        lead.upload(&upload, &[], name, content).await.expect(415).shows("There is a problem");
    }
    lead.upload(&upload, &[], "", b"content without a name")
        .await
        .expect(422)
        .shows("Choose a file to attach");
    // A form of another site does not know the token; a token after the file comes too late.
    let mut stranger = lead.clone();
    stranger.forget_token();
    stranger.upload(&upload, &[], "policy.txt", b"plain text").await.expect(403);
    lead.post(&upload, &[]).await.expect(422);
    truncated(&mut lead, &upload).await;
    // Somebody who may not attach is refused before the content is taken.
    let mut siro = world.signed_in("Siro ZZ001").await;
    siro.get(&question).await.expect(200).hides("Attach a file");
    siro.get("/home").await;
    siro.upload(&upload, &[], "policy.txt", b"plain text").await.expect(403);
    assert_eq!(kept(&world), 0);
    lead.get(&question).await.expect(200).shows("No files are attached");
}

/// An upload that breaks off in the middle of the file.
async fn truncated(lead: &mut crate::support::Browser, upload: &str) {
    let body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{}\r\n--b\r\n\
         Content-Disposition: form-data; name=\"file\"; filename=\"policy.txt\"\r\n\r\nOur pol",
        lead.csrf()
    );
    let request = actix_web::test::TestRequest::post()
        .uri(upload)
        .insert_header(("content-type", "multipart/form-data; boundary=b"))
        .set_payload(body);
    lead.send(request).await.expect(422).shows("broke off");
}

async fn at_most_twenty_files_stand_beside_an_answer(world: World) {
    let trust = world.trust("ZZ001");
    world.usual_year(&levels("sample-2026", 3));
    world.started(&trust, "2026");
    let question = trust.at("2026", "/requirements/1-1");
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&question).await.expect(200);
    for number in 0..20 {
        let content = format!("file number {number}");
        lead.upload(&format!("{question}/evidence"), &[], "a.txt", content.as_bytes()).await.expect(303);
    }
    lead.upload(&format!("{question}/evidence"), &[], "a.txt", b"one more")
        .await
        .expect(422)
        .shows("at most 20 files");
    assert_eq!(kept(&world), 20);
}

async fn files_of_others_are_not_there(world: World) {
    let (ours, theirs) = (world.trust("ZZ001"), world.trust("ZZ002"));
    world.usual_year(&levels("sample-2026", 3));
    world.started(&ours, "2026");
    world.started(&theirs, "2026");
    let mut lead = world.signed_in("Lead ZZ001").await;
    let question = ours.at("2026", "/requirements/1-1");
    lead.get(&question).await.expect(200);
    lead.upload(&format!("{question}/evidence"), &[], "a.txt", b"ours").await.expect(303);
    lead.get(&format!("{question}/evidence/1")).await.expect(200);
    // Neither through their own address nor through another question, nor by its number at their own return.
    let mut other = world.signed_in("Lead ZZ002").await;
    other.get(&theirs.at("2026", "")).await.expect(200);
    other.get(&format!("{question}/evidence/1")).await.expect(404);
    other.get(&theirs.at("2026", "/requirements/1-1/evidence/1")).await.expect(404);
    other.post(&theirs.at("2026", "/requirements/1-1/evidence/1/detach"), &[]).await.expect(404);
    lead.get(&ours.at("2026", "/requirements/1-2/evidence/1")).await.expect(404);
}
