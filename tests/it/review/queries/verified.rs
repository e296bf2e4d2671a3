//! Both sides' words in a thread are held against the ledger.

use diesel::connection::SimpleConnection as _;

use crate::on_both;
use crate::review::{a_submission_in_the_queue, ask};
use crate::support::{World, everybodys};

on_both!(what_a_reviewer_asked_cannot_be_altered_unseen,);

async fn what_a_reviewer_asked_cannot_be_altered_unseen(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.claimed().await;
    // Two questions about one requirement: each is held against its own event.
    ask(&mut ada, &scene, "Which committee?", 10).await;
    let at = ask(&mut ada, &scene, "Which minutes?", 10).await;
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    lead.get(&at).await.expect(200);
    lead.post(&at, &[("reply", "Those of May")]).await.expect(303);
    scene.world.settle();
    let differs = |sql: &'static str| {
        scene.world.db().housekeep_now(everybodys(), move |tx| Ok(tx.conn().batch_execute(sql)?)).unwrap();
        scene.differences()
    };
    assert_eq!(differs("UPDATE query_message SET version = version"), Vec::<String>::new());
    let found = differs("UPDATE query_message SET text = 'Any?' WHERE text = 'Which committee?'");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].ends_with("its text is not the one that was sent"), "{found:?}");
    let found = differs("UPDATE query_message SET text = 'Which committee?' WHERE text = 'Any?'");
    assert_eq!(found, Vec::<String>::new());
    let found = differs("DELETE FROM query_message WHERE text = 'Which minutes?'");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].ends_with("the ledger tells of it, but it is not there"), "{found:?}");
}
