//! Mails about requests for more time. They name the organisation and the times; the reason stays in the portal.

use super::answer::key_of;
use super::model::TimeRequest;
use crate::access::CentralRole;
use crate::access::OrganisationRole::{IgLead, OrganisationAdministrator};
use crate::collections::Collection;
use crate::identity;
use crate::platform::clock::Timestamp;
use crate::platform::db::Tx;
use crate::platform::error::Result;
use crate::platform::mail::{self, Letter, Mail};

/// Tells every programme manager that an organisation asks.
pub(super) fn tell_the_programme(
    tx: &mut Tx<'_>,
    collection: &Collection,
    asked: &TimeRequest,
    public_url: &str,
) -> Result<()> {
    let href = format!("{}/collections/{}/requests/{}", below(public_url), collection.key, asked.id);
    for (person, name, address) in identity::central_holders(tx.conn(), &[CentralRole::ProgrammeManager])? {
        let letter = Letter {
            template: "collections.more_time_asked",
            to: &address,
            subject: format!("{} asks for more time", asked.name),
            name: &name,
            paragraphs: vec![format!(
                "{} ({}) asks for more time for its return in {}, until {}.",
                asked.name,
                asked.code,
                collection.name,
                asked.until.london_words()
            )],
            link: ("Read the request and answer it", &href),
        };
        mail::queue(tx, &letter.into_mail(), &format!("more-time-{}-{person}", asked.id))?;
    }
    Ok(())
}

/// Tells the organisation's leads what the programme answered; no time means that it refused.
pub(super) fn tell_the_organisation(
    tx: &mut Tx<'_>,
    asked: &TimeRequest,
    granted: Option<Timestamp>,
    words: &str,
    public_url: &str,
) -> Result<()> {
    let key = key_of(tx, asked)?;
    let href = format!("{}/organisations/{}/returns/{key}/more-time", below(public_url), asked.code);
    let roles = [IgLead, OrganisationAdministrator];
    for (person, name, address) in identity::holders_of(tx.conn(), asked.organisation, &roles)? {
        let mail = answered(asked, granted, words, (&name, &address), &href);
        mail::queue(tx, &mail, &format!("more-time-answer-{}-{person}", asked.id))?;
    }
    Ok(())
}

fn answered(
    asked: &TimeRequest,
    granted: Option<Timestamp>,
    words: &str,
    (name, to): (&str, &str),
    href: &str,
) -> Mail {
    let (subject, said) = match granted {
        Some(until) => (
            format!("{} has been given more time", asked.name),
            format!("The return of {} is now due by {}.", asked.name, until.london_words()),
        ),
        None => (
            format!("No more time for {}", asked.name),
            format!("The programme has refused the request of {} for more time.", asked.name),
        ),
    };
    let mut paragraphs = vec![said];
    if !words.is_empty() {
        paragraphs.push(format!("The programme says: {words}"));
    }
    let link = ("See the request and its answer", href);
    Letter { template: "collections.more_time_answered", to, subject, name, paragraphs, link }.into_mail()
}

fn below(public_url: &str) -> &str {
    public_url
}
