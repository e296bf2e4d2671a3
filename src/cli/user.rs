//! `portal user`: the first people of an installation, and help when somebody is locked out.

use std::io::Read as _;
use std::sync::Arc;

use clap::{Args, Subcommand};

use super::say::say;
use crate::access::{Action, Actor, CentralRole, OrganisationRole, Permit, SeedPeople, Subject};
use crate::identity::{self, EmailAddress, NewPerson, Password};
use crate::ledger::Recorded;
use crate::platform::clock::SystemClock;
use crate::platform::config::Config;
use crate::platform::db::{self, Db, Reach, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::PersonId;
use crate::platform::random::SystemRandom;

/// Arguments of `portal user`.
#[derive(Debug, Args)]
pub(super) struct UserArguments {
    #[command(subcommand)]
    action: UserAction,
}

#[derive(Debug, Subcommand)]
enum UserAction {
    /// Add a person. The password is read from standard input, never from the command line.
    Add {
        /// The address they sign in with.
        email: String,
        /// Their full name.
        name: String,
        /// A central role: central_reviewer, second_reviewer, publisher, programme_manager or standards_editor.
        #[arg(long = "role")]
        roles: Vec<CentralRole>,
        /// A role in an organisation as CODE=ROLE, such as ABC12=ig_lead.
        #[arg(long = "member")]
        memberships: Vec<String>,
    },
    /// Make a token with which a program acts as a person through the API, and print it. It is shown only once.
    Token {
        /// The address the person signs in with.
        email: String,
        /// What the token is for, such as the program's name.
        name: String,
        /// How many days it is good for, from 1 to 366.
        #[arg(long, default_value_t = 90)]
        days: i64,
    },
    /// End a person's token at once.
    RevokeToken {
        /// The address the person signs in with.
        email: String,
        /// The name the token was made with.
        name: String,
    },
}

/// Runs `portal user`.
pub(super) fn user(config: &Config, arguments: &UserArguments) -> Result<()> {
    let target = config.target().map_err(Error::broken)?;
    db::migrate(&target)?;
    let database = Db::open(&target, 1, Arc::new(SystemClock))?;
    match &arguments.action {
        UserAction::Add { email, name, roles, memberships } => {
            let email = address(email)?;
            let memberships = memberships.iter().map(|m| parse_membership(m)).collect::<Result<Vec<_>>>()?;
            let password = read_password()?;
            let hash = identity::hash(&password, &SystemRandom)?;
            let new = NewPerson { name: name.clone(), email, password_hash: Some(hash), persona: None };
            let roles = roles.clone();
            let id = database.write_now(Reach::nobodys(), move |tx| add(tx, &new, &roles, &memberships))?;
            say(&format!("Added person {id}."));
        }
        UserAction::Token { email, name, days } => {
            let token = identity::new_api_token(&SystemRandom)?;
            let (email, name, days, new) = (address(email)?, name.clone(), *days, token.clone());
            let ends = database.write_now(Reach::nobodys(), move |tx| {
                let permit = token_permit(tx, &email)?;
                identity::issue_api_token(tx, &permit, &name, &new, days)
            })?;
            say(&format!("Good until {}. It is not shown again:\n{token}", ends.london_words()));
        }
        UserAction::RevokeToken { email, name } => {
            let (email, name) = (address(email)?, name.clone());
            database
                .write_now(Reach::nobodys(), move |tx| {
                    let permit = token_permit(tx, &email)?;
                    identity::revoke_api_token(tx, &permit, &name)
                })
                .map_err(|e| match e {
                    Error::NotFound => Error::field("name", "there is no live token of that name"),
                    other => other,
                })?;
            say("Revoked.");
        }
    }
    Ok(())
}

fn address(text: &str) -> Result<EmailAddress> {
    EmailAddress::parse(text).ok_or_else(|| Error::field("email", "is not an address like name@example.com"))
}

/// The command line's permit over the tokens of the person with this address.
fn token_permit<A: Action>(tx: &mut Tx<'_>, email: &EmailAddress) -> Result<Permit<A>> {
    let subject = identity::token_subject(tx.conn(), email)?
        .ok_or_else(|| Error::field("email", "there is nobody with this address"))?;
    Permit::grant(&Actor::system(), Some(subject))
}

fn add(
    tx: &mut Tx<'_>,
    new: &NewPerson,
    roles: &[CentralRole],
    memberships: &[(String, OrganisationRole)],
) -> Result<Recorded<PersonId>> {
    let permit = Permit::<SeedPeople>::grant(&Actor::system(), Some(Subject::programme()))?;
    let recorded = identity::admit(tx, &permit, new)?;
    for role in roles {
        identity::grant_central_role(tx, &permit, *recorded.value(), *role)?;
    }
    for (code, role) in memberships {
        let organisation = identity::organisation_named(tx.conn(), code)?
            .ok_or_else(|| Error::field("member", format!("there is no organisation {code}")))?;
        identity::grant_membership(tx, &permit, *recorded.value(), organisation, *role)?;
    }
    Ok(recorded)
}

fn parse_membership(text: &str) -> Result<(String, OrganisationRole)> {
    let wrong = |why: String| Error::field("member", format!("\"{text}\": {why}"));
    let (code, role) = text.split_once('=').ok_or_else(|| wrong("write CODE=ROLE".to_owned()))?;
    Ok((code.to_uppercase(), role.parse().map_err(wrong)?))
}

fn read_password() -> Result<Password> {
    say("Type the password and end the line:");
    let mut text = String::new();
    std::io::stdin()
        .take(2048)
        .read_to_string(&mut text)
        .map_err(|e| Error::io("failed to read the password", e))?;
    Password::new(text.lines().next().unwrap_or_default()).map_err(|why| Error::field("password", why))
}
