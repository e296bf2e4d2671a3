//! A small programme: one standard of two requirements, an open collection, and a trust's return with the people
//! who take it to its submission.

use std::collections::BTreeMap;

use portal::access::OrganisationRole::{Contributor, IgLead, Siro};
use portal::access::{
    Action, Actor, CentralRole, ImportEditionBySystem, MarkReady, OpenCollection, Permit, PlanCollection,
    SignReturn, StartReturn, Subject,
};
use portal::collections::{self, CollectionKey, Plan, Windows};
use portal::identity::{self, EmailAddress};
use portal::platform::clock::parse_london;
use portal::platform::ids::{CollectionId, EditionId, OrganisationId};
use portal::returns::{self, Which};
use portal::standards::formats::{FileFormat, Names, read};
use portal::standards::{self, SectorKey};

use crate::support::seed::address;
use crate::support::{World, everybodys};

/// Two requirements, the second of which may be answered with "not relevant".
const LOCKS: &str = r#"
format = 1
[standard]
key = "locks"
name = "Doors and locks"
scheme = "levels"
[edition]
key = "locks-2026"
label = "2026/27"
rule_set = "locks-2026.1"
[[profiles]]
key = "large"
name = "Large buildings"
sectors = ["nhs_trust"]
[scoring]
max_level = 3
satisfactory_level = 2
[[sections]]
code = "1"
title = "Doors"
[[requirements]]
code = "1-1"
section = "1"
title = "Outer doors"
text = "How are outer doors locked?"
levels = ["They are not.", "By habit.", "By a written rule.", "By a rule that is checked."]
expected = { large = 3 }
[[requirements]]
code = "1-2"
section = "1"
title = "Key register"
text = "Who knows where the keys are?"
levels = ["Nobody.", "One person.", "A register says so.", "The register is checked."]
may_be_not_relevant = true
expected = { large = 2 }
"#;

fn programme() -> Option<Subject> {
    Some(Subject::programme())
}

fn actor(world: &World, name: &str) -> Actor {
    let email = EmailAddress::parse(&address(name)).unwrap();
    world
        .db()
        .read_now(everybodys(), move |conn| {
            let account = identity::person_by_email(conn, &email)?.unwrap();
            identity::actor_of(conn, account.id)
        })
        .unwrap()
}

fn edition(world: &World) -> EditionId {
    let locks = read(FileFormat::Toml, "locks.toml", LOCKS.as_bytes(), &Names::default()).unwrap().edition;
    world
        .db()
        .write_now(everybodys(), move |tx| {
            let permit = Permit::<ImportEditionBySystem>::grant(&Actor::system(), programme())?;
            standards::import_edition(tx, &permit, &locks)
        })
        .unwrap()
}

/// The collection of 2026, open.
fn collection(world: &World, edition: EditionId) -> CollectionId {
    world.person("Pam Manager", &[], &[CentralRole::ProgrammeManager]);
    let at = |text: &str| parse_london(text).unwrap();
    let plan = Plan {
        edition,
        key: CollectionKey::new("2026").unwrap(),
        name: "Returns of 2026".to_owned(),
        year_label: "2026/27".to_owned(),
        windows: Windows::new(at("2026-01-12 09:00"), None, at("2026-06-30 17:00"), at("2026-07-31 17:00"))
            .unwrap(),
        scope: BTreeMap::from([(SectorKey::new("nhs_trust").unwrap(), "large".to_owned())]),
    };
    let pam = actor(world, "Pam Manager");
    let planner = pam.clone();
    let id = world
        .db()
        .write_now(everybodys(), move |tx| {
            let permit = Permit::<PlanCollection>::grant(&planner, programme())?;
            collections::plan_collection(tx, &permit, &plan)
        })
        .unwrap();
    world
        .db()
        .write_now(everybodys(), move |tx| {
            let subject = Subject { kind: "collection", id: id.get(), organisation: None, state: "planned" };
            let permit = Permit::<OpenCollection>::grant(&pam, Some(subject))?;
            collections::open_collection(tx, &permit)
        })
        .unwrap();
    id
}

/// What a scenario starts from.
pub struct Programme {
    /// The trust with the return.
    pub trust: OrganisationId,
    /// A token of its IG lead, Ada Lead.
    pub lead: String,
    /// A token of its contributor, Cyd Contributor.
    pub contributor: String,
    /// A token of the IG lead of another trust, ZZ002, which has a return too.
    pub stranger: String,
}

impl Programme {
    /// Two trusts with a return each, in draft.
    pub fn begin(world: &World) -> Self {
        let trust = world.organisation("ZZ001", "Example Trust", "nhs_trust");
        let other = world.organisation("ZZ002", "Other Trust", "nhs_trust");
        let ada = world.person("Ada Lead", &[(trust, IgLead)], &[]);
        let cyd = world.person("Cyd Contributor", &[(trust, Contributor)], &[]);
        world.person("Sid Siro", &[(trust, Siro)], &[]);
        world.person("Bea Lead", &[(other, IgLead)], &[]);
        let edition = edition(world);
        let id = collection(world, edition);
        start(world, "Ada Lead", trust, id);
        start(world, "Bea Lead", other, id);
        world.given(ada, trust, "2026", &["1-1"], cyd);
        Self {
            trust,
            lead: token(world, "Ada Lead", "test", 30),
            contributor: token(world, "Cyd Contributor", "test", 30),
            stranger: token(world, "Bea Lead", "test", 30),
        }
    }

    /// The complete return is marked ready by Ada and signed by Sid.
    pub fn sign(&self, world: &World) {
        let whose = self.trust;
        let (ada, sid) = (actor(world, "Ada Lead"), actor(world, "Sid Siro"));
        world
            .db()
            .write_now(everybodys(), move |tx| {
                let found = returns::find(tx.conn(), Which::Of(whose, "2026"))?.unwrap();
                let permit = found.permit::<MarkReady>(&ada)?;
                returns::mark_ready(tx, &permit, &found, "http://portal.example")
            })
            .unwrap();
        world
            .db()
            .write_now(everybodys(), move |tx| {
                let found = returns::find(tx.conn(), Which::Of(whose, "2026"))?.unwrap();
                let permit = found.permit::<SignReturn>(&sid)?;
                returns::sign_return(tx, &permit, &found)
            })
            .unwrap();
    }
}

fn start(world: &World, name: &str, whose: OrganisationId, id: CollectionId) {
    let by = actor(world, name);
    world
        .db()
        .write_now(everybodys(), move |tx| {
            let collection = collections::collection(tx.conn(), id)?;
            let subject = Subject {
                kind: <StartReturn as Action>::ROW.on,
                id: whose.get(),
                organisation: Some(whose),
                state: "",
            };
            let permit = Permit::<StartReturn>::grant(&by, Some(subject))?;
            returns::start_return(tx, &permit, &collection)
        })
        .unwrap();
}

/// A token of a person, as the command line makes it.
pub fn token(world: &World, person: &str, name: &str, days: i64) -> String {
    world.api_token(person, name, days)
}
