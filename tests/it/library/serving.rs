//! One piece serves many answers and years; what is used cannot be removed.

use portal::access::OrganisationRole::Contributor;
use serde_json::json;

use super::{added, at, choose, drafting, number};
use crate::on_both;
use crate::support::World;
use crate::support::year::levels;

on_both!(
    one_piece_serves_many_answers,
    a_file_that_the_library_has_is_that_piece,
    a_contributor_learns_nothing_of_the_library_by_uploading_what_it_holds,
    what_a_draft_rests_on_is_not_removed,
    next_year_begins_with_the_newest_version_of_what_is_kept,
    at_most_twenty_pieces_stand_beside_an_answer,
);

async fn one_piece_serves_many_answers(world: World) {
    let (trust, mut lead) = drafting(&world).await;
    let policy = added(&mut lead, &trust, "Access policy", &[], b"Our policy").await;
    let minutes = added(&mut lead, &trust, "Board minutes", &[], b"Our minutes").await;
    let [one, two] = ["1-1", "1-2"].map(|code| trust.at("2026", &format!("/requirements/{code}")));
    let choosing = format!("{one}/evidence/choose");
    lead.get(&one).await.expect(200).shows(&choosing);
    lead.get(&choosing).await.expect(200).shows("Access policy").shows("Board minutes");
    lead.get(&format!("{choosing}?words=minutes"))
        .await
        .expect(200)
        .hides("Access policy")
        .shows("Board minutes");
    choose(&mut lead, &one, &[]).await.expect(422).shows("Choose at least one piece of evidence");
    assert_eq!(choose(&mut lead, &one, &[&policy, &minutes]).await.expect(303).location(), one);
    choose(&mut lead, &two, &[&policy]).await.expect(303);
    // What stands there already stands there once.
    choose(&mut lead, &two, &[&policy]).await.expect(303);
    lead.get(&two).await.expect(200).shows("stood beside the answer already");
    for (question, shown) in [(&one, "Board minutes"), (&two, "Access policy")] {
        lead.get(question).await.expect(200).shows(shown).shows(&policy);
    }
    lead.get(&policy).await.expect(200).shows("1-1 Title 1").shows("1-2 Title 2").shows("Collection 2026");
    lead.get(&at(&trust, "")).await.expect(200).shows("2 places").shows("1 place");
    lead.get(&at(&trust, "?show=unused")).await.expect(200).shows("No evidence is like this");
    // A piece of somebody else, or none at all, is not there.
    world.trust("ZZ002");
    let mut other = world.signed_in("Lead ZZ002").await;
    let theirs = crate::support::year::Trust { code: "ZZ002".to_owned(), ..trust.clone() };
    other.get(&at(&theirs, "/new")).await.expect(200);
    let foreign = added(&mut other, &theirs, "Theirs", &[], b"Their policy").await;
    choose(&mut lead, &one, &[&foreign]).await.expect(404);
    choose(&mut lead, &one, &["/x/none"]).await.expect(404);
}

async fn a_file_that_the_library_has_is_that_piece(world: World) {
    let (trust, mut lead) = drafting(&world).await;
    let policy = added(&mut lead, &trust, "Access policy", &[], b"Our policy").await;
    let question = trust.at("2026", "/requirements/1-1");
    lead.upload(&format!("{question}/evidence"), &[], "copy.txt", b"Our policy").await.expect(303);
    lead.upload(&format!("{question}/evidence"), &[], "new.txt", b"Another policy").await.expect(303);
    lead.get(&question).await;
    lead.get(&question)
        .await
        .expect(200)
        .shows(&policy)
        .shows("Access policy")
        .hides("copy.txt")
        .shows("new.txt");
    lead.get(&at(&trust, "")).await.expect(200).shows("2 pieces of evidence").shows("new.txt");
}

async fn a_contributor_learns_nothing_of_the_library_by_uploading_what_it_holds(world: World) {
    let (trust, mut lead) = drafting(&world).await;
    added(&mut lead, &trust, "Findings of the intrusion", &[], b"What we found").await;
    let cal = world.person("Cal Contributor", &[(trust.id, Contributor)], &[]);
    world.given(trust.lead, trust.id, "2026", &["1-1", "1-2"], cal);
    let mut cal = world.signed_in("Cal Contributor").await;
    for (code, name) in [("1-1", "guess.txt"), ("1-2", "again.txt")] {
        let question = trust.at("2026", &format!("/requirements/{code}"));
        cal.get(&question).await.expect(200);
        cal.upload(&format!("{question}/evidence"), &[], name, b"What we found").await.expect(303);
        cal.get(&question).await.expect(200);
        cal.get(&question).await.expect(200).shows("guess.txt").hides("Findings of the intrusion");
    }
    // What they brought themselves is one piece, however often they bring it.
    lead.get(&at(&trust, "")).await.expect(200).shows("2 pieces of evidence").shows("guess.txt");
}

async fn what_a_draft_rests_on_is_not_removed(world: World) {
    let (trust, mut lead) = drafting(&world).await;
    let policy = added(&mut lead, &trust, "Access policy", &[], b"Our policy").await;
    let question = trust.at("2026", "/requirements/1-1");
    choose(&mut lead, &question, &[&policy]).await.expect(303);
    let remove = format!("{policy}/remove");
    lead.get(&policy).await;
    lead.get(&policy)
        .await
        .expect(200)
        .hides("Nobody can choose it any more")
        .shows("Take it away there first");
    lead.post(&remove, &[]).await.expect(409).shows("The answer to 1-1 (Collection 2026) still rests on");
    for code in ["1-1", "1-2", "1-3"] {
        world.answered(&trust, "2026", code, &json!({"level": 2}), "");
    }
    // Ready and signed are not submitted yet.
    world.signed(&trust, "2026");
    lead.post(&remove, &[]).await.expect(409);
    let signed = lead.get(&trust.at("2026", "/submit")).await.expect(200).hidden("version");
    lead.post(&trust.at("2026", "/submit"), &[("version", &signed)]).await.expect(303);
    world.settle();
    lead.post(&remove, &[]).await.expect(303);
    lead.get(&at(&trust, "")).await;
    lead.get(&at(&trust, "")).await.expect(200).hides(&policy);
    lead.get(&at(&trust, "?show=removed")).await.expect(200).shows(&policy);
    // What was submitted stands, and can be read.
    lead.get(&policy).await.expect(200).shows("It was removed from the library").shows("1-1 Title 1");
    lead.get(&format!("{policy}/versions/1")).await.expect(200);
    lead.get(&question).await.expect(200).shows("Access policy");
    // Nobody changes, replaces or chooses what was removed.
    lead.get(&format!("{policy}/edit")).await.expect(409).shows("removed");
    lead.upload(&format!("{policy}/replace"), &[("version", "3")], "a.txt", b"x y").await.expect(409);
    lead.post(&remove, &[]).await.expect(409);
    lead.post(&format!("{policy}/restore"), &[]).await.expect(303);
    lead.get(&at(&trust, "")).await.expect(200).shows(&policy);
    lead.post(&format!("{policy}/restore"), &[]).await.expect(409);
}

async fn next_year_begins_with_the_newest_version_of_what_is_kept(world: World) {
    let (trust, mut lead) = drafting(&world).await;
    let kept = added(&mut lead, &trust, "Kept policy", &[], b"Kept policy one").await;
    let gone = added(&mut lead, &trust, "Gone policy", &[], b"Gone policy").await;
    let question = trust.at("2026", "/requirements/1-1");
    choose(&mut lead, &question, &[&kept, &gone]).await.expect(303);
    for code in ["1-1", "1-2", "1-3"] {
        world.answered(&trust, "2026", code, &json!({"level": 2}), "");
    }
    world.sent(&trust, "2026");
    world.settle();
    lead.post(&format!("{gone}/remove"), &[]).await.expect(303);
    let seen = lead.get(&format!("{kept}/replace")).await.expect(200).hidden("version");
    lead.upload(&format!("{kept}/replace"), &[("version", &seen)], "two.txt", b"Kept policy two")
        .await
        .expect(303);
    let first = world.db().read_now(crate::support::everybodys(), |conn| {
        Ok(portal::collections::collection_by_key(conn, "2026")?.unwrap().id)
    });
    let edition = world.edition(&levels("sample-2027", 3));
    let second =
        world.collection("2027", edition, ["2026-01-06 09:00", "2027-06-30 12:00", "2027-07-14 12:00"]);
    follows(&world, second, first.unwrap());
    world.started(&trust, "2027");
    let next = trust.at("2027", "/requirements/1-1");
    lead.get(&next).await;
    lead.get(&next).await.expect(200).shows("Kept policy").shows("two.txt").hides("Gone policy");
    lead.get(&question).await.expect(200).shows("Gone policy").shows("policy.txt").hides("two.txt");
    lead.get(&kept).await.expect(200).shows("Collection 2027").shows("Collection 2026");
}

/// Lets one collection follow another, as planning with a previous one does.
fn follows(
    world: &World,
    second: portal::platform::ids::CollectionId,
    first: portal::platform::ids::CollectionId,
) {
    use diesel::prelude::*;
    use portal::schema::collection;
    world
        .db()
        .housekeep_now(crate::support::everybodys(), move |tx| {
            let row = collection::table.filter(collection::id.eq(second));
            Ok(diesel::update(row).set(collection::previous_id.eq(Some(first))).execute(tx.conn())?)
        })
        .unwrap();
}

async fn at_most_twenty_pieces_stand_beside_an_answer(world: World) {
    let (trust, mut lead) = drafting(&world).await;
    let question = trust.at("2026", "/requirements/1-1");
    let mut pieces = Vec::new();
    for place in 0..21 {
        let (title, content) = (format!("Piece {place}"), format!("content {place}"));
        pieces.push(added(&mut lead, &trust, &title, &[], content.as_bytes()).await);
    }
    let all: Vec<&str> = pieces.iter().map(String::as_str).collect();
    choose(&mut lead, &question, &all).await.expect(422).shows("at most 20 files");
    choose(&mut lead, &question, &all[..20]).await.expect(303);
    choose(&mut lead, &question, &all[20..]).await.expect(422).shows("at most 20 files");
    choose(&mut lead, &question, &all[..20]).await.expect(303);
    assert_eq!(number(all[0]), "1");
}
