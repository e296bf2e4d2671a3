//! Sending content: whole or in part, to be saved or to be seen, and what happens when it is not there any more.

use actix_web::test::TestRequest;

use super::{added, drafting};
use crate::on_both;
use crate::support::{Answer, Browser, World};

on_both!(
    a_download_that_broke_off_goes_on,
    what_is_shown_by_itself_can_do_nothing,
    content_that_has_vanished_is_told_plainly,
    names_cannot_hide_what_a_file_is,
);

async fn part(lead: &mut Browser, at: &str, headers: &[(&'static str, &str)]) -> Answer {
    let mut request = TestRequest::get().uri(at);
    for (name, value) in headers {
        request = request.insert_header((*name, *value));
    }
    lead.send(request).await
}

async fn a_download_that_broke_off_goes_on(world: World) {
    let (trust, mut lead) = drafting(&world).await;
    // More than one piece of what is read at once.
    let content: Vec<u8> =
        (0..300_000_u32).flat_map(|n| format!("{n} ").into_bytes()).take(300_000).collect();
    let policy = added(&mut lead, &trust, "Access policy", &[], &content).await;
    let at = format!("{policy}/versions/1");
    let whole = lead.get(&at).await.expect(200);
    assert_eq!(whole.body, content);
    assert_eq!(whole.header("accept-ranges"), "bytes");
    let tag = whole.header("etag");
    let some = part(&mut lead, &at, &[("range", "bytes=1000-1999"), ("if-range", &tag)]).await.expect(206);
    assert_eq!(some.header("content-range"), "bytes 1000-1999/300000");
    assert_eq!(some.header("content-length"), "1000");
    assert_eq!(some.body, content[1000..2000]);
    let rest = part(&mut lead, &at, &[("range", "bytes=70000-")]).await.expect(206);
    assert_eq!(rest.body, content[70_000..]);
    let tail = part(&mut lead, &at, &[("range", "bytes=-5")]).await.expect(206);
    assert_eq!(
        (tail.header("content-range").as_str(), &tail.body[..]),
        ("bytes 299995-299999/300000", &content[299_995..])
    );
    let outside = part(&mut lead, &at, &[("range", "bytes=300000-")]).await.expect(416);
    assert_eq!(outside.header("content-range"), "bytes */300000");
    assert!(outside.body.is_empty());
    // Who has the beginning of another content gets all of this one.
    let changed =
        part(&mut lead, &at, &[("range", "bytes=0-1"), ("if-range", "\"other\"")]).await.expect(200);
    assert_eq!(changed.body, content);
    let several = part(&mut lead, &at, &[("range", "bytes=0-1,5-6")]).await.expect(200);
    assert_eq!(several.body.len(), content.len());
}

async fn what_is_shown_by_itself_can_do_nothing(world: World) {
    let (trust, mut lead) = drafting(&world).await;
    let picture = [b"\x89PNG\r\n\x1a\n".as_slice(), b"<script>alert(1)</script>"].concat();
    for (title, content, kind, seen) in [
        ("Text", b"Our <b>policy</b>".as_slice(), "text/plain; charset=utf-8", true),
        ("Picture", &picture, "image/png", true),
        ("Polyglot", b"%PDF-1.4\n<html><script>alert(1)</script>", "application/pdf", false),
    ] {
        let piece = added(&mut lead, &trust, title, &[], content).await;
        let page = lead.get(&piece).await.expect(200).text();
        let view = format!("{piece}/versions/1/view");
        assert_eq!(page.contains(&view), seen, "{title}");
        for (at, inline) in [(format!("{piece}/versions/1"), false), (view, seen)] {
            let sent = lead.get(&at).await.expect(200);
            assert_eq!(sent.header("content-type"), kind);
            assert_eq!(sent.header("x-content-type-options"), "nosniff");
            assert!(sent.header("content-security-policy").starts_with("sandbox; default-src 'none'"));
            let expected = if inline { "inline;" } else { "attachment;" };
            assert!(sent.header("content-disposition").starts_with(expected), "{at}");
            assert_eq!(sent.body, content);
        }
    }
}

async fn content_that_has_vanished_is_told_plainly(world: World) {
    let (trust, mut lead) = drafting(&world).await;
    let policy = added(&mut lead, &trust, "Access policy", &[], b"Our policy").await;
    let at = format!("{policy}/versions/1");
    let files = &world.portal().files;
    let address = files.address(&portal::platform::canonical::sha256(b"Our policy"));
    std::fs::write(&address, b"Our pol").unwrap();
    lead.get(&at).await.expect(410).shows("has another size than when it came");
    std::fs::remove_file(&address).unwrap();
    lead.get(&at).await.expect(410).shows("is missing in the portal").shows("backup");
    // The page of the piece is there all the same, and the content can come again.
    lead.get(&policy).await.expect(200);
    added(&mut lead, &trust, "Once more", &[], b"Our policy").await;
    lead.get(&at).await.expect(200);
}

async fn names_cannot_hide_what_a_file_is(world: World) {
    let (trust, mut lead) = drafting(&world).await;
    let question = trust.at("2026", "/requirements/1-1");
    let upload = format!("{question}/evidence");
    lead.upload(&upload, &[], "minutes\u{202e}txt.exe\u{200b}", b"Our minutes").await.expect(303);
    lead.get(&question).await;
    lead.get(&question).await.expect(200).shows("minutestxt.exe").hides("\u{202e}");
    let sent = lead.get("/organisations/ZZ001/evidence/1/versions/1").await.expect(200);
    assert_eq!(
        sent.header("content-disposition"),
        "attachment; filename=\"minutestxt.exe\"; filename*=UTF-8''minutestxt.exe"
    );
    let titled = added(&mut lead, &trust, "Board\u{2066} \u{202e}minutes", &[], b"Other minutes").await;
    lead.get(&titled).await;
    lead.get(&titled).await.expect(200).shows("Board minutes").hides("\u{202e}");
}
