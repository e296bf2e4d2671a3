//! What the publication scenarios start from: a register's snapshot, or a collection with returns.

use diesel::prelude::*;
use portal::access::{Actor, AnnounceRelease, ImportEditionBySystem, Permit, PublishBySystem, Subject};
use portal::platform::clock::{Timestamp, parse_london};
use portal::platform::ids::{CollectionId, EditionId, OrganisationId, PersonId, ReturnId, SubmissionId};
use portal::publication::{self, Draft, ReleaseRequest, Source};
use portal::returns::{Basis, KeptBasis, keep_bases};
use portal::schema::{annual_return, collection, collection_scope, organisation, published_status, review};
use portal::standards::formats::{self, FileFormat, Names};
use portal::standards::{self, Edition};

use crate::support::{Bare, World, everybodys};

fn programme() -> Option<Subject> {
    Some(Subject::programme())
}

/// The sample standard scored by levels.
pub fn levels_edition() -> Edition {
    let text = include_str!("../../../config/standards/igt.toml");
    let names = Names::default();
    formats::read(FileFormat::Toml, "igt.toml", text.as_bytes(), &names).unwrap().edition
}

/// One organisation's return.
#[derive(Clone)]
pub struct Return {
    pub organisation: OrganisationId,
    pub claimed: &'static str,
    pub assessed: Option<&'static str>,
    pub late: bool,
    pub level: u8,
    pub at: Timestamp,
}

impl Return {
    pub fn of(organisation: OrganisationId) -> Self {
        let at = parse_london("2026-01-05 12:00").unwrap();
        Self { organisation, claimed: "satisfactory", assessed: None, late: false, level: 2, at }
    }
}

impl World {
    /// A status of a register's snapshot, as an import stores it.
    pub fn status(&self, source: &str, id: OrganisationId, edition: &str, label: &str, grade: &str) {
        let (source, edition) = (source.to_owned(), edition.to_owned());
        let (label, grade) = (label.to_owned(), grade.to_owned());
        self.db()
            .housekeep_now(everybodys(), move |tx| {
                let now = tx.now();
                diesel::insert_into(published_status::table)
                    .values((
                        published_status::organisation_id.eq(id),
                        published_status::edition_label.eq(edition),
                        published_status::label.eq(label),
                        published_status::grade.eq(&grade),
                        published_status::published_on.eq((grade != "not_published").then_some("2022-06-30")),
                        published_status::source.eq(source),
                        published_status::recorded_at.eq(now),
                    ))
                    .execute(tx.conn())?;
                Ok(())
            })
            .unwrap();
    }

    /// Says who took over from an organisation.
    pub fn successor(&self, of: OrganisationId, successor: OrganisationId) {
        self.db()
            .housekeep_now(everybodys(), move |tx| {
                diesel::update(organisation::table.filter(organisation::id.eq(of)))
                    .set(organisation::successor_id.eq(Some(successor)))
                    .execute(tx.conn())?;
                Ok(())
            })
            .unwrap();
    }

    /// A closed collection of the sample standard over trusts.
    pub fn collected(&self, key: &str, previous: Option<CollectionId>) -> CollectionId {
        let key = key.to_owned();
        let edition = levels_edition();
        let edition_id: EditionId = self
            .db()
            .write_now(everybodys(), move |tx| {
                let permit = Permit::<ImportEditionBySystem>::grant(&Actor::system(), programme())?;
                standards::import_edition(tx, &permit, &edition)
            })
            .unwrap();
        self.db()
            .housekeep_now(everybodys(), move |tx| {
                let at = |text: &str| parse_london(text).unwrap();
                let now = tx.now();
                let id: CollectionId = diesel::insert_into(collection::table)
                    .values((
                        collection::edition_id.eq(edition_id),
                        collection::previous_id.eq(previous),
                        collection::key.eq(&key),
                        collection::name.eq(format!("Returns {key}")),
                        collection::year_label.eq(&key),
                        collection::state.eq("closed"),
                        collection::opens_at.eq(at("2025-09-01 00:00")),
                        collection::deadline_at.eq(at("2026-01-01 00:00")),
                        collection::closes_at.eq(at("2026-01-10 00:00")),
                        collection::created_at.eq(now),
                    ))
                    .returning(collection::id)
                    .get_result(tx.conn())?;
                diesel::insert_into(collection_scope::table)
                    .values((
                        collection_scope::collection_id.eq(id),
                        collection_scope::sector.eq("nhs_trust"),
                        collection_scope::profile.eq("acute"),
                    ))
                    .execute(tx.conn())?;
                Ok(id)
            })
            .unwrap()
    }

    /// A submitted return, reviewed where a grade was assessed.
    pub fn submitted(&self, id: CollectionId, of: Return) {
        self.db()
            .housekeep_now(everybodys(), move |tx| {
                let edition: EditionId = collection::table
                    .filter(collection::id.eq(id))
                    .select(collection::edition_id)
                    .first(tx.conn())?;
                let document = standards::edition(tx.conn(), edition)?;
                let requirements = document.requirements().len();
                let state = if of.assessed.is_some() { "decided" } else { "submitted" };
                let bare = Bare {
                    late: of.late,
                    state,
                    claimed: of.claimed,
                    assessed: of.assessed,
                    levels: vec![of.level; requirements],
                    rule_set: document.rule_set().to_owned(),
                    ..Bare::of(of.organisation, id, of.at)
                };
                let (filed, sent) = bare.write(tx)?;
                // What its score rests on, so that it can be scored again without a snapshot.
                let kept = KeptBasis {
                    submission: sent,
                    organisation: of.organisation,
                    basis: Basis::of_row(&(
                        "nhs_trust".to_owned(),
                        "acute".to_owned(),
                        "none".to_owned(),
                        false,
                        false,
                    ))?,
                    submitted_at: of.at,
                    rule_set: document.rule_set().to_owned(),
                    claimed_grade: of.claimed.to_owned(),
                    levels: vec![of.level; requirements],
                };
                keep_bases(tx, &[kept])?;
                diesel::update(annual_return::table.filter(annual_return::id.eq(filed)))
                    .set(annual_return::submission_id.eq(Some(sent.get())))
                    .execute(tx.conn())?;
                if let Some(assessed) = of.assessed {
                    reviewed(tx.conn(), filed, sent, id, &of, assessed, requirements)?;
                }
                Ok(())
            })
            .unwrap();
    }

    /// The review of a return that was submitted before.
    pub fn reviewed_since(&self, id: CollectionId, of: Return) {
        self.db()
            .housekeep_now(everybodys(), move |tx| {
                let returns = annual_return::table
                    .filter(annual_return::collection_id.eq(id))
                    .filter(annual_return::organisation_id.eq(of.organisation));
                let (filed, sent): (ReturnId, Option<i64>) =
                    returns.select((annual_return::id, annual_return::submission_id)).first(tx.conn())?;
                diesel::update(annual_return::table.filter(annual_return::id.eq(filed)))
                    .set((annual_return::state.eq("decided"), annual_return::final_grade.eq(of.assessed)))
                    .execute(tx.conn())?;
                let (sent, assessed) = (SubmissionId::new(sent.unwrap()), of.assessed.unwrap());
                let requirements = levels_edition().requirements().len();
                reviewed(tx.conn(), filed, sent, id, &of, assessed, requirements)?;
                Ok(())
            })
            .unwrap();
    }

    /// What a release would say now.
    pub fn composed(&self, source: Source) -> Draft {
        self.try_composed(source, None).unwrap()
    }

    /// [`World::composed`], or why not.
    pub fn try_composed(
        &self,
        source: Source,
        title: Option<&str>,
    ) -> portal::platform::error::Result<Draft> {
        let request = ReleaseRequest {
            source,
            title: title.map(str::to_owned),
            lead_statistician: "Ada Example".to_owned(),
            contact: "statistics@people.example".to_owned(),
            edition: None,
        };
        let now = self.now();
        self.db().read_now(everybodys(), |conn| publication::compose_release(conn, &request, now))
    }

    /// Announces a release for the first day that can be, as this person.
    pub fn announces(&self, by: PersonId, title: &str) {
        let new = publication::NewDate {
            title: title.to_owned(),
            about: "How well organisations protect data.".to_owned(),
            lead_statistician: "Ada Example".to_owned(),
            contact: "statistics@people.example".to_owned(),
            day: publication::first_day(self.now()),
        };
        self.db()
            .write_now(everybodys(), move |tx| {
                let actor = portal::identity::actor_of(tx.conn(), by)?;
                let permit = Permit::<AnnounceRelease>::grant(&actor, programme())?;
                publication::announce_release(tx, &permit, &new)
            })
            .unwrap();
    }

    /// Prepares from the command line.
    pub fn stored(&self, source: Source) -> String {
        self.stored_draft(self.composed(source))
    }

    /// [`World::stored`] of a composed release.
    pub fn stored_draft(&self, draft: Draft) -> String {
        self.db()
            .write_now(everybodys(), move |tx| {
                let permit = Permit::<PublishBySystem>::grant(&Actor::system(), programme())?;
                publication::prepare_release(tx, &permit, &draft)
            })
            .unwrap()
            .1
    }

    /// Prepares and publishes from the command line, and lets the public pages follow.
    pub fn published(&self, source: Source) -> String {
        self.published_draft(self.composed(source))
    }

    /// [`World::published`] of a composed release.
    pub fn published_draft(&self, draft: Draft) -> String {
        let key = self.stored_draft(draft);
        self.publish(&key).unwrap();
        self.settle();
        key
    }

    /// Publishes a prepared release.
    pub fn publish(&self, key: &str) -> portal::platform::error::Result<String> {
        let key = key.to_owned();
        self.db().write_now(everybodys(), move |tx| {
            let permit = Permit::<PublishBySystem>::grant(&Actor::system(), programme())?;
            let (_, found) = publication::release_subject(tx.conn(), &key)?.unwrap();
            publication::publish_release(tx, &permit, &found)
        })
    }
}

fn reviewed(
    conn: &mut portal::platform::db::Conn,
    filed: ReturnId,
    sent: SubmissionId,
    id: CollectionId,
    of: &Return,
    assessed: &str,
    requirements: usize,
) -> QueryResult<()> {
    diesel::insert_into(review::table)
        .values((
            review::submission_id.eq(sent),
            review::return_id.eq(filed),
            review::organisation_id.eq(of.organisation),
            review::collection_id.eq(id),
            review::state.eq("decided"),
            review::claimed_grade.eq(of.claimed),
            review::assessed_grade.eq(Some(assessed)),
            review::assessed_levels.eq(Some(vec![of.level; requirements])),
            review::queued_at.eq(of.at),
            review::due_at.eq(of.at),
            review::decided_at.eq(Some(of.at)),
        ))
        .execute(conn)?;
    Ok(())
}
