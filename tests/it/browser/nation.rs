//! What the walk starts from: a small fictional nation in the middle of its year. Last year's returns are published; this
//! year most trusts have filed, three wait for a reviewer, and one, whose people walk, has a few questions left.

use std::collections::{BTreeMap, BTreeSet};

use portal::access::CentralRole::{
    CentralReviewer, ProgrammeManager, Publisher, SecondReviewer, StandardsEditor,
};
use portal::access::OrganisationRole::{
    CaldicottGuardian, Contributor, IgLead, OrganisationAdministrator, Siro,
};
use portal::collections::{self, CollectionKey, Plan, Windows};
use portal::platform::clock::{Clock as _, SystemClock, Timestamp, parse_london};
use portal::platform::ids::{CollectionId, OrganisationId, PersonId};
use portal::publication::Source;
use portal::standards::{self, Edition, Requirement, RequirementKind, SectorKey};
use serde_json::{Value, json};

use crate::publication::given::Return;
use crate::support::seed::{PASSWORD, address};
use crate::support::year::Trust;
use crate::support::{World, everybodys};

const LAST: &str = include_str!("../../../config/standards/previous/igt-2025.toml");
const LEVELS: &str = include_str!("../../../config/standards/igt.toml");
const ITEMS: &str = include_str!("../../../config/standards/ndg.toml");
const OUTCOMES: &str = include_str!("../../../config/standards/outcomes.toml");

const REGIONS: [(&str, &str); 3] =
    [("Y56", "London"), ("Y60", "Midlands"), ("Y63", "North East and Yorkshire")];

/// Invented places; none is a real trust's name.
const PLACES: [&str; 24] = [
    "Aldermoor",
    "Birchwick",
    "Carrowdale",
    "Dunsbrook",
    "Eastmere",
    "Fallowgate",
    "Garthwood",
    "Holmbeck",
    "Inglemere",
    "Kelderby",
    "Larkhollow",
    "Marshgate",
    "Netherfold",
    "Oxbarrow",
    "Pelham Cross",
    "Quarrydene",
    "Rookhaven",
    "Saltmarsh",
    "Thornleigh",
    "Ulverdale",
    "Vexford",
    "Wychmoor",
    "Yarrowby",
    "Zealand Park",
];

/// The questions that the walk itself answers, in the order of the list.
const LEFT: [&str; 4] = ["1-101", "1-102", "2-208", "6-604"];

/// What each trust's people are called.
const LEAD: &str = "Amara Osei";
const SIGNER: &str = "Bryn Tate";
const CONTRIBUTOR: &str = "Tamsin Wray";
const GUARDIAN: &str = "Cerys Vaughan";
const DEPUTY: &str = "Dilys Orme";

/// Makes it, and gives what the walk has to know about it. Where nobody looks at other organisations or at last year,
/// there are none.
pub fn a_year_under_way(world: &World, with_others: bool) -> Value {
    let today = Present(SystemClock.now());
    let central = [
        ("reviewer", "Celia Novak", CentralReviewer),
        ("second", "Dermot Quill", SecondReviewer),
        ("publisher", "Esme Hartley", Publisher),
        ("manager", "Farid Lunt", ProgrammeManager),
        ("editor", "Greta Sole", StandardsEditor),
        ("secondEditor", "Hal Pym", StandardsEditor),
    ];
    world.clock.set(today.days(-420));
    let mut manager = None;
    let mut people = json!({
        "lead": LEAD, "siro": SIGNER, "contributor": CONTRIBUTOR, "guardian": GUARDIAN, "deputy": DEPUTY,
    });
    for (who, name, role) in central {
        let id = world.person(name, &[], &[role]);
        people[who] = json!(name);
        if role == ProgrammeManager {
            manager = Some(id);
        }
    }
    let manager = manager.unwrap();
    let places = if with_others { &PLACES[..] } else { &[] };
    let others: Vec<OrganisationId> =
        places.iter().enumerate().map(|(n, place)| other(world, n, place)).collect();
    let walked = trust(world, "ZW001", "Brackenmoor Hospitals Trust", (LEAD, SIGNER));
    world.person(CONTRIBUTOR, &[(walked.id, Contributor)], &[]);
    world.person(GUARDIAN, &[(walked.id, CaldicottGuardian)], &[]);
    world.person(DEPUTY, &[(walked.id, OrganisationAdministrator)], &[]);
    let waiting = [
        trust(world, "ZQ001", "Colderwell Trust", ("Ines Lead", "Ivo Signer")),
        trust(world, "ZQ002", "Drumlin Water Trust", ("Jo Lead", "Jed Signer")),
        trust(world, "ZQ003", "Emberton Trust", ("Kit Lead", "Kay Signer")),
    ];

    if with_others {
        last_year(world, &today, manager, &others, &walked);
        // Its day has passed when the walk begins: what is put on it comes out at once.
        world.clock.set(today.days(-60));
        world.announces(manager, "Annual return 2026/27: results");
        world.settle();
    }
    world.clock.set(today.days(-30));
    let edition = world.edition(LEVELS);
    let year = collection(world, (&today, manager), LEVELS, ("2026", "Annual return 2026/27"), [-40, 20, 34]);
    for (n, organisation) in others.iter().enumerate().filter(|(n, _)| n % 8 != 7) {
        let met = n % 3 != 0;
        let claimed = if met { "satisfactory" } else { "not_satisfactory" };
        // Some claims do not survive review.
        let assessed = [None, Some(claimed), Some("not_satisfactory")][n % 3];
        let level = if assessed.unwrap_or(claimed) == "satisfactory" { 2 + u8::from(n % 2 == 0) } else { 1 };
        world.submitted(
            year,
            Return {
                claimed,
                assessed,
                level,
                at: today.days(-10),
                late: false,
                organisation: *organisation,
            },
        );
    }
    let document = world.db().read_now(everybodys(), |conn| standards::edition(conn, edition)).unwrap();
    for trust in waiting.iter().filter(|_| with_others) {
        world.started(trust, "2026");
        answer(world, trust, "2026", &document, &[]);
        world.sent(trust, "2026");
    }
    world.started(&walked, "2026");
    answer(world, &walked, "2026", &document, &LEFT);
    // Exempting as long as the certificates count, whenever the walk is taken.
    let items = without_ends(ITEMS);
    for (key, name) in
        [("items-2026", "Data security standards 2026/27"), ("items-again", "A second look 2026/27")]
    {
        collection(world, (&today, manager), &items, (key, name), [-20, 60, 74]);
    }
    world.edition(OUTCOMES);
    world.clock.set(today.0);
    world.settle();
    json!({
        "password": PASSWORD,
        "people": people,
        "addresses": addresses(&people),
        "trust": { "code": walked.code, "name": "Brackenmoor Hospitals Trust" },
        "left": LEFT,
        "year": "2026",
        "edition": "igt-2026",
        "outcomes": "outcomes-2026",
    })
}

fn addresses(people: &Value) -> Value {
    let names = people.as_object().unwrap();
    names.iter().map(|(who, name)| (who.clone(), json!(address(name.as_str().unwrap())))).collect()
}

/// An edition whose exemptions began long ago and never end.
fn without_ends(toml: &str) -> String {
    let dated = |line: &&str| !line.starts_with("until = ");
    let lines = toml.lines().filter(dated);
    let lines = lines.map(|line| if line.starts_with("from = ") { "from = \"2025-04-01\"" } else { line });
    lines.collect::<Vec<_>>().join("\n")
}

/// The real present, and moments around it.
struct Present(Timestamp);

impl Present {
    /// Nine in the morning of the day so many days from now.
    fn days(&self, days: i64) -> Timestamp {
        parse_london(&format!("{} 09:00", self.0.plus_seconds(days * 86_400).london_day())).unwrap()
    }
}

fn other(world: &World, n: usize, place: &str) -> OrganisationId {
    world.organisation_in(REGIONS[n / 3 % 3], &format!("ZT{n:03}"), &format!("{place} Trust"), "nhs_trust")
}

fn trust(world: &World, code: &str, name: &str, (lead, signer): (&str, &str)) -> Trust {
    let id = world.organisation_in(REGIONS[1], code, name, "nhs_trust");
    let lead = world.person(lead, &[(id, IgLead), (id, OrganisationAdministrator)], &[]);
    let siro = world.person(signer, &[(id, Siro)], &[]);
    Trust { id, code: code.to_owned(), lead, siro }
}

/// A collection over trusts with these days, from today, of opening, deadline and close.
fn collection(
    world: &World,
    (today, manager): (&Present, PersonId),
    toml: &str,
    (key, name): (&str, &str),
    days: [i64; 3],
) -> CollectionId {
    let edition = world.edition(toml);
    let document = world.db().read_now(everybodys(), |conn| standards::edition(conn, edition)).unwrap();
    let sector = SectorKey::new("nhs_trust").unwrap();
    let profile = document.default_profile(sector).map(|p| p.key.to_string()).unwrap_or_default();
    let [opens, deadline, closes] = days.map(|n| today.days(n));
    world.planned(
        manager,
        Plan {
            edition,
            key: CollectionKey::new(key).unwrap(),
            name: name.to_owned(),
            year_label: document.label().to_owned(),
            windows: Windows::new(opens, None, deadline, closes).unwrap(),
            scope: BTreeMap::from([(sector, profile)]),
        },
    )
}

/// Last year's collection, closed and published.
fn last_year(world: &World, today: &Present, manager: PersonId, others: &[OrganisationId], walked: &Trust) {
    world.clock.set(today.days(-400));
    let edition = world.edition(LAST);
    let last =
        collection(world, (today, manager), LAST, ("2025", "Annual return 2025/26"), [-410, -230, -220]);
    for (n, organisation) in others.iter().enumerate().filter(|(n, _)| n % 6 != 5) {
        let claimed = if n % 2 == 0 { "satisfactory" } else { "not_satisfactory" };
        world.submitted(
            last,
            Return {
                claimed,
                assessed: Some(claimed),
                level: if n % 2 == 0 { 2 } else { 1 },
                at: today.days(-240),
                late: n % 5 == 0,
                organisation: *organisation,
            },
        );
    }
    let document = world.db().read_now(everybodys(), |conn| standards::edition(conn, edition)).unwrap();
    world.started(walked, "2025");
    answer(world, walked, "2025", &document, &[]);
    world.sent(walked, "2025");
    world.clock.set(today.days(-215));
    collections::run_due(world.db()).unwrap();
    world.settle();
    world.published(Source::Collection("2025".into()));
}

/// Answers everything that is put to a trust, but for these.
fn answer(world: &World, trust: &Trust, year: &str, edition: &Edition, but: &[&str]) {
    let but: BTreeSet<&str> = but.iter().copied().collect();
    let put = edition.requirements().iter().filter(|r| !but.contains(r.code.as_str()));
    for (n, requirement) in put.enumerate() {
        let level = 2 + u8::from(n % 3 == 0);
        world.answered(trust, year, requirement.code.as_str(), &said(requirement, level), "");
    }
}

fn said(requirement: &Requirement, level: u8) -> Value {
    match &requirement.kind {
        RequirementKind::Level { descriptors, .. } => {
            let most = u8::try_from(descriptors.len() - 1).unwrap();
            json!({ "level": level.min(most), "text": "The minutes of the steering group show it." })
        }
        other => panic!("{} is no level: {other:?}", requirement.code),
    }
}
