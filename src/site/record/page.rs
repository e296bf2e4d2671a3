//! The page of one organisation for the central team.

use serde::Serialize;

use super::known::{Known, ReturnOf};
use crate::identity::{Colleague, WaitingInvitation};
use crate::organisations::{
    HistoryEntry, OdsCode, Organisation, Paged, Region, Relation, Sector, source_words,
};
use crate::platform::clock::Day;
use crate::platform::http::Fields;
use crate::platform::pages::{Cell, ErrorSummary, Fact, Field, FormErrors, Link, Page, filled_columns};
use crate::returns::ReturnState;

const RELATIONS: &[&str] = &["Organisation", "Is its", "From", "Until", "Said by"];
const HISTORY: &[&str] = &["Edition", "Published as", "Now called", "Meaning", "On", "Where"];

/// The page.
#[derive(Debug, Serialize)]
pub(in crate::site) struct RecordPage {
    #[serde(skip)]
    name: String,
    code: String,
    errors: ErrorSummary,
    facts: Vec<Fact>,
    successor: Option<Link>,
    head_office: Option<Link>,
    sites: Vec<Link>,
    sites_total: i64,
    relations_head: Vec<&'static str>,
    relations: Vec<Vec<Cell>>,
    history_head: Vec<&'static str>,
    history: Vec<Vec<Cell>>,
    barred: bool,
    returns: Vec<Vec<Cell>>,
    may_invite: bool,
    people: Vec<Vec<Cell>>,
    invited: Vec<WaitingInvitation>,
    person: Field,
    email: Field,
}

fn link(organisation: &Organisation) -> Link {
    let Organisation { name, code, .. } = organisation;
    Link::new(format!("{name} ({code})"), format!("/organisations/{code}/record"))
}

/// Which file said so, such as "National register, 1 May 2026".
fn source(source: &str) -> String {
    match source_words(source) {
        (kind, day) if day.is_empty() => kind,
        (kind, day) => format!("{kind}, {day}"),
    }
}

fn day(day: Option<Day>) -> String {
    day.map_or_else(|| "Not known".to_owned(), Day::words)
}

impl RecordPage {
    pub fn new(known: &Known, may_invite: bool, typed: &Fields, errors: &FormErrors) -> Self {
        let organisation = &known.organisation;
        let relations = known.relations.iter().map(relation).collect();
        let (relations_head, relations) = filled_columns(RELATIONS, relations);
        let (history_head, history) = filled_columns(HISTORY, known.history.iter().map(entry).collect());
        Self {
            name: organisation.name.clone(),
            code: organisation.code.to_string(),
            errors: errors.summary(),
            facts: facts(known),
            successor: known.successor.as_ref().map(link),
            head_office: known.head_office.as_ref().map(link),
            sites: known.sites.items.iter().map(link).collect(),
            sites_total: known.sites.total,
            relations_head,
            relations,
            history_head,
            history,
            barred: known.returns.is_none(),
            returns: known.returns.iter().flatten().map(of_return).collect(),
            may_invite,
            people: known
                .people
                .iter()
                .map(|p| {
                    vec![
                        Cell::text(format!("{} ({})", p.name, p.email)),
                        Cell::text(p.role),
                        Cell::text(p.since.london_day().words()),
                    ]
                })
                .collect(),
            invited: known.invited.clone(),
            person: Field::new("name", "Full name").value(typed.one("name")).errors(errors),
            email: Field::new("email", "Email address").value(typed.one("email")).errors(errors),
        }
    }
}

fn facts(known: &Known) -> Vec<Fact> {
    let organisation = &known.organisation;
    let or_none = |text: Option<&str>| text.unwrap_or("Not known").to_owned();
    vec![
        Fact::new("Code", organisation.code.as_str()),
        Fact::new("Sector", organisation.sector.words()),
        Fact::new("Region", or_none(known.region.as_ref().map(|region| region.name.as_str()))),
        Fact::new("Integrated care board", or_none(organisation.icb_code.as_deref())),
        Fact::new("Postcode", or_none(organisation.postcode.as_deref())),
        Fact::new("Opened", day(organisation.opened_on)),
        Fact::new("Closed", organisation.closed_on.map_or_else(|| "Open".to_owned(), Day::words)),
        Fact::new("Last read from", source(&organisation.source)),
    ]
}

fn relation((relation, there): &(Relation, bool)) -> Vec<Cell> {
    let other = match (relation.related_name.as_str(), relation.related_code.as_str()) {
        ("", code) => code.to_owned(),
        (name, "") => name.to_owned(),
        (name, code) => format!("{name} ({code})"),
    };
    let other = if *there {
        Cell::link(other, format!("/organisations/{}/record", relation.related_code))
    } else {
        Cell::text(other)
    };
    vec![
        other,
        Cell::text(relation.kind.words()),
        Cell::text(relation.starts_on.map(Day::words).unwrap_or_default()),
        Cell::text(relation.ends_on.map(Day::words).unwrap_or_default()),
        Cell::text(source(&relation.source)),
    ]
}

fn entry(entry: &HistoryEntry) -> Vec<Cell> {
    let status = &entry.status;
    let edition = if status.edition_label.is_empty() { "None named" } else { &status.edition_label };
    let label = if status.label.is_empty() { "An empty cell" } else { &status.label };
    vec![
        Cell::text(edition),
        Cell::text(label),
        Cell::text(entry.renamed_to.as_deref().unwrap_or_default()),
        Cell::text(status.grade.words()),
        Cell::text(status.published_on.map(Day::words).unwrap_or_default()),
        Cell::text(source(&status.source)),
    ]
}

fn of_return(found: &ReturnOf) -> Vec<Cell> {
    vec![
        Cell::text(&found.name),
        Cell::text(&found.year),
        Cell::text(found.state.words()),
        Cell::text(if found.submitted { "Yes" } else { "No" }),
    ]
}

impl Page for RecordPage {
    const TEMPLATE: &'static str = "site/record.html";

    fn title(&self) -> String {
        self.name.clone()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Home", "/home"), Link::new("Organisations", "/organisations")]
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let Some(bare) = sample() else { return Vec::new() };
        let full = Known { returns: full_returns(), ..full(&bare) };
        let mut errors = FormErrors::new();
        errors.add("email", "Enter an email address in the correct format, like name@example.com");
        let (typed, none) = (Fields::default(), FormErrors::new());
        vec![
            ("empty", Self::new(&bare, false, &typed, &none)),
            ("typical", Self::new(&full, true, &typed, &none)),
            ("error", Self::new(&full, true, &typed, &errors)),
        ]
    }
}

fn sample() -> Option<Known> {
    let organisation = Organisation {
        id: crate::platform::ids::OrganisationId::new(1),
        code: OdsCode::strict("ZZ001")?,
        name: "Fenwick & Marsh Trust".to_owned(),
        sector: Sector::NhsTrust,
        region_code: None,
        icb_code: None,
        postcode: None,
        opened_on: None,
        closed_on: None,
        successor_id: None,
        head_office_id: None,
        source: "register@2026-05-01".to_owned(),
        version: 1,
    };
    Some(Known {
        organisation,
        region: None,
        successor: None,
        head_office: None,
        sites: Paged { items: Vec::new(), total: 0, page: crate::organisations::Page::new(1, 50) },
        relations: Vec::new(),
        history: Vec::new(),
        returns: None,
        people: Vec::new(),
        invited: Vec::new(),
    })
}

fn full_returns() -> Option<Vec<ReturnOf>> {
    Some(vec![ReturnOf {
        year: "2026/27".to_owned(),
        name: "Annual collection 2026".to_owned(),
        state: ReturnState::Submitted,
        submitted: true,
    }])
}

fn full(bare: &Known) -> Known {
    let of = bare.organisation.id;
    let other = bare.organisation.clone();
    Known {
        region: Some(Region { code: "Y56".to_owned(), name: "London".to_owned() }),
        successor: Some(other.clone()),
        head_office: Some(other.clone()),
        sites: Paged { items: vec![other], total: 80, ..bare.sites.clone() },
        relations: [true, false]
            .map(|there| {
                let relation = Relation {
                    organisation_id: of,
                    kind: crate::organisations::RelationKind::Commissioner,
                    related_code: "ZZ900".to_owned(),
                    related_name: "Example Board".to_owned(),
                    starts_on: None,
                    ends_on: None,
                    source: "register@2026-05-01".to_owned(),
                };
                (relation, there)
            })
            .to_vec(),
        history: vec![HistoryEntry {
            status: crate::organisations::PublishedStatus {
                organisation_id: of,
                edition_label: "18/19".to_owned(),
                label: "Standards Not Fully Met (Plan Agreed)".to_owned(),
                grade: crate::organisations::Grade::ApproachingStandards,
                published_on: None,
                source: "register-2019@2019-06-17".to_owned(),
            },
            renamed_to: Some("Approaching Standards".to_owned()),
        }],
        people: vec![Colleague {
            membership: 1,
            name: "Ada Example".to_owned(),
            email: "ada@trust.example".to_owned(),
            role: "Organisation administrator",
            since: crate::platform::clock::Timestamp::from_micros(1_780_000_000_000_000),
        }],
        invited: vec![WaitingInvitation {
            id: crate::platform::ids::InvitationId::new(9),
            name: "Bea New".to_owned(),
            email: "bea@trust.example".to_owned(),
            role: "Organisation administrator",
            expires: crate::platform::clock::Timestamp::from_micros(1_780_000_000_000_000),
        }],
        ..bare.clone()
    }
}
