//! Drafts of editions in the browser: begun, changed, compared, seen as an organisation will see them, and frozen by a
//! second editor.

use portal::access::CentralRole::{ProgrammeManager, StandardsEditor};
use portal::standards::EditionState;
use portal::standards::mapping::{self, LineKind};

use super::{central, only_for, programme};
use crate::on_both;
use crate::support::year::{assertions, levels, outcomes};
use crate::support::{Answer, Browser, World, everybodys};

on_both!(
    next_years_edition_is_made_from_the_last_and_frozen_by_a_second_editor,
    a_draft_may_be_incomplete_and_freezing_may_not,
    two_editors_lose_nothing,
    what_two_editors_change_in_two_places_comes_together,
    one_editor_alone_freezes_nothing,
    a_change_takes_back_that_it_is_done,
    a_frozen_edition_never_changes,
    an_unfrozen_edition_cannot_be_planned_with,
    hostile_texts_stay_texts,
    every_kind_of_requirement_is_edited,
    a_draft_begins_with_a_file,
    only_the_standards_editor_changes_drafts,
    a_draft_is_begun_once,
);

const LIST: &str = "/standards/drafts";

async fn ed(world: &World) -> Browser {
    central(world, "Ed Standards", StandardsEditor).await
}

async fn edie(world: &World) -> Browser {
    central(world, "Edie Standards", StandardsEditor).await
}

/// Begins a draft; its address.
async fn begun(browser: &mut Browser, from: &str, key: &str) -> String {
    browser.get(LIST).await.expect(200);
    let fields = [("from", from), ("key", key), ("label", "2027/28")];
    browser.post(LIST, &fields).await.expect(303).location()
}

/// The fields of the form of requirement `1-N` of a levels draft, as it stands.
fn level_fields<'a>(code: &'a str, name: &'a str, text: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("code", code),
        ("section", "1"),
        ("name", name),
        ("text", text),
        ("guidance", "Guidance"),
        ("origins", code),
        ("level-0", "descriptor of level 0"),
        ("level-1", "descriptor of level 1"),
        ("level-2", "descriptor of level 2"),
        ("level-3", "descriptor of level 3"),
        ("expected-acute", "2"),
    ]
}

/// Posts a form with the version that a page shows.
async fn posted(browser: &mut Browser, at: &str, to: &str, fields: &[(&str, &str)]) -> Answer {
    let version = browser.get(at).await.expect(200).hidden("version");
    browser.post(to, &[fields, &[("version", version.as_str())]].concat()).await
}

async fn saved(browser: &mut Browser, at: &str, fields: &[(&str, &str)]) -> Answer {
    posted(browser, at, at, fields).await
}

/// One editor says that it is done and another one freezes it.
async fn frozen(ed: &mut Browser, edie: &mut Browser, draft: &str) {
    posted(ed, draft, &format!("{draft}/done"), &[]).await.expect(303);
    posted(edie, draft, &format!("{draft}/freeze"), &[]).await.expect(303);
}

async fn next_years_edition_is_made_from_the_last_and_frozen_by_a_second_editor(world: World) {
    world.edition(&levels("sample-2026", 3));
    let (mut ed, mut edie) = (ed(&world).await, edie(&world).await);
    ed.get("/standards").await.expect(200).shows("href=\"/standards/drafts\"");
    let draft = begun(&mut ed, "sample-2026", "sample-2027").await;
    ed.get(&draft).await.expect(200).shows("Nothing is wrong with it").shows("1-2 Title 2");
    ed.get(&format!("{draft}/changes")).await.expect(200).shows("Nothing differs");
    // Two changes: a question is worded otherwise with a higher minimum, and one is not asked any more.
    let second = format!("{draft}/requirements/1-2");
    let mut fields = level_fields("1-2", "Title 2", "How far is question 2?");
    fields.retain(|(name, _)| *name != "expected-acute");
    fields.push(("expected-acute", "3"));
    saved(&mut ed, &second, &fields).await.expect(303);
    let third = format!("{draft}/requirements/1-3");
    posted(&mut ed, &third, &format!("{third}/remove"), &[]).await.expect(303);
    ed.get(&format!("{draft}/changes"))
        .await
        .expect(200)
        .shows("Reworded: 1")
        .shows("Minimum changed: 1")
        .shows("Retired: 1")
        .shows("[added: </span>How far is question");
    let csv = ed.get(&format!("{draft}/changes.csv")).await.expect(200).text();
    assert!(
        csv.contains("reworded minima,1-2,Title 2,1-2,Question,Question 2?,How far is question 2?"),
        "{csv}"
    );
    assert!(csv.contains("\"Minimum, Acute\",Level 2,Level 3"), "{csv}");
    assert!(csv.contains("retired,1-3,Title 3,1-3,,,"), "{csv}");
    ed.get(&format!("{draft}/preview"))
        .await
        .expect(200)
        .shows("2 requirements count")
        .shows("At least level 3");
    ed.get(&format!("{draft}/preview?sector=gp")).await.expect(200).shows("0 requirements count");
    ed.get(&format!("{draft}/preview/1-2?sector=nhs_trust"))
        .await
        .expect(200)
        .shows("How far is question 2?")
        .shows("descriptor of level 1")
        .shows("disabled");
    ed.get(&format!("{draft}/preview/1-3?sector=nhs_trust")).await.expect(404);
    frozen(&mut ed, &mut edie, &draft).await;
    edie.get(&draft).await.expect(200).shows("has become an edition").shows("/standards/mappings/");
    edie.get("/standards/sample-2027").await.expect(200).shows("Frozen").shows("How far is question 2?");
    let found = world
        .db()
        .read_now(everybodys(), |conn| {
            let (from, _) = portal::standards::edition_by_key(conn, "sample-2026")?.unwrap();
            let (to, state) = portal::standards::edition_by_key(conn, "sample-2027")?.unwrap();
            let (id, ..) = mapping::versions(conn, from.id(), to.id())?[0];
            Ok((state, to.edition().rule_set().to_owned(), mapping::mapping(conn, id)?))
        })
        .unwrap();
    assert_eq!((found.0, found.1.as_str()), (EditionState::Frozen, "sample-2027.1"));
    let kinds: Vec<LineKind> = found.2.lines.iter().map(|line| line.kind).collect();
    assert_eq!(kinds, [LineKind::Retired, LineKind::Unchanged, LineKind::Reworded]);
    world.settle();
}

async fn a_draft_may_be_incomplete_and_freezing_may_not(world: World) {
    world.edition(&levels("sample-2026", 3));
    let mut ed = ed(&world).await;
    let draft = begun(&mut ed, "sample-2026", "sample-2027").await;
    let first = format!("{draft}/requirements/1-1");
    let mut fields = level_fields("1-1", "", "");
    fields.retain(|(name, _)| *name != "expected-acute");
    saved(&mut ed, &first, &fields).await.expect(303);
    let page =
        ed.get(&draft).await.expect(200).shows("What is still wrong").shows(&format!("href=\"{first}\""));
    let page = page.shows("must not be empty").shows("names no profile").hides("Say that it is done");
    let version = page.hidden("version");
    ed.post(&format!("{draft}/done"), &[("version", version.as_str())])
        .await
        .expect(422)
        .shows("3 things are wrong with it");
    ed.get(&format!("{draft}/preview")).await.expect(200).shows("3 things are wrong");
    // What is no code or number is refused at once, beside its field.
    for (field, wrong) in
        [("code", "not a code!"), ("origins", "9-9"), ("section", "9"), ("expected-acute", "many")]
    {
        let mut fields = level_fields("1-1", "Title 1", "Question 1?");
        fields.retain(|(name, _)| *name != field);
        fields.push((field, wrong));
        saved(&mut ed, &first, &fields).await.expect(422).shows(&format!("id=\"{field}-error\""));
    }
    let taken = level_fields("1-2", "Title 1", "Question 1?");
    saved(&mut ed, &first, &taken).await.expect(422).shows("There is a requirement with this code already");
    saved(&mut ed, &first, &level_fields("1-1", "Title 1", "Question 1?")).await.expect(303);
    ed.get(&draft).await.expect(200).shows("Nothing is wrong with it").shows("Say that it is done");
    ed.get(&format!("{draft}/requirements/9-9")).await.expect(404);
    ed.get(&format!("{draft}/history"))
        .await
        .expect(200)
        .shows("Version 3: Changed 1-1")
        .shows("Ed Standards");
    world.settle();
}

async fn two_editors_lose_nothing(world: World) {
    world.edition(&levels("sample-2026", 3));
    let (mut ed, mut edie) = (ed(&world).await, edie(&world).await);
    let draft = begun(&mut ed, "sample-2026", "sample-2027").await;
    let place = format!("{draft}/requirements/1-1");
    let seen = edie.get(&place).await.expect(200).hidden("version");
    saved(&mut ed, &place, &level_fields("1-1", "Title 1", "Ed asks this?")).await.expect(303);
    let mut mine = level_fields("1-1", "Title 1", "Edie asks that?");
    mine.push(("version", seen.as_str()));
    let conflict = edie
        .post(&place, &mine)
        .await
        .expect(409)
        .shows("Ed Standards saved this place")
        .shows("Ed asks this?")
        .shows("value=\"Edie asks that?\"")
        .shows("Save mine in its place");
    ed.get(&place).await.expect(200).shows("Ed asks this?");
    // Saved again with what the page carries, it takes the place.
    let version = conflict.hidden("version");
    assert_ne!(version, seen);
    mine.pop();
    mine.push(("version", version.as_str()));
    edie.post(&place, &mine).await.expect(303);
    ed.get(&place).await.expect(200).shows("Edie asks that?");
    // A requirement that a colleague changed is not removed unseen, and one that is gone cannot be saved.
    let remove = format!("{place}/remove");
    ed.post(&remove, &[("version", seen.as_str())]).await.expect(409).shows("at the same time");
    posted(&mut ed, &place, &remove, &[]).await.expect(303);
    edie.post(&place, &mine).await.expect(409).shows("It is not in the draft any more").hides("Save mine");
    world.settle();
}

async fn what_two_editors_change_in_two_places_comes_together(world: World) {
    world.edition(&levels("sample-2026", 3));
    let (mut ed, mut edie) = (ed(&world).await, edie(&world).await);
    let draft = begun(&mut ed, "sample-2026", "sample-2027").await;
    let (first, second) = (format!("{draft}/requirements/1-1"), format!("{draft}/requirements/1-2"));
    let seen = edie.get(&second).await.expect(200).hidden("version");
    saved(&mut ed, &first, &level_fields("1-1", "Title 1", "Changed by Ed?")).await.expect(303);
    let mut mine = level_fields("1-2", "Title 2", "Changed by Edie?");
    mine.push(("version", seen.as_str()));
    edie.post(&second, &mine).await.expect(303);
    ed.get(&format!("{draft}/changes")).await.expect(200).shows("Reworded: 2");
    // Order, sections and profiles.
    let section = format!("{draft}/sections/1");
    let order = [("kind", "requirement"), ("code", "1-2"), ("way", "up"), ("back", section.as_str())];
    let moved = posted(&mut ed, &section, &format!("{draft}/order"), &order).await.expect(303);
    assert_eq!(moved.location(), section);
    let new = format!("{draft}/sections/new");
    saved(&mut ed, &new, &[("code", "2"), ("name", "Area two"), ("parent", "")]).await.expect(303);
    saved(&mut ed, &new, &[("code", "2"), ("name", "Again"), ("parent", "")])
        .await
        .expect(422)
        .shows("There is a section with this code already");
    let two = format!("{draft}/sections/2");
    posted(&mut ed, &two, &format!("{two}/remove"), &[]).await.expect(303);
    posted(&mut ed, &section, &format!("{section}/remove"), &[]).await.expect(422).shows("not empty");
    let profile = format!("{draft}/profiles/acute");
    let minima = [
        ("name", "Acute"),
        ("sectors", "nhs_trust"),
        ("expected-1-1", "3"),
        ("expected-1-2", ""),
        ("expected-1-3", "2"),
    ];
    saved(&mut ed, &profile, &minima).await.expect(303);
    ed.get(&draft).await.expect(200).shows("names no profile");
    ed.get(&format!("{draft}/profiles")).await.expect(200).shows("Acute").shows("NHS trust");
    world.settle();
}

async fn one_editor_alone_freezes_nothing(world: World) {
    world.edition(&levels("sample-2026", 3));
    let (mut ed, mut edie) = (ed(&world).await, edie(&world).await);
    let draft = begun(&mut ed, "sample-2026", "sample-2027").await;
    // Nobody has said that it is done.
    posted(&mut edie, &draft, &format!("{draft}/freeze"), &[]).await.expect(409).shows("Nobody has said");
    posted(&mut ed, &draft, &format!("{draft}/done"), &[]).await.expect(303);
    posted(&mut ed, &draft, &format!("{draft}/freeze"), &[])
        .await
        .expect(409)
        .shows("It takes a second editor to freeze it");
    ed.get(&draft).await.expect(200).shows("That was you").hides("Freeze the edition");
    edie.get(&draft).await.expect(200).shows("Ed Standards said").shows("Freeze the edition");
    posted(&mut edie, &draft, &format!("{draft}/freeze"), &[]).await.expect(303);
    world.settle();
}

async fn a_change_takes_back_that_it_is_done(world: World) {
    world.edition(&levels("sample-2026", 3));
    let (mut ed, mut edie) = (ed(&world).await, edie(&world).await);
    let draft = begun(&mut ed, "sample-2026", "sample-2027").await;
    posted(&mut ed, &draft, &format!("{draft}/done"), &[]).await.expect(303);
    let seen = edie.get(&draft).await.expect(200).hidden("version");
    saved(&mut ed, &format!("{draft}/details"), &[("label", "2027/28"), ("rule_set", "sample-2027.2")])
        .await
        .expect(303);
    edie.post(&format!("{draft}/freeze"), &[("version", seen.as_str())]).await.expect(409);
    posted(&mut edie, &draft, &format!("{draft}/freeze"), &[]).await.expect(409).shows("Nobody has said");
    // What is discarded is gone from the list, and its key is free again.
    posted(&mut ed, &draft, &format!("{draft}/discard"), &[]).await.expect(303);
    ed.get(LIST).await.expect(200).shows("There is no draft");
    ed.post(&format!("{draft}/details"), &[("label", "x"), ("version", "2")]).await.expect(409);
    begun(&mut ed, "sample-2026", "sample-2027").await;
    world.settle();
}

async fn a_frozen_edition_never_changes(world: World) {
    world.edition(&levels("sample-2026", 3));
    let (mut ed, mut edie) = (ed(&world).await, edie(&world).await);
    let draft = begun(&mut ed, "sample-2026", "sample-2027").await;
    frozen(&mut ed, &mut edie, &draft).await;
    ed.get(&format!("{draft}/requirements/1-1")).await.expect(409);
    let mut fields = level_fields("1-1", "Title 1", "Too late?");
    fields.push(("version", "1"));
    ed.post(&format!("{draft}/requirements/1-1"), &fields).await.expect(409);
    ed.post(&format!("{draft}/discard"), &[("version", "1")]).await.expect(409);
    let other = levels("sample-2027", 3).replace("Question 1?", "Another question?");
    let refused = world.try_edition(&other).unwrap_err();
    assert!(refused.to_string().contains("is frozen and cannot be changed"), "{refused}");
    // A collection can be planned with it, and opening it takes it into use.
    let edition = world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(portal::standards::edition_by_key(conn, "sample-2027")?.unwrap().0.id())
        })
        .unwrap();
    world.collection("2027", edition, ["2026-01-05 09:00", "2026-06-30 12:00", "2026-07-14 12:00"]);
    ed.get("/standards/sample-2027").await.expect(200).shows("In use");
    world.settle();
}

async fn an_unfrozen_edition_cannot_be_planned_with(world: World) {
    world.edition(&levels("sample-2026", 3));
    let mut ed = ed(&world).await;
    begun(&mut ed, "sample-2026", "sample-2027").await;
    let mut manager = programme(&world).await;
    manager
        .get("/collections/new?edition=sample-2027")
        .await
        .expect(409)
        .shows("The edition sample-2027 is still a draft")
        .shows("another one has frozen it");
    manager.get("/collections/new").await.expect(200).hides("sample-2027");
    manager.post("/collections/new", &[("edition", "sample-2027")]).await.expect(409).shows("still a draft");
    world.settle();
}

async fn hostile_texts_stay_texts(world: World) {
    world.edition(&levels("sample-2026", 3));
    let (mut ed, mut edie) = (ed(&world).await, edie(&world).await);
    let draft = begun(&mut ed, "sample-2026", "sample-2027").await;
    let long = "long words ".repeat(910);
    let markup = "<script>alert(1)</script>";
    let backwards = "\u{202e}\u{5e9}\u{5dc}\u{5d5}\u{5dd}";
    for (code, text) in [("1-1", long.trim()), ("1-2", markup), ("1-3", backwards)] {
        let place = format!("{draft}/requirements/{code}");
        saved(&mut ed, &place, &level_fields(code, text.get(..25).unwrap_or(text), text)).await.expect(303);
    }
    for address in ["", "/changes", "/preview", "/preview/1-2", "/requirements/1-2"] {
        ed.get(&format!("{draft}{address}")).await.expect(200).hides(markup);
    }
    ed.get(&format!("{draft}/requirements/1-3")).await.expect(200).shows(backwards);
    let formula = "=HYPERLINK(\"http://evil.example\")";
    saved(&mut ed, &format!("{draft}/requirements/1-2"), &level_fields("1-2", formula, "Question?"))
        .await
        .expect(303);
    let csv = ed.get(&format!("{draft}/changes.csv")).await.expect(200).text();
    assert!(csv.contains("\"'=HYPERLINK("), "{csv}");
    frozen(&mut ed, &mut edie, &draft).await;
    ed.get("/standards/sample-2027").await.expect(200).shows("long words long words");
    world.settle();
}

async fn every_kind_of_requirement_is_edited(world: World) {
    world.edition(&assertions("items-2026"));
    world.edition(&outcomes("outcomes-2026"));
    let (mut ed, mut edie) = (ed(&world).await, edie(&world).await);
    let items = begun(&mut ed, "items-2026", "items-2027").await;
    let new = format!("{items}/requirements/new");
    ed.get(&format!("{new}?section=1.1")).await.expect(200).shows("How is it answered?");
    let fields = [
        ("code", "1.1.5"),
        ("section", "1.1"),
        ("name", "Another item"),
        ("text", "Is there another?"),
        ("item", "yes_no"),
        ("mandatory", "gp"),
        ("mandatory", "nhs_trust"),
    ];
    saved(&mut ed, &new, &fields).await.expect(303);
    let sector = format!("{items}/sectors/gp");
    saved(&mut ed, &sector, &[("mandatory", "1.1.1")]).await.expect(303);
    ed.get(&format!("{items}/changes")).await.expect(200).shows("New: 1").shows("Minimum changed: 1");
    ed.get(&format!("{items}/preview?sector=gp")).await.expect(200).shows("2 requirements count");
    frozen(&mut ed, &mut edie, &items).await;
    let outcomes = begun(&mut ed, "outcomes-2026", "outcomes-2027").await;
    let place = format!("{outcomes}/requirements/A1.a");
    let fields = |achieved| {
        [
            ("code", "A1.a"),
            ("section", "A1"),
            ("name", "Outcome"),
            ("text", "Is it so?"),
            ("origins", "A1.a"),
            ("achieved", achieved),
            ("partially_achieved", "A1.a.P1: Half good"),
            ("not_achieved", "A1.a.N1: Bad"),
            ("expected-acute", "partially_achieved"),
        ]
    };
    saved(&mut ed, &place, &fields("no code")).await.expect(422).shows("id=\"achieved-error\"");
    saved(&mut ed, &place, &fields("A1.a.A1: First: very good\nA1.a.A2: Second good")).await.expect(303);
    ed.get(&format!("{outcomes}/changes"))
        .await
        .expect(200)
        .shows("Achieved, A1.a.A1")
        .shows("Minimum, Acute");
    frozen(&mut ed, &mut edie, &outcomes).await;
    ed.get("/standards/compare?from=outcomes-2026&to=outcomes-2027").await.expect(200).shows("Reworded: 1");
    let csv = ed.get("/standards/compare.csv?from=outcomes-2026&to=outcomes-2027").await.expect(200).text();
    assert!(csv.contains("Achieved,Partially achieved"), "{csv}");
    ed.get("/standards/compare").await.expect(200).shows("Select an edition");
    ed.get("/standards/compare.csv?from=outcomes-2026&to=none").await.expect(404);
    world.settle();
}

async fn a_draft_begins_with_a_file(world: World) {
    world.edition(&levels("sample-2026", 3));
    let mut ed = ed(&world).await;
    ed.get("/standards/import").await.expect(200);
    let file = levels("sample-2027", 3).replace("Question 1?", "A new question 1?");
    let preview =
        ed.upload("/standards/import", &[], "edition.toml", file.as_bytes()).await.expect(303).location();
    ed.get(&preview).await.expect(200).shows("Edit it as a draft first");
    let (address, query) = preview.split_once('?').unwrap();
    let mut fields: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap();
    fields.push(("as".to_owned(), "draft".to_owned()));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let draft = ed.post(address, &fields).await.expect(303).location();
    assert!(draft.starts_with(LIST), "{draft}");
    ed.get(&format!("{draft}/changes")).await.expect(200).shows("Reworded: 1");
    ed.get("/standards/sample-2027").await.expect(404);
    world.settle();
}

async fn only_the_standards_editor_changes_drafts(world: World) {
    world.edition(&levels("sample-2026", 3));
    let mut ed = ed(&world).await;
    let draft = begun(&mut ed, "sample-2026", "sample-2027").await;
    only_for(&world, ProgrammeManager, &[&format!("{draft}/details"), &format!("{draft}/requirements/1-1")])
        .await;
    // The central team reads what is coming; nobody else does.
    let mut manager = programme(&world).await;
    manager.get(&draft).await.expect(200).hides("Discard the draft").hides("/details");
    manager.get(&format!("{draft}/changes")).await.expect(200);
    manager.get(&format!("{draft}/preview")).await.expect(200);
    manager.post(LIST, &[("from", "sample-2026"), ("key", "own-2027"), ("label", "x")]).await.expect(403);
    manager.post(&format!("{draft}/freeze"), &[("version", "1")]).await.expect(403);
    world.settle();
}

async fn a_draft_is_begun_once(world: World) {
    world.edition(&levels("sample-2026", 3));
    let mut ed = ed(&world).await;
    for (fields, field) in [
        ([("from", "none"), ("key", "sample-2027"), ("label", "x")], "from"),
        ([("from", "sample-2026"), ("key", "Not A Key"), ("label", "x")], "key"),
        ([("from", "sample-2026"), ("key", "sample-2026"), ("label", "x")], "key"),
        ([("from", "sample-2026"), ("key", "sample-2027"), ("label", "")], "label"),
    ] {
        ed.get(LIST).await.expect(200);
        ed.post(LIST, &fields).await.expect(422).shows(&format!("id=\"{field}-error\""));
    }
    begun(&mut ed, "sample-2026", "sample-2027").await;
    ed.get(LIST).await.expect(200);
    let again = [("from", "sample-2026"), ("key", "sample-2027"), ("label", "x")];
    ed.post(LIST, &again).await.expect(422).shows("There is a draft with this key already");
    world.settle();
}
