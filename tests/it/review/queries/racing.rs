//! Two at once: both answers are kept, and an answer that meets its closing is lost on neither side.

use futures_util::future::join;
use portal::access::OrganisationRole::OrganisationAdministrator;

use crate::on_both;
use crate::review::{a_submission_in_the_queue, ask};
use crate::support::World;

on_both!(
    two_who_answer_at_once_have_both_said_something,
    an_answer_and_the_closing_of_its_question_meet,
    the_same_form_twice_is_one_answer,
);

async fn two_who_answer_at_once_have_both_said_something(world: World) {
    let scene = a_submission_in_the_queue(world);
    scene.world.person("Adi Min", &[(scene.trust.id, OrganisationAdministrator)], &[]);
    let mut ada = scene.claimed().await;
    let at = ask(&mut ada, &scene, "Why?", 10).await;
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    let mut adi = scene.world.signed_in("Adi Min").await;
    lead.get(&at).await.expect(200);
    adi.get(&at).await.expect(200);
    let (one, two) = ([("reply", "The words of one")], [("reply", "The words of another")]);
    let (first, second) = join(lead.post(&at, &one), adi.post(&at, &two)).await;
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (303, 303));
    ada.get(&scene.thread(&at)).await.expect(200).shows("The words of one").shows("The words of another");
    assert_eq!(scene.states(), ("claimed".into(), "under_review".into()));
    assert_eq!(scene.clock().1, None);
    scene.world.settle();
}

async fn an_answer_and_the_closing_of_its_question_meet(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.claimed().await;
    let at = ask(&mut ada, &scene, "Why?", 10).await;
    let thread = scene.thread(&at);
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    lead.get(&at).await.expect(200);
    let seen = ada.get(&thread).await.expect(200).hidden("seen");
    let closing = [("outcome", "in_error"), ("note", "Not meant for you."), ("seen", seen.as_str())];
    let close_at = format!("{thread}/close");
    let reply = [("reply", "Here it is")];
    let (closed, answered) = join(ada.post(&close_at, &closing), lead.post(&at, &reply)).await;
    match (closed.status.as_u16(), answered.status.as_u16()) {
        // The answer was first: the reviewer is shown it before the question can be closed.
        (409, 303) => {
            closed
                .shows("An answer has come since you loaded the page")
                .shows("Not meant for you.</textarea>");
            ada.get(&thread).await.expect(200).shows("Here it is").shows("Close the question");
        }
        // The closing was first: the text stays in the form, and can be sent all the same.
        (303, 409) => {
            answered.shows("Here it is</textarea>");
            lead.post(&at, &[("reply", "Here it is"), ("after", "yes")]).await.expect(303);
            ada.get(&thread).await.expect(200).shows("Here it is").shows("Arrived after");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(scene.states().0, "claimed");
    scene.world.settle();
}

async fn the_same_form_twice_is_one_answer(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.claimed().await;
    let at = ask(&mut ada, &scene, "Why?", 10).await;
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    let once = lead.get(&at).await.expect(200).hidden("once");
    let form = [("reply", "Only once"), ("once", once.as_str())];
    for _ in 0..2 {
        assert_eq!(lead.post(&at, &form).await.expect(303).location(), at);
    }
    let page = ada.get(&scene.thread(&at)).await.expect(200).text();
    assert_eq!(page.matches("Only once").count(), 1);
    scene.world.settle();
}
