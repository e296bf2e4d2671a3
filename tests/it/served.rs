//! The real binary starts on what a world seeded, survives being killed, and leaves data that can be read again.

use crate::on_both;
use crate::support::World;

on_both!(it_starts_is_killed_and_starts_again);

async fn it_starts_is_killed_and_starts_again(world: World) {
    world.now_in_earnest();
    world.trust("ZZ001");
    let mut served = world.serve();
    let first = served.pid();
    let (status, body) = served.get("/api/v1/organisations/ZZ001").expect("an answer");
    assert_eq!(status, 200, "{body}");
    assert!(body.contains("ZZ001 & Sons Trust"), "{body}");

    served.kill_9();
    assert!(served.get("/health/live").is_none(), "it answers although it was killed");
    served.restart();
    assert_ne!(served.pid(), first);
    assert_eq!(served.get("/health/ready").expect("an answer").0, 200);
    let ready = format!("ready: {}", served.base());
    assert_eq!(served.said().matches(&ready).count(), 2, "{}", served.said());

    served.stop();
    served.restart();
    assert_eq!(std::fs::read_dir(served.mail_folder()).unwrap().count(), 0);
    let world = served.world();
    let colleagues = world.signed_in("Lead ZZ001").await.get("/organisations/ZZ001/people").await.expect(200);
    colleagues.shows("Siro ZZ001");
    world.settle();
}
