//! What a scenario starts from: people with roles and organisations of the register.

use diesel::prelude::*;
use portal::access::{Actor, CentralRole, IssueApiToken, OrganisationRole, Permit, SeedPeople, Subject};
use portal::identity::{self, EmailAddress, NewPerson};
use portal::platform::ids::{OrganisationId, PersonId};
use portal::schema::{organisation, region};

use super::{Browser, World, everybodys};

/// The password of every person in the tests.
pub const PASSWORD: &str = "correct horse battery";
/// Its argon2id hash, made once so that tests do not spend their time on it.
const HASH: &str = include_str!("password.hash");

fn programme() -> Option<Subject> {
    Some(Subject::programme())
}

impl World {
    /// Adds an organisation of the register, in London.
    pub fn organisation(&self, code: &str, name: &str, sector: &str) -> OrganisationId {
        self.organisation_in(("Y56", "London"), code, name, sector)
    }

    /// Adds an organisation of the register in the region of this code and name.
    pub fn organisation_in(
        &self,
        (region_code, region_name): (&'static str, &'static str),
        code: &str,
        name: &str,
        sector: &str,
    ) -> OrganisationId {
        let (code, name, sector) = (code.to_owned(), name.to_owned(), sector.to_owned());
        self.db()
            .housekeep_now(everybodys(), move |tx| {
                let now = tx.now();
                let row = (region::code.eq(region_code), region::name.eq(region_name));
                portal::each!(tx.conn(), c => diesel::insert_into(region::table)
                    .values(&row)
                    .on_conflict_do_nothing()
                    .execute(c))?;
                Ok(diesel::insert_into(organisation::table)
                    .values((
                        organisation::code.eq(&code),
                        organisation::name.eq(&name),
                        organisation::search_name.eq(name.to_lowercase()),
                        organisation::sector.eq(&sector),
                        organisation::region_code.eq(region_code),
                        organisation::source.eq("test"),
                        organisation::created_at.eq(now),
                        organisation::updated_at.eq(now),
                    ))
                    .returning(organisation::id)
                    .get_result(tx.conn())?)
            })
            .unwrap()
    }

    /// Adds a person with roles in organisations and in the central team; they sign in as `NAME@people.example`.
    pub fn person(
        &self,
        name: &str,
        memberships: &[(OrganisationId, OrganisationRole)],
        central: &[CentralRole],
    ) -> PersonId {
        let new = NewPerson {
            name: name.to_owned(),
            email: EmailAddress::parse(&address(name)).unwrap(),
            password_hash: Some(HASH.trim().to_owned()),
            persona: None,
        };
        let (memberships, central) = (memberships.to_vec(), central.to_vec());
        self.db()
            .write_now(everybodys(), move |tx| {
                let permit = Permit::<SeedPeople>::grant(&Actor::system(), programme())?;
                let recorded = identity::admit(tx, &permit, &new)?;
                for (organisation, role) in memberships {
                    identity::grant_membership(tx, &permit, *recorded.value(), organisation, role)?;
                }
                for role in central {
                    identity::grant_central_role(tx, &permit, *recorded.value(), role)?;
                }
                Ok(recorded)
            })
            .unwrap()
    }

    /// A browser of somebody new who holds this role in the central team.
    pub async fn person_signed_in(&self, name: &str, role: CentralRole) -> Browser {
        self.person(name, &[], &[role]);
        self.signed_in(name).await
    }

    /// A token of a person that lasts so many days, as the command line makes it.
    pub fn api_token(&self, person: &str, name: &str, days: i64) -> String {
        let token = identity::new_api_token(&*self.portal().random).unwrap();
        let (email, name) = (EmailAddress::parse(&address(person)).unwrap(), name.to_owned());
        let new = token.clone();
        self.db()
            .write_now(everybodys(), move |tx| {
                let subject = identity::token_subject(tx.conn(), &email)?;
                let permit = Permit::<IssueApiToken>::grant(&Actor::system(), subject)?;
                identity::issue_api_token(tx, &permit, &name, &new, days)
            })
            .unwrap();
        token
    }

    /// A browser in which this person has signed in.
    pub async fn signed_in(&self, name: &str) -> Browser {
        let mut browser = self.browser();
        browser.get("/sign-in").await.expect(200);
        browser.post("/sign-in", &[("email", &address(name)), ("password", PASSWORD)]).await.expect(303);
        browser
    }
}

/// The address of a person of the tests.
pub fn address(name: &str) -> String {
    format!("{}@people.example", name.to_lowercase().replace(' ', "."))
}
