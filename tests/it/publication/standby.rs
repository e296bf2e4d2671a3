//! The published pages stay up: while the database is stopped, through a start without it, and through a kill while they are
//! being kept.

use diesel::connection::SimpleConnection as _;
use portal::publication::{KEPT, PublicSite, Source};

use crate::on_both;
use crate::support::World;

on_both!(
    a_start_without_the_database_serves_what_was_published_and_goes_on_by_itself,
    what_was_kept_answers_every_address_with_the_same_bytes,
    a_kill_or_a_full_disk_while_keeping_leaves_the_state_before,
);

const SNAPSHOT: &str = "register@2022-09-09";

fn some(world: &World) -> String {
    for number in 0..6 {
        let id = world.organisation(&format!("X{number}"), &format!("<b>{number}</b> Practice"), "gp");
        world.status(SNAPSHOT, id, "21/22", "Standards Met", "standards_met");
    }
    world.published(Source::Register(SNAPSHOT.into()))
}

/// Stops the database, and a way to start it again.
fn stopped(world: &World) -> (impl FnMut() + use<>, impl FnMut() + use<>) {
    let embedded = world.db().is_embedded();
    let (file, away) = (world.folder().join("portal.sqlite"), world.folder().join("away.sqlite"));
    let mut server = (!embedded).then(|| world.server());
    let mut again = (!embedded).then(|| world.server());
    let (there, gone) = (file.clone(), away.clone());
    let stop = move || match &mut server {
        Some((server, name)) => {
            server.batch_execute(&format!("ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")).unwrap();
            let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname =";
            server.batch_execute(&format!("{end} '{name}'")).unwrap();
        }
        None => {
            std::fs::rename(&there, &gone).unwrap();
            // A folder cannot be opened as a database.
            std::fs::create_dir(&there).unwrap();
        }
    };
    let start = move || match &mut again {
        Some((server, name)) => {
            server.batch_execute(&format!("ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true")).unwrap();
        }
        None => {
            std::fs::remove_dir(&file).unwrap();
            std::fs::rename(&away, &file).unwrap();
        }
    };
    (stop, start)
}

async fn a_start_without_the_database_serves_what_was_published_and_goes_on_by_itself(world: World) {
    world.now_in_earnest();
    let key = some(&world);
    let (mut stop, mut start) = stopped(&world);
    let mut addresses = world.parts.site.addresses();
    addresses.extend(world.parts.site.more_addresses());
    addresses.extend(["/public/organisations?q=practice", "/public/organisations/X3"].map(str::to_owned));
    addresses.extend(["/public/a-to-z", "/public/a-to-z/b"].map(str::to_owned));
    let mut served = world.serve();
    let before = served.get("/").expect("an answer");
    served.stop();
    stop();
    served.restart_until("/health/live");
    for address in &addresses {
        let (status, _) = served.get(address).unwrap_or_else(|| panic!("nobody answers at {address}"));
        assert_eq!(status, 200, "{address}\n{}", served.said());
    }
    assert_eq!(served.get("/").expect("an answer"), before);
    assert_eq!(served.get("/public/organisations/NOPE").expect("an answer").0, 404);
    for address in ["/sign-in", "/health/ready", "/api/v1/organisations", "/home"] {
        let (status, body) = served.get(address).expect("an answer");
        assert_eq!(status, 503, "{address}: {body}");
    }
    start();
    assert!(served.wait_until_ready(), "{}", served.said());
    assert_eq!(served.get("/sign-in").expect("an answer").0, 200);
    assert_eq!(served.get(&format!("/public/releases/{key}")).expect("an answer").0, 200);
    served.stop();
}

async fn what_was_kept_answers_every_address_with_the_same_bytes(world: World) {
    some(&world);
    let portal = world.portal();
    let folder = portal.config.files.dir.join(KEPT);
    let kept = PublicSite::kept(&folder, &portal.pages, portal.config.public_url()).unwrap().unwrap();
    assert_eq!(kept.addresses(), world.parts.site.addresses());
    assert_eq!(kept.more_addresses(), world.parts.site.more_addresses());
    let asked = actix_web::test::TestRequest::default()
        .insert_header(("accept-encoding", "br, gzip"))
        .to_http_request();
    for address in kept.addresses() {
        let method = actix_web::http::Method::GET;
        let one = kept.answer(&method, &address, asked.headers()).unwrap();
        let other = world.parts.site.answer(&method, &address, asked.headers()).unwrap();
        assert_eq!(one.headers().get("etag"), other.headers().get("etag"), "{address}");
        let (one, other) = (one.into_body(), other.into_body());
        let one = actix_web::body::to_bytes(one).await.unwrap();
        assert_eq!(one, actix_web::body::to_bytes(other).await.unwrap(), "{address}");
    }
    // It has no database to notice anything by, and says so to nobody.
    assert!(!kept.refresh().unwrap());
}

async fn a_kill_or_a_full_disk_while_keeping_leaves_the_state_before(world: World) {
    some(&world);
    let portal = world.portal();
    let folder = portal.config.files.dir.join(KEPT);
    let read = || PublicSite::kept(&folder, &portal.pages, portal.config.public_url());
    let before = read().unwrap().unwrap().addresses();
    // Where the disk takes nothing any more, the pages in memory go on and what was kept stays.
    let part = folder.join(format!("site.kept.part-{}", std::process::id()));
    std::fs::create_dir(&part).unwrap();
    let id = world.organisation("NEW", "New Practice", "gp");
    world.status(SNAPSHOT, id, "21/22", "Standards Met", "standards_met");
    let key = world.stored(Source::Register(SNAPSHOT.into()));
    world.publish(&key).unwrap();
    while portal::ledger::sequence_once(world.db(), &world.parts.key).unwrap() > 0 {}
    assert!(world.parts.site.tend().is_err());
    world.browser().get(&format!("/public/releases/{key}")).await.expect(200);
    assert_eq!(read().unwrap().unwrap().addresses(), before);
    std::fs::remove_dir(&part).unwrap();
    // Half a file, as a kill leaves it, is nobody's state.
    std::fs::write(folder.join("site.kept.part-1"), b"portal-site v1").unwrap();
    assert_eq!(read().unwrap().unwrap().addresses(), before);
    world.settle();
    assert!(read().unwrap().unwrap().addresses().contains(&format!("/public/releases/{key}")));
    // What was damaged on the disk is told and not served.
    let file = folder.join("site.kept");
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    assert!(read().is_err());
}
