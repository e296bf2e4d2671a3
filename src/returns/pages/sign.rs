//! Reading and signing in one's role: one's own items first, the statement, and how far the others have got.

use serde::Serialize;

use super::Tag;
use super::answers::{AnswersSection, Outcome, sample_outcome, sample_sections};
use crate::access::OrganisationRole;
use crate::identity::Signatory;
use crate::platform::pages::{ErrorSummary, Fact, Field, FormErrors, Link, Page};
use crate::returns::return_href;
use crate::returns::signing::{Standing, Statement, signed_by};
use crate::returns::store::Found;
use crate::standards::scoring::Score;

/// One role's signature in a list.
#[derive(Debug, Serialize)]
pub struct SignatureRow {
    role: &'static str,
    /// Who has signed, or who could.
    who: String,
    at: Option<i64>,
    trouble: &'static str,
    tag: Tag,
}

impl SignatureRow {
    /// How far one role has got. `name` gives names of people.
    pub fn of(standing: &Standing, name: &dyn Fn(crate::platform::ids::PersonId) -> String) -> Self {
        let trouble = standing.trouble();
        let (who, at, tag) = match &standing.signed {
            Some(signed) => {
                let delegator =
                    signed.delegation.as_ref().map(|given| (name(given.delegator), given.given_at));
                let given = delegator.as_ref().map(|(name, at)| (name.as_str(), *at));
                let who = signed_by(&name(signed.person), given);
                (who, Some(signed.signed_at.micros()), Tag { text: "Signed", colour: "green" })
            }
            None => {
                let who: Vec<String> = standing.signatories.iter().map(Signatory::words).collect();
                let tag = if trouble.is_empty() {
                    Tag { text: "To do", colour: "grey" }
                } else {
                    Tag { text: "Blocked", colour: "red" }
                };
                (who.join(" or "), None, tag)
            }
        };
        Self { role: standing.role().words(), who, at, trouble, tag }
    }
}

/// The form of one signature.
#[derive(Debug, Serialize)]
pub struct SignForm {
    role: &'static str,
    statement: String,
    statement_version: String,
    agree: Field,
    agree_words: String,
    version: String,
    hash: String,
}

impl SignForm {
    /// The form with which somebody signs in a role, for somebody else where `delegator` names one.
    #[must_use]
    pub fn new(
        (role, delegator): (OrganisationRole, Option<&str>),
        statement: Statement,
        (version, hash): (i64, &str),
        errors: &FormErrors,
    ) -> Self {
        let on_behalf = delegator.map(|name| format!(", for {name}")).unwrap_or_default();
        Self {
            role: role.as_str(),
            statement: statement.text,
            statement_version: statement.version,
            agree: Field::new("agree", "Your signature").errors(errors),
            agree_words: format!("I sign this statement as {}{on_behalf}", role.in_a_sentence()),
            version: version.to_string(),
            hash: hash.to_owned(),
        }
    }
}

/// Reading and signing.
#[derive(Debug, Serialize)]
pub struct SignPage {
    organisation: String,
    collection: String,
    /// What the organisation is and what it is held to, which the signature confirms.
    facts: Vec<Fact>,
    errors: ErrorSummary,
    signatures: Vec<SignatureRow>,
    delegations_href: String,
    /// Other roles in which this person signs.
    others: Vec<Link>,
    outcome: Outcome,
    sections: Vec<AnswersSection>,
    /// What is not this signer's own; empty for who signs it all.
    rest: Vec<AnswersSection>,
    /// None where this person has signed all that is theirs.
    form: Option<SignForm>,
    #[serde(skip)]
    way: Vec<Link>,
}

impl SignPage {
    /// The page for a return that is ready: own answers and the rest, and the form of a signature where one is left.
    #[must_use]
    pub fn new(
        found: &Found,
        signatures: Vec<SignatureRow>,
        (sections, rest): (Vec<AnswersSection>, Vec<AnswersSection>),
        score: &Score,
        (form, others): (Option<SignForm>, &[OrganisationRole]),
        errors: &FormErrors,
    ) -> Self {
        let href = return_href(&found.code, &found.collection.key);
        let other = |role: &OrganisationRole| {
            Link::new(format!("Sign as {}", role.in_a_sentence()), format!("{href}/sign?role={role}"))
        };
        let profile = found.edition.edition().profile(&found.profile).map_or("", |p| p.name.as_str());
        let mut facts = vec![
            Fact::new("Organisation", format!("{} ({})", found.name, found.code)),
            Fact::new("Kind", found.sector.label()),
        ];
        if !profile.is_empty() {
            facts.push(Fact::new("Held to the profile", profile));
        }
        Self {
            organisation: found.name.clone(),
            collection: found.collection.name.clone(),
            facts,
            errors: errors.summary(),
            signatures,
            delegations_href: format!("/organisations/{}/sign-off", found.code),
            others: others.iter().map(other).collect(),
            outcome: score.into(),
            sections,
            rest,
            form,
            way: super::way_of(found),
        }
    }
}

impl Page for SignPage {
    const TEMPLATE: &'static str = "returns/sign.html";

    fn title(&self) -> String {
        format!("Read and sign the return of {}", self.organisation)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |trouble, at: Option<i64>| SignatureRow {
            role: "Caldicott Guardian",
            who: "Cal Example".to_owned(),
            at,
            trouble,
            tag: Tag { text: "To do", colour: "grey" },
        };
        let form = |errors: &FormErrors| {
            let statement =
                Statement { version: "siro-2026.2".to_owned(), text: "I have read this return.".to_owned() };
            SignForm::new(
                (OrganisationRole::Siro, Some("Sia Risk")),
                statement,
                (2, &"00".repeat(32)),
                errors,
            )
        };
        let page = |sections, outcome, form, errors: &FormErrors| Self {
            organisation: "Example Trust".to_owned(),
            collection: "Annual collection 2026".to_owned(),
            facts: vec![Fact::new("Organisation", "Example Trust (ZZ001)")],
            errors: errors.summary(),
            signatures: vec![row("", None), row("Nobody holds this role.", Some(1_780_000_000_000_000))],
            delegations_href: "/organisations/ZZ001/sign-off".to_owned(),
            others: vec![Link::new(
                "Sign as Caldicott Guardian",
                "/organisations/ZZ001/returns/2026/sign?role=x",
            )],
            outcome,
            sections,
            rest: sample_sections(),
            form,
            way: super::sample_way(),
        };
        let mut errors = FormErrors::new();
        errors.add("agree", "Tick the box to sign");
        let none = FormErrors::new();
        let bare = Self {
            signatures: Vec::new(),
            others: Vec::new(),
            rest: Vec::new(),
            facts: Vec::new(),
            ..page(Vec::new(), Outcome::default(), None, &none)
        };
        vec![
            ("empty", bare),
            ("typical", page(sample_sections(), sample_outcome(), Some(form(&none)), &none)),
            ("error", page(sample_sections(), sample_outcome(), Some(form(&errors)), &errors)),
        ]
    }
}
