//! Returns of one year: the return, the answers of the running year, the submission with its snapshot and score, what
//! was published, and through [`super::reviews`] the review. Made one at a time, so that memory stays small.

use std::sync::Arc;

use diesel::prelude::*;

use super::super::nation::answers::{Answer, AnswerState};
use super::super::nation::organisations::OrganisationIx;
use super::super::nation::returns::{ReturnRecord, ReturnState as Made};
use super::super::nation::sector::Sector;
use super::years::Written;
use super::{Seeding, reviews, seeding_permit};
use crate::ledger::{self, Event};
use crate::platform::canonical::{hex, sha256, to_string};
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::{Db, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{AnswerId, EvidenceId, OrganisationId, PersonId, ReturnId, SubmissionId};
use crate::returns::{
    STATEMENT, STATEMENT_VERSION, Snapshot, SnapshotAnswer, SnapshotEdition, SnapshotEvidence,
    SnapshotOrganisation, SnapshotSignOff, score_of,
};
use crate::schema::{
    annual_return, answer, answer_evidence, answer_version, collection_result, evidence, published_status,
    sign_off, submission,
};

/// A file that stands for evidence; a few of them serve all of the demo.
#[derive(Debug, Clone)]
pub struct Document {
    /// SHA-256 of its content, under which it lies in the evidence folder.
    pub sha256: [u8; 32],
    /// Bytes.
    pub size: i64,
}

/// Returns written in one change.
const CHUNK: usize = 200;
/// Above this many organisations, only the large ones' returns are written in full.
const FULL_UP_TO: usize = 5_000;

pub(super) fn write(
    db: &Db,
    seeding: &Arc<Seeding>,
    year: usize,
    collection: &Written,
    documents: &[Document],
    tell: &dyn Fn(&str),
) -> Result<usize> {
    let total = seeding.organisations.len();
    let mut written = 0;
    let mut next = 0;
    while next < total {
        let end = (next + CHUNK).min(total);
        let (seeding, collection, documents) = (Arc::clone(seeding), collection.clone(), documents.to_vec());
        written += db.write_now(move |tx| {
            let mut count = 0;
            for index in next..end {
                let at = OrganisationIx(u32::try_from(index).unwrap_or(u32::MAX));
                if let Some(record) = seeding.nation.return_of(at, year) {
                    Step { seeding: &seeding, collection: &collection, documents: &documents }
                        .one(tx, &record)?;
                    count += 1;
                }
            }
            let data = serde_json::json!({"collection": collection.key, "returns": count});
            let event = Event::of(&seeding_permit()?, "demo_returns_made", "demo".to_owned(), data);
            ledger::append(tx, &event, count)
        })?;
        next = end;
        if total > FULL_UP_TO && next % 8_000 < CHUNK {
            tell(&format!("  {next} of {total} organisations"));
        }
    }
    Ok(written)
}

/// What every step of writing one return needs.
pub(super) struct Step<'a> {
    pub seeding: &'a Seeding,
    pub collection: &'a Written,
    documents: &'a [Document],
}

/// A return as written, for its review.
pub(super) struct WrittenReturn {
    pub id: ReturnId,
    pub organisation: OrganisationId,
    pub submission: SubmissionId,
    pub submitted_at: Timestamp,
    pub snapshot: Snapshot,
    pub claimed_grade: String,
}

impl Step<'_> {
    fn one(&self, tx: &mut Tx<'_>, record: &ReturnRecord) -> Result<()> {
        let index = record.organisation.index();
        let organisation = *self.seeding.organisations.get(index).ok_or_else(unknown)?;
        self.published(tx, organisation, record)?;
        let large =
            self.seeding.nation.organisation(record.organisation).is_some_and(|o| {
                matches!(o.sector, Sector::NhsTrust | Sector::Icb | Sector::Csu | Sector::Alb)
            });
        if self.seeding.organisations.len() > FULL_UP_TO && !large {
            return Ok(());
        }
        if record.state == Made::NotPublishedAtClose {
            diesel::insert_into(collection_result::table)
                .values((
                    collection_result::collection_id.eq(self.collection.id),
                    collection_result::organisation_id.eq(organisation),
                    collection_result::status.eq("not_published_at_close"),
                    collection_result::recorded_at.eq(self.collection.opens_at.plus_seconds(365 * 86_400)),
                ))
                .execute(tx.conn())?;
        }
        let id = self.a_return(tx, organisation, record)?;
        let files =
            if self.collection.is_open { self.answers(tx, id, organisation, record)? } else { Vec::new() };
        self.sign_and_submit(tx, id, organisation, record, &files)
    }

    fn published(&self, tx: &mut Tx<'_>, organisation: OrganisationId, record: &ReturnRecord) -> Result<()> {
        let Some(entry) = &record.published else { return Ok(()) };
        diesel::insert_into(published_status::table)
            .values((
                published_status::organisation_id.eq(organisation),
                published_status::edition_label.eq(&self.collection.label),
                published_status::label.eq(entry.label),
                published_status::grade.eq(entry.status.grade.key()),
                published_status::published_on.eq(Day::from(entry.on).to_string()),
                published_status::source.eq(format!("Demo register {}", self.collection.label)),
                published_status::recorded_at.eq(Day::from(entry.on).start()),
            ))
            .execute(tx.conn())?;
        Ok(())
    }

    fn a_return(
        &self,
        tx: &mut Tx<'_>,
        organisation: OrganisationId,
        record: &ReturnRecord,
    ) -> Result<ReturnId> {
        let state = match record.state {
            Made::Draft | Made::NotPublishedAtClose => "draft",
            Made::Ready => "ready",
            Made::Signed => "signed",
            Made::Submitted => "submitted",
            Made::UnderReview => "under_review",
            Made::Query => "query",
            Made::Decided | Made::PlanRequired | Made::PlanAgreed => "decided",
            Made::Published => "published",
        };
        Ok(diesel::insert_into(annual_return::table)
            .values((
                annual_return::organisation_id.eq(organisation),
                annual_return::collection_id.eq(self.collection.id),
                annual_return::edition_id.eq(self.collection.edition),
                annual_return::profile.eq(self.profile(record)),
                annual_return::state.eq(state),
                annual_return::opened_at.eq(self.collection.opens_at),
            ))
            .returning(annual_return::id)
            .get_result(tx.conn())?)
    }

    fn profile(&self, record: &ReturnRecord) -> String {
        let edition = self.seeding.editions.get(record.year);
        edition
            .zip(record.profile)
            .and_then(|(edition, at)| edition.profiles().get(at))
            .map(|profile| profile.key.as_str().to_owned())
            .unwrap_or_default()
    }

    fn person(&self, at: super::super::nation::people::PersonIx) -> Option<PersonId> {
        self.seeding.people.get(at.index()).copied()
    }

    /// Answers with their one version each; the files attached to each, by position of the answer.
    fn answers(
        &self,
        tx: &mut Tx<'_>,
        id: ReturnId,
        organisation: OrganisationId,
        record: &ReturnRecord,
    ) -> Result<Vec<Vec<SnapshotEvidence>>> {
        let mut files = Vec::with_capacity(record.answers.len());
        for made in &record.answers {
            let requirement = *self.collection.requirements.get(made.requirement).ok_or_else(unknown)?;
            let (value, author) = (to_string(&made.value.to_json())?, self.person(made.author));
            let at = Timestamp::from(made.answered_at);
            let state = match made.state {
                AnswerState::Confirmed => "confirmed",
                AnswerState::ToConfirm => "to_confirm",
            };
            let answer_id: AnswerId = diesel::insert_into(answer::table)
                .values((
                    answer::return_id.eq(id),
                    answer::organisation_id.eq(organisation),
                    answer::requirement_id.eq(requirement),
                    answer::value.eq(&value),
                    answer::comment.eq(&made.comment),
                    answer::state.eq(state),
                    answer::version.eq(1),
                    answer::updated_at.eq(at),
                    answer::updated_by.eq(author),
                ))
                .returning(answer::id)
                .get_result(tx.conn())?;
            diesel::insert_into(answer_version::table)
                .values((
                    answer_version::answer_id.eq(answer_id),
                    answer_version::version.eq(1),
                    answer_version::organisation_id.eq(organisation),
                    answer_version::value.eq(&value),
                    answer_version::comment.eq(&made.comment),
                    answer_version::state.eq(state),
                    answer_version::saved_at.eq(at),
                    answer_version::saved_by.eq(author),
                ))
                .execute(tx.conn())?;
            let mut attached = Vec::new();
            for (number, file) in made.attachments.iter().enumerate() {
                let Some(kept) = self.attach(tx, organisation, made, &file.name, number)? else { continue };
                diesel::insert_into(answer_evidence::table)
                    .values((
                        answer_evidence::return_id.eq(id),
                        answer_evidence::requirement_id.eq(requirement),
                        answer_evidence::evidence_id.eq(kept.id),
                        answer_evidence::organisation_id.eq(organisation),
                        answer_evidence::linked_at.eq(at),
                        answer_evidence::linked_by.eq(author),
                    ))
                    .execute(tx.conn())?;
                attached.push(kept);
            }
            files.push(attached);
        }
        Ok(files)
    }

    fn attach(
        &self,
        tx: &mut Tx<'_>,
        organisation: OrganisationId,
        made: &Answer,
        name: &str,
        number: usize,
    ) -> Result<Option<SnapshotEvidence>> {
        let turn = made.requirement + number;
        let Some(document) = self.documents.get(turn % self.documents.len().max(1)) else { return Ok(None) };
        let media_type = "text/plain; charset=utf-8";
        let id: EvidenceId = diesel::insert_into(evidence::table)
            .values((
                evidence::organisation_id.eq(organisation),
                evidence::file_name.eq(name),
                evidence::media_type.eq(media_type),
                evidence::size_bytes.eq(document.size),
                evidence::sha256.eq(&document.sha256[..]),
                evidence::uploaded_by.eq(self.person(made.author)),
                evidence::uploaded_at.eq(Timestamp::from(made.answered_at)),
            ))
            .returning(evidence::id)
            .get_result(tx.conn())?;
        Ok(Some(SnapshotEvidence {
            id,
            name: name.to_owned(),
            media_type: media_type.to_owned(),
            size: document.size,
            sha256: hex(&document.sha256),
        }))
    }

    fn sign_and_submit(
        &self,
        tx: &mut Tx<'_>,
        id: ReturnId,
        organisation: OrganisationId,
        record: &ReturnRecord,
        files: &[Vec<SnapshotEvidence>],
    ) -> Result<()> {
        let answers = self.snapshot_answers(record, files)?;
        let content_hash = sha256(to_string(&answers)?.as_bytes());
        let mut signed = Vec::new();
        for sign in &record.sign_offs {
            let Some(person) = self.person(sign.person) else { continue };
            let at = Timestamp::from(sign.at);
            diesel::insert_into(sign_off::table)
                .values((
                    sign_off::return_id.eq(id),
                    sign_off::organisation_id.eq(organisation),
                    sign_off::role.eq(sign.role.key()),
                    sign_off::person_id.eq(person),
                    sign_off::statement_version.eq(STATEMENT_VERSION),
                    sign_off::statement.eq(STATEMENT),
                    sign_off::content_hash.eq(&content_hash[..]),
                    sign_off::signed_at.eq(at),
                ))
                .execute(tx.conn())?;
            signed.push(SnapshotSignOff {
                role: sign.role.key().to_owned(),
                person,
                statement_version: STATEMENT_VERSION.to_owned(),
                content_hash: hex(&content_hash),
                signed_at: at,
            });
        }
        let Some(sent) = &record.submission else { return Ok(()) };
        let snapshot = self.snapshot(record, answers, signed)?;
        let written =
            self.submit(tx, id, organisation, record, snapshot, Timestamp::from(sent.at), sent.late)?;
        reviews::write(tx, self, record, &written)
    }

    fn snapshot_answers(
        &self,
        record: &ReturnRecord,
        files: &[Vec<SnapshotEvidence>],
    ) -> Result<Vec<SnapshotAnswer>> {
        let edition = self.seeding.editions.get(record.year).ok_or_else(unknown)?;
        let mut all: Vec<SnapshotAnswer> = edition
            .requirements()
            .iter()
            .map(|requirement| SnapshotAnswer {
                requirement: requirement.code.as_str().to_owned(),
                value: serde_json::Value::Null,
                comment: String::new(),
                evidence: Vec::new(),
            })
            .collect();
        for (number, made) in record.answers.iter().enumerate() {
            let Some(slot) = all.get_mut(made.requirement) else { continue };
            slot.value = made.value.to_json();
            slot.comment.clone_from(&made.comment);
            slot.evidence = match files.get(number) {
                Some(kept) => kept.clone(),
                // Past years: the names and hashes stand, the rows of the files are not kept.
                None => self.past_files(made),
            };
        }
        Ok(all)
    }

    fn past_files(&self, made: &Answer) -> Vec<SnapshotEvidence> {
        let named = made.attachments.iter().zip(self.documents.iter().cycle().skip(made.requirement));
        named
            .map(|(file, document)| SnapshotEvidence {
                id: EvidenceId::new(0),
                name: file.name.clone(),
                media_type: "text/plain; charset=utf-8".to_owned(),
                size: document.size,
                sha256: hex(&document.sha256),
            })
            .collect()
    }

    fn snapshot(
        &self,
        record: &ReturnRecord,
        answers: Vec<SnapshotAnswer>,
        sign_offs: Vec<SnapshotSignOff>,
    ) -> Result<Snapshot> {
        let edition = self.seeding.editions.get(record.year).ok_or_else(unknown)?;
        let organisation = self.seeding.nation.organisation(record.organisation).ok_or_else(unknown)?;
        Ok(Snapshot {
            v: 1,
            organisation: SnapshotOrganisation {
                code: organisation.code.clone(),
                name: organisation.name.clone(),
                sector: organisation.sector.key().to_owned(),
            },
            collection: self.collection.key.clone(),
            edition: SnapshotEdition {
                key: edition.key().as_str().to_owned(),
                hash: edition.hash().to_hex(),
                rule_set: edition.rule_set().to_owned(),
            },
            profile: self.profile(record),
            answers,
            sign_offs,
            reason: None,
        })
    }

    #[expect(clippy::too_many_arguments, reason = "one row's columns, each from another place")]
    fn submit(
        &self,
        tx: &mut Tx<'_>,
        id: ReturnId,
        organisation: OrganisationId,
        record: &ReturnRecord,
        snapshot: Snapshot,
        at: Timestamp,
        late: bool,
    ) -> Result<WrittenReturn> {
        let edition = self.seeding.editions.get(record.year).ok_or_else(unknown)?;
        let score = score_of(&snapshot, edition, at.london_day())?;
        let text = to_string(&snapshot)?;
        let hash = sha256(text.as_bytes());
        let grade = score.grade.as_str().to_owned();
        let by = record.submission.as_ref().and_then(|s| self.person(s.by));
        let submission_id: SubmissionId = diesel::insert_into(submission::table)
            .values((
                submission::return_id.eq(id),
                submission::organisation_id.eq(organisation),
                submission::collection_id.eq(self.collection.id),
                submission::number.eq(1),
                submission::submitted_by.eq(by),
                submission::submitted_at.eq(at),
                submission::late.eq(late),
                submission::snapshot.eq(&text),
                submission::snapshot_hash.eq(&hash[..]),
                submission::levels.eq(score.levels_vector()),
                submission::claimed_grade.eq(&grade),
                submission::score.eq(score.to_canonical_json()),
                submission::rule_set.eq(edition.rule_set()),
            ))
            .returning(submission::id)
            .get_result(tx.conn())?;
        let data = serde_json::json!({
            "return": id, "collection": self.collection.key, "number": 1, "snapshot_hash": hex(&hash),
            "claimed_grade": grade, "late": late,
        });
        let event =
            Event::of(&seeding_permit()?, "return_submitted", format!("submission/{submission_id}"), data)
                .in_organisation(organisation);
        let recorded = ledger::append(tx, &event, ())?;
        diesel::update(submission::table.filter(submission::id.eq(submission_id)))
            .set(submission::ledger_event_id.eq(Some(recorded.event())))
            .execute(tx.conn())?;
        let final_grade = record.published.as_ref().map(|p| p.status.grade.key());
        diesel::update(annual_return::table.filter(annual_return::id.eq(id)))
            .set((
                annual_return::submission_id.eq(Some(submission_id)),
                annual_return::final_grade.eq(final_grade),
            ))
            .execute(tx.conn())?;
        Ok(WrittenReturn {
            id,
            organisation,
            submission: submission_id,
            submitted_at: at,
            snapshot,
            claimed_grade: grade,
        })
    }
}

fn unknown() -> Error {
    Error::broken("the nation answers what its editions ask")
}
