//! Who signs for whom in an organisation: what stands, what was, and the form with which a signer names a colleague.

use serde::Serialize;

use crate::access::OrganisationRole;
use crate::identity::delegation::{Delegation, Past};
use crate::platform::clock::Day;
use crate::platform::http::{Fields, TypedDay};
use crate::platform::ids::PersonId;
use crate::platform::pages::{Choice, DateField, ErrorSummary, Field, FormErrors, Link, Page};

/// A delegation as typed.
#[derive(Debug, Clone, Default)]
pub struct DelegationForm {
    /// The role.
    pub role: String,
    /// The colleague.
    pub to: String,
    /// The last day.
    pub until: TypedDay,
    /// Why.
    pub reason: String,
}

impl DelegationForm {
    /// As posted.
    #[must_use]
    pub fn read(fields: &Fields) -> Self {
        Self {
            role: fields.text("role"),
            to: fields.text("to"),
            until: TypedDay::read(fields, "until"),
            reason: fields.text("reason"),
        }
    }
}

/// One delegation in a list.
#[derive(Debug, Serialize)]
struct Row {
    role: &'static str,
    delegator: String,
    delegate: String,
    until: String,
    reason: String,
    given_at: i64,
    /// Where it is ended; empty when this person cannot, or it has ended.
    end_href: String,
    /// When it was ended before its day.
    ended_at: Option<i64>,
}

/// The form.
#[derive(Debug, Serialize)]
struct Controls {
    role: Field,
    roles: Vec<Choice>,
    to: Field,
    colleagues: Vec<Choice>,
    until: DateField,
    reason: Field,
}

/// Who signs for whom.
#[derive(Debug, Serialize)]
pub struct DelegationsPage {
    organisation: String,
    errors: ErrorSummary,
    standing: Vec<Row>,
    earlier: Vec<Row>,
    /// For who holds a signing role.
    form: Option<Controls>,
    #[serde(skip)]
    way: Vec<Link>,
}

/// Who looks at the page.
#[derive(Debug, Clone, Copy)]
pub struct Looking {
    /// The person.
    pub me: PersonId,
    /// Whether they may end what others gave.
    pub runs: bool,
}

impl DelegationsPage {
    /// The page of an organisation (code and name). `roles` are the signing roles that this person holds.
    #[must_use]
    pub fn new(
        (code, organisation): (&str, &str),
        (standing, all): (&[Delegation], &[Past]),
        (roles, colleagues): (&[OrganisationRole], &[(PersonId, String)]),
        looking: Looking,
        (form, errors): (&DelegationForm, &FormErrors),
    ) -> Self {
        let may_end = |given: &Delegation| {
            looking.runs || given.delegator == looking.me || given.delegate == looking.me
        };
        let row = |given: &Delegation| Row {
            role: given.role.words(),
            delegator: given.delegator_name.clone(),
            delegate: given.delegate_name.clone(),
            until: given.until.words(),
            reason: given.reason.clone(),
            given_at: given.given_at.micros(),
            end_href: if may_end(given) {
                format!("/organisations/{code}/sign-off/{}/end", given.id)
            } else {
                String::new()
            },
            ended_at: None,
        };
        let past = |past: &Past| Row {
            role: past.role.words(),
            delegator: past.delegator.clone(),
            delegate: past.delegate.clone(),
            until: past.until.words(),
            reason: past.reason.clone(),
            given_at: past.given_at.micros(),
            end_href: String::new(),
            ended_at: past.ended_at.map(crate::platform::clock::Timestamp::micros),
        };
        let is_past = |one: &&Past| standing.iter().all(|given| given.id != one.id);
        Self {
            organisation: organisation.to_owned(),
            errors: errors.summary(),
            standing: standing.iter().map(row).collect(),
            earlier: all.iter().filter(is_past).map(past).collect(),
            form: (!roles.is_empty()).then(|| controls(roles, colleagues, form, errors)),
            way: vec![Link::new("Home", "/home"), Link::new(organisation, format!("/organisations/{code}"))],
        }
    }
}

fn controls(
    roles: &[OrganisationRole],
    colleagues: &[(PersonId, String)],
    form: &DelegationForm,
    errors: &FormErrors,
) -> Controls {
    let only = if let [one] = roles { one.as_str() } else { "" };
    let chosen = if form.role.is_empty() { only } else { form.role.as_str() };
    let mut list = vec![Choice::new("", "Choose a colleague")];
    list.extend(colleagues.iter().map(|(id, name)| Choice::new(id.to_string(), name)));
    let mut until = form.until.field("until", "Until when?", errors);
    until.hint = "The last day on which they sign for you".to_owned();
    Controls {
        role: Field::new("role", "In which role?").value(chosen).errors(errors),
        roles: roles.iter().map(|role| Choice::new(role.as_str(), role.words())).collect(),
        to: Field::new("to", "Who signs for you?")
            .hint("Somebody who reads your organisation's return as a whole")
            .value(&form.to)
            .errors(errors),
        colleagues: list,
        until,
        reason: Field::new("reason", "Why?")
            .hint("For example, leave. Your colleagues can read it here")
            .value(&form.reason)
            .errors(errors),
    }
}

impl Page for DelegationsPage {
    const TEMPLATE: &'static str = "identity/delegations.html";

    fn title(&self) -> String {
        "Who signs for whom".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        use crate::platform::clock::Timestamp;
        use crate::platform::ids::{DelegationId, OrganisationId};
        let until = Day::new(2026, 6, 30).unwrap_or_else(|| Timestamp::from_micros(0).london_day());
        let given_at = Timestamp::from_micros(1_780_000_000_000_000);
        let standing = [Delegation {
            id: DelegationId::new(1),
            organisation: OrganisationId::new(1),
            role: OrganisationRole::Siro,
            delegator: PersonId::new(1),
            delegator_name: "Sia Risk".to_owned(),
            delegate: PersonId::new(2),
            delegate_name: "Dee Example".to_owned(),
            delegate_email: "dee@trust.example".to_owned(),
            until,
            reason: "On leave".to_owned(),
            given_at,
        }];
        let past = |ended_at| Past {
            id: DelegationId::new(2),
            role: OrganisationRole::Dpo,
            delegator: "Dai Officer".to_owned(),
            delegate: "Ada Example".to_owned(),
            until,
            reason: "Ill".to_owned(),
            given_at,
            ended_at,
        };
        let all = [past(None), past(Some(given_at))];
        let colleagues = [(PersonId::new(2), "Dee Example".to_owned())];
        let looking = Looking { me: PersonId::new(1), runs: false };
        let place = ("ZZ001", "Example Trust");
        let (fresh, none) = (DelegationForm::default(), FormErrors::new());
        let mut errors = FormErrors::new();
        errors.add("role", "Choose a role");
        errors.add("to", "Choose a colleague from the list");
        errors.add_at("until", "until-day", "Enter the date until which they sign");
        errors.add("reason", "Enter the reason");
        let one = [OrganisationRole::Siro];
        let both = [OrganisationRole::Siro, OrganisationRole::Dpo];
        let empty = Self::new(place, (&[], &[]), (&[], &[]), looking, (&fresh, &none));
        let typical = Self::new(place, (&standing, &all), (&one, &colleagues), looking, (&fresh, &none));
        let wrong = Self::new(place, (&standing, &all), (&both, &colleagues), looking, (&fresh, &errors));
        vec![("empty", empty), ("typical", typical), ("error", wrong)]
    }
}
