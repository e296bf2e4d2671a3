//! `portal publish`: prepares and publishes a release in one go. Publishing the same figures again changes nothing.

use std::sync::Arc;

use clap::Args;

use super::say::say;
use crate::access::{Actor, Permit, PublishBySystem, Subject};
use crate::platform::clock::SystemClock;
use crate::platform::config::Config;
use crate::platform::db::{self, Db, Reach};
use crate::platform::error::{Error, Result};
use crate::platform::pages::words;
use crate::publication::{self, Draft, ReleaseRequest, Source};

/// Arguments of `portal publish`.
#[derive(Debug, Args)]
pub(super) struct PublishArguments {
    /// Publish the returns of this collection, named by its key, such as 2026.
    #[arg(long, required_unless_present_any = ["register", "list"], conflicts_with = "register")]
    collection: Option<String>,
    /// Publish an imported register, named as its import named it, such as register@2022-09-09.
    #[arg(long, visible_alias = "source")]
    register: Option<String>,
    /// List what could be published, and publish nothing.
    #[arg(long)]
    list: bool,
    /// The release's title; made from the source when left out.
    #[arg(long)]
    title: Option<String>,
    /// Who answers for the figures.
    #[arg(long, default_value = "The programme\u{2019}s lead statistician")]
    lead_statistician: String,
    /// Whom readers may ask: a name, a department, an address.
    #[arg(long, default_value = "")]
    contact: String,
    /// The edition that counts as current in a register; the one most organisations published for when left out.
    #[arg(long, conflicts_with = "collection")]
    edition: Option<String>,
    /// Prepare a draft for a publisher to check, and do not publish it.
    #[arg(long)]
    draft: bool,
}

/// Runs `portal publish`.
pub(super) fn publish(config: &Config, arguments: &PublishArguments) -> Result<()> {
    let target = config.target().map_err(Error::broken)?;
    db::migrate(&target)?;
    let database = Db::open(&target, 1, Arc::new(SystemClock))?;
    if arguments.list {
        return list(&database);
    }
    let request = request(arguments)?;
    say("Reading the figures ...");
    let now = database.clock().now();
    let draft =
        database.read_now(Actor::system_reach(), |conn| publication::compose_release(conn, &request, now))?;
    if let Some(key) =
        database.read_now(Actor::system_reach(), |conn| publication::says_the_same(conn, &draft))?
    {
        say(&format!("Nothing has changed: release {key} says the same and stays as it is."));
        return Ok(());
    }
    tell(&draft);
    let draft = publication::with_paper(draft)?;
    say("Storing the release ...");
    let key = keep(&database, draft)?;
    if arguments.draft {
        say(&format!("Prepared as a draft: /releases/{key}"));
        return Ok(());
    }
    let key = publish_draft(&database, key)?;
    say(&format!("Published: /public/releases/{key}"));
    Ok(())
}

fn request(arguments: &PublishArguments) -> Result<ReleaseRequest> {
    let source = match (&arguments.collection, &arguments.register) {
        (Some(key), _) => Source::Collection(key.clone()),
        (None, Some(name)) => Source::Register(name.clone()),
        (None, None) => return Err(Error::field("collection", "name a collection or a register")),
    };
    Ok(ReleaseRequest {
        source,
        title: arguments.title.clone(),
        lead_statistician: arguments.lead_statistician.clone(),
        contact: arguments.contact.clone(),
        edition: arguments.edition.clone(),
    })
}

fn permit() -> Result<Permit<PublishBySystem>> {
    Permit::grant(&Actor::system(), Some(Subject::programme()))
}

/// Prepares and publishes a release without a word; for the demo.
pub(super) fn publish_source(
    database: &Db,
    source: Source,
    (lead_statistician, contact): (&str, &str),
) -> Result<()> {
    let request = ReleaseRequest {
        source,
        title: None,
        lead_statistician: lead_statistician.to_owned(),
        contact: contact.to_owned(),
        edition: None,
    };
    let now = database.clock().now();
    let draft =
        database.read_now(Actor::system_reach(), |conn| publication::compose_release(conn, &request, now))?;
    let key = store(database, draft)?;
    publish_draft(database, key).map(|_| ())
}

/// Prepares and publishes a release, unless the newest one of its source says the same; its key, and whether it is new.
pub(super) fn publish_unless_same(database: &Db, request: ReleaseRequest) -> Result<(String, bool)> {
    let now = database.clock().now();
    let (draft, same) = database.read_now(Actor::system_reach(), move |conn| {
        let draft = publication::compose_release(conn, &request, now)?;
        let same = publication::says_the_same(conn, &draft)?;
        Ok((draft, same))
    })?;
    match same {
        Some(key) => Ok((key, false)),
        None => {
            let key = store(database, draft)?;
            Ok((publish_draft(database, key)?, true))
        }
    }
}

fn store(database: &Db, draft: Draft) -> Result<String> {
    keep(database, publication::with_paper(draft)?)
}

fn keep(database: &Db, draft: Draft) -> Result<String> {
    let (_, key) = database
        .write_now(Actor::system_reach(), move |tx| publication::prepare_release(tx, &permit()?, &draft))?;
    Ok(key)
}

fn publish_draft(database: &Db, key: String) -> Result<String> {
    database.write_now(Actor::system_reach(), move |tx| {
        let (_, found) = publication::release_subject(tx.conn(), &key)?.ok_or(Error::NotFound)?;
        publication::publish_release(tx, &permit()?, &found)
    })
}

fn list(database: &Db) -> Result<()> {
    let choices = database.read_now(Reach::nobodys(), publication::choices)?;
    say("Collections:");
    for (key, name, state) in &choices.collections {
        say(&format!("  {key}  {name} ({state})"));
    }
    say("Registers:");
    for (name, organisations) in &choices.registers {
        say(&format!("  {name}  {} organisations", words::number((*organisations).into())));
    }
    Ok(())
}

fn tell(draft: &Draft) {
    let headline = &draft.document.headline;
    let number = |count: u64| words::number(count.into());
    say(&format!(
        "{}: {} organisations, {} with a published grade, {} meeting the standard ({}%), {} tables.",
        draft.document.title,
        number(headline.in_scope),
        number(headline.published),
        number(headline.meeting),
        headline.meeting_share.as_deref().unwrap_or("-"),
        draft.document.tables.len(),
    ));
}
