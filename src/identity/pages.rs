//! Pages of identity.

mod central;
mod delegations;
mod emails;

use serde::Serialize;

pub use central::CentralTeamPage;
pub use delegations::{DelegationForm, DelegationsPage, Looking};
pub use emails::EmailsPage;

use super::end_membership::Colleague;
use super::model::Persona;
use super::revoke_invitation::WaitingInvitation;
use super::session::OpenSession;
use crate::access::OrganisationRole;
use crate::platform::clock::Timestamp;
use crate::platform::http::Fields;
use crate::platform::ids::InvitationId;
use crate::platform::pages::{Choice, ErrorSummary, Field, FormErrors, Link, Page, PageCheck, PagesError};

/// Sign in; in the demo with a list of personas.
#[derive(Debug, Serialize)]
pub struct SignInPage {
    /// What was wrong.
    pub errors: ErrorSummary,
    /// The address field.
    pub email: Field,
    /// The password field, never refilled.
    pub password: Field,
    /// Where to go afterwards.
    pub next: String,
    /// The demo's personas; empty in every other mode.
    pub personas: Vec<Persona>,
}

impl SignInPage {
    /// The page for what was typed.
    #[must_use]
    pub fn new(email: &str, next: String, personas: Vec<Persona>, errors: &FormErrors) -> Self {
        Self {
            errors: errors.summary(),
            email: Field::new("email", "Email address").value(email).errors(errors),
            password: Field::new("password", "Password").errors(errors),
            next,
            personas,
        }
    }
}

impl Page for SignInPage {
    const TEMPLATE: &'static str = "identity/sign_in.html";

    fn title(&self) -> String {
        "Sign in".to_owned()
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let persona = Persona {
            email: "ig.lead@trust.example".to_owned(),
            name: "Ada Example".to_owned(),
            persona: "Information governance lead of Example Trust".to_owned(),
        };
        let mut errors = FormErrors::new();
        errors.add("email", "Enter an email address in the correct format, like name@example.com");
        vec![
            ("empty", Self::new("", String::new(), Vec::new(), &FormErrors::new())),
            ("error", Self::new("ada", "/x".to_owned(), Vec::new(), &errors)),
            ("demo", Self::new("", String::new(), vec![persona], &FormErrors::new())),
        ]
    }
}

/// An organisation's people.
#[derive(Debug, Serialize)]
pub struct PeoplePage {
    /// What was wrong with the form.
    pub errors: ErrorSummary,
    /// The organisation's code.
    pub code: String,
    /// Its name.
    pub organisation: String,
    /// Who holds which role.
    pub people: Vec<Colleague>,
    /// Who was invited and has not accepted yet; for those who may invite others.
    pub invited: Vec<WaitingInvitation>,
    /// Whether the person may invite others.
    pub may_invite: bool,
    /// Whether the person may end others' roles.
    pub may_end: bool,
    /// The form's name.
    pub name: Field,
    /// The form's address.
    pub email: Field,
    /// The form's role.
    pub role: Field,
    /// The roles to choose from.
    pub roles: Vec<Choice>,
}

impl PeoplePage {
    /// The page of an organisation (code and name) for what was typed.
    #[must_use]
    pub fn new(
        (code, organisation): (&str, &str),
        (people, invited): (Vec<Colleague>, Vec<WaitingInvitation>),
        (may_invite, may_end): (bool, bool),
        typed: &Fields,
        errors: &FormErrors,
    ) -> Self {
        Self {
            errors: errors.summary(),
            code: code.to_owned(),
            organisation: organisation.to_owned(),
            people,
            invited,
            may_invite,
            may_end,
            name: Field::new("name", "Full name").value(typed.one("name")).errors(errors),
            email: Field::new("email", "Email address").value(typed.one("email")).errors(errors),
            role: Field::new("role", "Role").value(typed.one("role")).errors(errors),
            roles: OrganisationRole::ALL.iter().map(|r| Choice::new(r.as_str(), r.words())).collect(),
        }
    }
}

impl Page for PeoplePage {
    const TEMPLATE: &'static str = "identity/people.html";

    fn title(&self) -> String {
        "People and roles".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![
            Link::new("Home", "/home"),
            Link::new(&self.organisation, format!("/organisations/{}", self.code)),
        ]
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let colleague = Colleague {
            membership: 1,
            name: "Ada Example".to_owned(),
            email: "ada@trust.example".to_owned(),
            role: "Information governance lead",
            since: Timestamp::from_micros(1_780_000_000_000_000),
        };
        let waiting = WaitingInvitation {
            id: InvitationId::new(9),
            name: "Bea New".to_owned(),
            email: "bea@trust.example".to_owned(),
            role: "Contributor",
            expires: Timestamp::from_micros(1_780_000_000_000_000),
        };
        let place = ("ZZ001", "Example Trust");
        let (nobody, one) = ((Vec::new(), Vec::new()), (vec![colleague.clone()], vec![waiting]));
        let mut errors = FormErrors::new();
        errors.add("role", "Select a role");
        let none = Fields::default();
        vec![
            ("empty", Self::new(place, nobody, (false, false), &none, &FormErrors::new())),
            ("typical", Self::new(place, one, (true, true), &none, &FormErrors::new())),
            ("error", Self::new(place, (vec![colleague], Vec::new()), (true, false), &none, &errors)),
        ]
    }
}

/// An invitation to accept.
#[derive(Debug, Serialize)]
pub struct InvitationPage {
    /// What was wrong.
    pub errors: ErrorSummary,
    /// The invited person.
    pub name: String,
    /// What they are invited to.
    pub place: String,
    /// Whether they must set a password.
    pub is_new: bool,
    /// The password, never refilled.
    pub password: Field,
    /// The same again.
    pub again: Field,
}

impl InvitationPage {
    /// The page of an invitation.
    #[must_use]
    pub fn new(name: &str, place: &str, is_new: bool, errors: &FormErrors) -> Self {
        Self {
            errors: errors.summary(),
            name: name.to_owned(),
            place: place.to_owned(),
            is_new,
            password: Field::new("password", "Choose a password")
                .hint("At least 12 characters. Three or four unrelated words are easy to remember.")
                .errors(errors),
            again: Field::new("again", "Type it again").errors(errors),
        }
    }
}

impl Page for InvitationPage {
    const TEMPLATE: &'static str = "identity/invitation.html";

    fn title(&self) -> String {
        "Accept your invitation".to_owned()
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let place = "Senior information risk owner of Example Trust";
        let mut errors = FormErrors::new();
        errors.add("again", "Enter the same password twice");
        vec![
            ("new", Self::new("Ada Example", place, true, &FormErrors::new())),
            ("known", Self::new("Ada Example", place, false, &FormErrors::new())),
            ("error", Self::new("Ada Example", place, true, &errors)),
        ]
    }
}

/// A person's own account.
#[derive(Debug, Serialize)]
pub struct AccountPage {
    /// Their name.
    pub name: String,
    /// Where they are signed in.
    pub sessions: Vec<OpenSession>,
}

impl Page for AccountPage {
    const TEMPLATE: &'static str = "identity/account.html";

    fn title(&self) -> String {
        "Your account".to_owned()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let open = |here| OpenSession {
            browser: if here { "Firefox on Linux".to_owned() } else { String::new() },
            said: if here { String::new() } else { "Otherfox/1.0".to_owned() },
            began: Timestamp::from_micros(1_780_000_000_000_000),
            last_seen: Timestamp::from_micros(1_780_000_600_000_000),
            here,
        };
        vec![
            ("one", Self { name: "Ada Example".to_owned(), sessions: vec![open(true)] }),
            ("two", Self { name: "Ada Example".to_owned(), sessions: vec![open(true), open(false)] }),
        ]
    }
}

/// The checks of this capability's pages.
///
/// # Errors
/// When a sample does not serialise.
pub fn page_checks() -> Result<Vec<PageCheck>, PagesError> {
    Ok(vec![
        PageCheck::of::<SignInPage>()?,
        PageCheck::of::<PeoplePage>()?,
        PageCheck::of::<InvitationPage>()?,
        PageCheck::of::<AccountPage>()?,
        PageCheck::of::<EmailsPage>()?,
        PageCheck::of::<DelegationsPage>()?,
        PageCheck::of::<CentralTeamPage>()?,
    ])
}
