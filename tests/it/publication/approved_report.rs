//! The report of a release says what was approved: it is typeset once more with the approved words, and its hash is recorded
//! with the approval.

use diesel::prelude::*;
use portal::platform::ids::ReleaseId;
use portal::publication;
use portal::schema::{release, release_file};

use super::pipeline::{DAY, HERE, KEY, announced, approved, prepared, send, worded};
use super::publisher::filed;
use crate::on_both;
use crate::support::{World, everybodys};

on_both!(a_report_holds_the_words_that_were_approved);

fn report(world: &World) -> Vec<u8> {
    world
        .db()
        .read_now(everybodys(), |conn| {
            let id: ReleaseId =
                release::table.filter(release::key.eq(KEY)).select(release::id).first(conn)?;
            Ok(release_file::table
                .filter(release_file::release_id.eq(id))
                .filter(release_file::name.eq("report.pdf"))
                .select(release_file::content)
                .get_result(conn)?)
        })
        .unwrap()
}

#[track_caller]
fn nothing_differs(world: &World) {
    let (_, found) = world.db().read_now(everybodys(), publication::verify).unwrap();
    let found: Vec<String> = found.into_iter().map(|one| one.how).collect();
    assert!(found.is_empty(), "{found:?}");
}

async fn a_report_holds_the_words_that_were_approved(world: World) {
    filed(&world);
    world.releasers();
    let mut paul = world.signed_in("Paul Publisher").await;
    let mut max = world.signed_in("Max Manager").await;
    // A date without a release, so that the manager's page has a form at every step.
    announced(&mut max, DAY).await.expect(303);
    prepared(&mut paul).await;
    let figures_only = report(&world);
    worded(&mut paul, HERE, "").await;
    send(&mut paul, HERE, &format!("{HERE}/submit"), &[]).await.expect(303);
    assert!(report(&world) == figures_only, "nothing is set before it is approved");
    nothing_differs(&world);
    // How closely a reader can guess a figure is for those who may read the figures.
    paul.get(HERE).await.expect(200).shows("a reader finds").hides("is for those who prepare releases");
    max.get(HERE).await.expect(200).hides("a reader finds").shows("is for those who prepare releases");
    // Without a statement nothing is approved, and nothing is typeset.
    send(&mut max, HERE, &format!("{HERE}/decision"), &[("decision", "approve")]).await.expect(422);
    assert!(report(&world) == figures_only);
    approved(&mut max, HERE).await.expect(303);
    let with_words = report(&world);
    assert!(with_words.starts_with(b"%PDF-1.7") && with_words != figures_only);
    nothing_differs(&world);
    // Sent back and worded otherwise, it is set again when it is approved again, and not before.
    let back = [("decision", "send_back"), ("statement", "Say it more plainly.")];
    send(&mut max, HERE, &format!("{HERE}/decision"), &back).await.expect(303);
    let text = format!("{HERE}/text");
    let words = [("commentary", "Other words.\n\n#panic() $x$"), ("contact", "Ada <b>"), ("reason", "")];
    send(&mut paul, &text, &text, &words).await.expect(303);
    send(&mut paul, HERE, &format!("{HERE}/submit"), &[]).await.expect(303);
    assert!(report(&world) == with_words);
    nothing_differs(&world);
    approved(&mut max, HERE).await.expect(303);
    assert!(report(&world) != with_words);
    nothing_differs(&world);
    world.settle();
}
