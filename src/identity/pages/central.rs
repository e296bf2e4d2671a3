//! The page of the central team.

use serde::Serialize;

use crate::access::CentralRole;
use crate::identity::central_team::{CentralMember, DeclaredInterest};
use crate::identity::revoke_invitation::WaitingInvitation;
use crate::platform::clock::Timestamp;
use crate::platform::http::Fields;
use crate::platform::ids::{InvitationId, PersonId};
use crate::platform::pages::{Cell, Choice, ErrorSummary, Field, FormErrors, Link, Page};

/// One role of one person.
#[derive(Debug, Serialize)]
struct Holder {
    person: String,
    name: String,
    email: String,
    role: &'static str,
    role_words: &'static str,
    since: i64,
}

/// The central team.
#[derive(Debug, Serialize)]
pub struct CentralTeamPage {
    errors: ErrorSummary,
    people: Vec<Holder>,
    may_end: bool,
    invited: Vec<WaitingInvitation>,
    interests: Vec<Vec<Cell>>,
    name: Field,
    email: Field,
    role: Field,
    roles: Vec<Choice>,
}

impl CentralTeamPage {
    /// The page for what was typed.
    #[must_use]
    pub fn new(
        people: &[CentralMember],
        may_end: bool,
        interests: &[DeclaredInterest],
        invited: Vec<WaitingInvitation>,
        typed: &Fields,
        errors: &FormErrors,
    ) -> Self {
        let holder = |member: &CentralMember| Holder {
            person: member.person.to_string(),
            name: member.name.clone(),
            email: member.email.clone(),
            role: member.role.as_str(),
            role_words: member.role.words(),
            since: member.since.micros(),
        };
        let interest = |i: &DeclaredInterest| {
            vec![
                Cell::text(&i.name),
                Cell::link(
                    format!("{} ({})", i.organisation, i.code),
                    format!("/organisations/{}/record", i.code),
                ),
                Cell::text(&i.reason),
                Cell::text(i.since.london_day().words()),
            ]
        };
        Self {
            errors: errors.summary(),
            people: people.iter().map(holder).collect(),
            may_end,
            invited,
            interests: interests.iter().map(interest).collect(),
            name: Field::new("name", "Full name").value(typed.one("name")).errors(errors),
            email: Field::new("email", "Email address").value(typed.one("email")).errors(errors),
            role: Field::new("role", "Role").value(typed.one("role")).errors(errors),
            roles: CentralRole::ALL.iter().map(|r| Choice::new(r.as_str(), r.words())).collect(),
        }
    }
}

impl Page for CentralTeamPage {
    const TEMPLATE: &'static str = "identity/central_team.html";

    fn title(&self) -> String {
        "The central team".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Home", "/home")]
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let at = Timestamp::from_micros(1_780_000_000_000_000);
        let member = CentralMember {
            person: PersonId::new(4),
            name: "Mo Programme".to_owned(),
            email: "mo@people.example".to_owned(),
            role: CentralRole::ProgrammeManager,
            since: at,
        };
        let interest = DeclaredInterest {
            name: "Rae Reviewer".to_owned(),
            code: "ZZ001".to_owned(),
            organisation: "Example Trust".to_owned(),
            reason: "A relative works there.".to_owned(),
            since: at,
        };
        let invited = WaitingInvitation {
            id: InvitationId::new(9),
            name: "Bea New".to_owned(),
            email: "bea@people.example".to_owned(),
            role: CentralRole::Publisher.words(),
            expires: at,
        };
        let mut errors = FormErrors::new();
        errors.add("role", "Select a role");
        let (typed, none) = (Fields::default(), FormErrors::new());
        vec![
            ("empty", Self::new(&[], false, &[], Vec::new(), &typed, &none)),
            (
                "typical",
                Self::new(std::slice::from_ref(&member), true, &[interest], vec![invited], &typed, &none),
            ),
            ("error", Self::new(&[member], true, &[], Vec::new(), &typed, &errors)),
        ]
    }
}
