//! The picture that goes with a shared link: one for each release and one for the newest, and every public page names it.

use portal::publication::Source;

use crate::on_both;
use crate::support::World;

on_both!(a_shared_link_has_a_picture_of_its_release);

const SNAPSHOT: &str = "register@2022-09-09";

async fn a_shared_link_has_a_picture_of_its_release(world: World) {
    let mut browser = world.browser();
    let newest = "/public/share.png";
    let empty = browser.get(newest).await.expect(200);
    assert_eq!(empty.header("content-type"), "image/png");
    let long: String = "=A <b> ".repeat(40).chars().take(167).collect();
    let mut keys = Vec::new();
    for (code, title) in [("A1", "Results <one>"), ("A2", long.trim())] {
        let id = world.organisation(code, "Practice", "gp");
        world.status(SNAPSHOT, id, "21/22", "Standards Met", "standards_met");
        let draft = world.try_composed(Source::Register(SNAPSHOT.into()), Some(title)).unwrap();
        keys.push(world.published_draft(draft));
    }
    let mut bodies = vec![empty.body];
    for key in &keys {
        let page = browser.get(&format!("/public/releases/{key}")).await.expect(200);
        let address = format!("/public/releases/{key}/share.png");
        page.shows(&format!(
            "<meta property=\"og:image\" content=\"{}{address}\">",
            world.portal().config.public_url()
        ));
        let picture = browser.get(&address).await.expect(200);
        assert!(
            picture.body.starts_with(b"\x89PNG") && picture.body.len() < 20_000,
            "{}",
            picture.body.len()
        );
        // Those who show it load it from their own pages.
        assert_eq!(picture.header("cross-origin-resource-policy"), "cross-origin");
        assert_eq!(picture.header("content-encoding"), "");
        assert!(!bodies.contains(&picture.body), "{key} has another's picture");
        bodies.push(picture.body);
    }
    let now = browser.get(newest).await.expect(200);
    assert_eq!(&now.body, bodies.last().unwrap());
    for path in ["/", "/public/sectors", "/public/organisations/A1", "/public/releases"] {
        let shown = browser.get(path).await.expect(200).shows("twitter:card");
        shown.shows(&format!("content=\"{}{newest}\"", world.portal().config.public_url()));
    }
    // Whoever reads it can ask somebody, also where the operator published it.
    let first = browser.get(&format!("/public/releases/{}", keys[0])).await.expect(200);
    first.shows("Contact").shows("statistics@people.example");
    browser.get("/sign-in").await.expect(200).hides("og:image");
}
