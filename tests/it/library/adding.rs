//! Adding, finding and changing pieces.

use portal::access::OrganisationRole::{CaldicottGuardian, Contributor};

use super::{added, at, drafting, number, until};
use crate::on_both;
use crate::support::World;

on_both!(
    a_file_and_a_link_are_added_and_found,
    what_is_typed_is_kept_when_something_is_wrong,
    details_change_from_the_version_that_was_seen,
    only_members_see_the_library_and_only_writers_change_it,
    a_form_sent_twice_adds_once,
);

async fn a_file_and_a_link_are_added_and_found(world: World) {
    let (trust, mut lead) = drafting(&world).await;
    lead.get(&at(&trust, "")).await.expect(200).shows("The library is empty");
    let owner = trust.siro.to_string();
    let more =
        [("tags", "Policy, access"), ("owner", owner.as_str()), ("description", "Agreed by the board.")];
    let policy = added(&mut lead, &trust, "Access policy", &more, b"Our policy").await;
    lead.get(&policy).await.expect(200).shows("Evidence added");
    lead.get(&policy)
        .await
        .expect(200)
        .shows("Agreed by the board.")
        .shows("Siro ZZ001")
        .shows("access, policy")
        .shows("None: it holds for good")
        .shows("Not scanned")
        .shows("It stands beside no answer yet");
    let fields = [
        ("title", "Training figures"),
        ("classification", "public"),
        ("link", "https://intranet.trust.example/training?year=2026"),
    ];
    let link = lead.upload(&at(&trust, "/new"), &fields, "", b"").await.expect(303).location();
    lead.get(&link).await;
    lead.get(&link)
        .await
        .expect(200)
        .shows("href=\"https://intranet.trust.example/training?year=2026\"")
        .shows("A link is not scanned")
        .hides("Malware scan</dt>");
    let list = lead.get(&at(&trust, "")).await.expect(200).shows("2 pieces of evidence");
    list.shows("Access policy").shows("Training figures").shows("Web link, Public").shows("Not used");
    for (query, shown, hidden) in [
        ("?words=POLICY", "Access policy", "Training figures"),
        ("?words=figures%20train", "Training figures", "Access policy"),
        ("?show=unused&words=access", "Access policy", "Training figures"),
        ("?sort=added&words=training", "Training figures", "Access policy"),
    ] {
        lead.get(&at(&trust, query)).await.expect(200).shows(shown).hides(hidden);
    }
    for query in ["?words=nothing", "?show=stale", "?show=soon", "?show=removed"] {
        lead.get(&at(&trust, query)).await.expect(200).shows("No evidence is like this");
    }
    lead.get(&at(&trust, "?show=none&sort=none&page=none")).await.expect(200).shows("2 pieces");
}

async fn what_is_typed_is_kept_when_something_is_wrong(world: World) {
    let (trust, mut lead) = drafting(&world).await;
    let new = at(&trust, "/new");
    let ok = [("title", "Access policy"), ("classification", "official")];
    lead.upload(&new, &ok, "", b"").await.expect(422).shows("Choose a file, or enter a web address");
    let both = [ok[0], ok[1], ("link", "https://host.example/")];
    lead.upload(&new, &both, "a.txt", b"Our policy")
        .await
        .expect(422)
        .shows("not both")
        .shows("Access policy");
    let http = [ok[0], ok[1], ("link", "http://host.example/")];
    lead.upload(&new, &http, "", b"").await.expect(422).shows("starts with https://");
    let mut wrong = vec![("title", ""), ("classification", "secret"), ("tags", "kept tags")];
    wrong.extend(until("31", "2", "2026"));
    lead.upload(&new, &wrong, "a.txt", b"Our policy")
        .await
        .expect(422)
        .shows("Enter a title")
        .shows("Select how carefully")
        .shows("must be a real date")
        .shows("kept tags");
    let stranger = world.trust("ZZ009").lead.to_string();
    let owned = [ok[0], ok[1], ("owner", stranger.as_str())];
    lead.upload(&new, &owned, "a.txt", b"Our policy")
        .await
        .expect(422)
        .shows("Choose an owner who belongs to your organisation");
    lead.upload(&new, &ok, "tool.pdf", b"MZ\x90\x00\x03\x00\x00\x00").await.expect(415).shows("not accepted");
    lead.upload(&new, &ok, "big.txt", &vec![b'a'; 2 * 1024 * 1024 + 1])
        .await
        .expect(413)
        .shows("larger than 2 MB");
    lead.get(&at(&trust, "")).await.expect(200).shows("The library is empty");
    // A description may be long, though not without end.
    let long = "é".repeat(2000);
    added(&mut lead, &trust, "Long", &[("description", &long)], b"Our policy").await;
    let longer = "é".repeat(2001);
    let fields = [ok[0], ok[1], ("description", longer.as_str())];
    lead.upload(&new, &fields, "a.txt", b"Our policy").await.expect(422).shows("2000 characters or fewer");
}

async fn details_change_from_the_version_that_was_seen(world: World) {
    let (trust, mut lead) = drafting(&world).await;
    let policy = added(&mut lead, &trust, "Access policy", &[("tags", "old")], b"Our policy").await;
    let edit = format!("{policy}/edit");
    let seen = lead.get(&edit).await.expect(200).shows("value=\"Access policy\"").hidden("version");
    let mut fields =
        vec![("title", "Access rules"), ("classification", "official_sensitive"), ("version", seen.as_str())];
    fields.extend(until("30", "6", "2026"));
    lead.post(&edit, &fields).await.expect(303);
    lead.get(&policy).await;
    lead.get(&policy)
        .await
        .expect(200)
        .shows("Access rules")
        .shows("Official-sensitive")
        .shows("30 June 2026");
    lead.get(&at(&trust, "?words=old")).await.expect(200).shows("No evidence is like this");
    // Somebody who saw the piece before is told, and nothing is overwritten.
    fields[0] = ("title", "Lost update");
    lead.post(&edit, &fields).await.expect(409).shows("Somebody else changed this first");
    lead.get(&policy).await.expect(200).shows("Access rules");
    let seen = lead.get(&edit).await.expect(200).hidden("version");
    lead.post(&edit, &[("title", ""), ("classification", "public"), ("version", &seen)])
        .await
        .expect(422)
        .shows("Enter a title");
}

async fn only_members_see_the_library_and_only_writers_change_it(world: World) {
    let (trust, mut lead) = drafting(&world).await;
    let policy = added(&mut lead, &trust, "Access policy", &[], b"Our policy").await;
    world.trust("ZZ002");
    let mut other = world.signed_in("Lead ZZ002").await;
    other.get("/account").await;
    for address in ["", "/edit", "/replace", "/versions/1", "/versions/1/view"] {
        other.get(&format!("{policy}{address}")).await.expect(404);
        let own = format!("/organisations/ZZ002/evidence/{}{address}", number(&policy));
        other.get(&own).await.expect(404);
    }
    other.get(&at(&trust, "")).await.expect(404);
    other.post(&format!("/organisations/ZZ002/evidence/{}/remove", number(&policy)), &[]).await.expect(404);
    world.person("Cal Guardian", &[(trust.id, CaldicottGuardian)], &[]);
    let mut reader = world.signed_in("Cal Guardian").await;
    reader.get("/account").await;
    reader.get(&policy).await.expect(200).hides("Replace by a newer").hides("Remove from the library");
    reader.get(&format!("{policy}/versions/1")).await.expect(200);
    reader.get(&at(&trust, "")).await.expect(200).hides("Add evidence");
    reader.get(&at(&trust, "/new")).await.expect(403);
    let fields = [("title", "Mine"), ("classification", "official")];
    reader.upload(&at(&trust, "/new"), &fields, "a.txt", b"x y").await.expect(403);
    reader.get(&format!("{policy}/edit")).await.expect(403);
    world.person("Con Tributor", &[(trust.id, Contributor)], &[]);
    let mut writer = world.signed_in("Con Tributor").await;
    writer.get("/account").await.expect(200);
    writer.get(&at(&trust, "")).await.expect(403);
    writer.get(&policy).await.expect(403);
    writer.get(&format!("{policy}/versions/1")).await.expect(403);
    writer.get(&format!("{policy}/edit")).await.expect(403);
    writer.post(&format!("{policy}/remove"), &[]).await.expect(403);
}

async fn a_form_sent_twice_adds_once(world: World) {
    let (trust, mut lead) = drafting(&world).await;
    let once = lead.get(&at(&trust, "/new")).await.expect(200).hidden("once");
    let fields = [("title", "Access policy"), ("classification", "official"), ("once", once.as_str())];
    let first = lead.upload(&at(&trust, "/new"), &fields, "a.txt", b"Our policy").await.expect(303);
    let again = lead.upload(&at(&trust, "/new"), &fields, "a.txt", b"Our policy").await.expect(303);
    assert!(first.location().starts_with(&at(&trust, "/")));
    assert_eq!(again.location(), at(&trust, "?sort=added"));
    lead.get(&at(&trust, "")).await.expect(200);
    lead.get(&at(&trust, "")).await.expect(200).shows("1 piece of evidence");
}
