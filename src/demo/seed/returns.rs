//! The returns of one year as rows: the return, its answers and files, the submission with its snapshot and score, what
//! was published, and through [`super::reviews`] the review. Every number follows from the year and the organisation's
//! place in the nation, so stretches can be made in any order and by any thread.

use super::super::nation::answers::{Answer, AnswerState};
use super::super::nation::organisations::OrganisationIx;
use super::super::nation::people::{PersonIx, Role};
use super::super::nation::returns::{ReturnRecord, ReturnState as Made};
use super::super::nation::sector::Sector;
use super::rows::{
    AnswerRow, EvidenceRow, FilerRow, LinkRow, OwnerRow, PieceRow, PublishedRow, ResultRow, ReturnRow, Rows,
    SignOffRow, SubmissionRow,
};
use super::years::Written;
use super::{Seeding, reviews};
use crate::platform::canonical::{hex, sha256, to_string};
use crate::platform::clock::{Day, Timestamp};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{
    AnswerId, EvidenceId, OrganisationId, PersonId, PieceId, RequirementId, ReturnId, ReviewId, SubmissionId,
};
use crate::returns::{
    Classification, Snapshot, SnapshotAnswer, SnapshotEdition, SnapshotEvidence, SnapshotOrganisation,
    SnapshotSignOff, Statement, score_of, statement_of, wording,
};
use crate::standards::{Edition, SectorKey};

/// A file that stands for evidence; a few of them serve all of the demo.
#[derive(Debug, Clone)]
pub struct Document {
    /// SHA-256 of its content, under which it lies in the evidence folder.
    pub sha256: [u8; 32],
    /// Bytes.
    pub size: i64,
}

/// What the documents are.
const MEDIA_TYPE: &str = "text/plain; charset=utf-8";
/// Files that one answer has at most.
const FILES: usize = 2;

/// Makes the rows of one year.
pub(super) struct Maker<'a> {
    pub seeding: &'a Seeding,
    pub collection: &'a Written,
    pub documents: &'a [Document],
    pub year: usize,
}

/// A submission as made, for its review.
pub(super) struct Sent {
    pub return_id: ReturnId,
    pub review: ReviewId,
    pub organisation: OrganisationId,
    pub submission: SubmissionId,
    pub submitted_at: Timestamp,
    pub snapshot: Snapshot,
    pub claimed_grade: String,
}

/// One return in the making.
pub(super) struct Case<'a> {
    pub record: &'a ReturnRecord,
    pub organisation: OrganisationId,
    pub id: ReturnId,
    /// What was sent the year before, in the year that is compared with it.
    pub before: Option<SubmissionId>,
}

impl Maker<'_> {
    /// The rows of the organisations at these positions, and how many returns they have.
    pub(super) fn rows(&self, positions: std::ops::Range<usize>) -> Result<(Rows, usize)> {
        let mut rows = Rows::default();
        let mut count = 0;
        for index in positions {
            let at = OrganisationIx(u32::try_from(index).unwrap_or(u32::MAX));
            let covered = self.seeding.is_covered(at, self.collection);
            if covered || (self.collection.is_open && !self.files(at)?) {
                continue;
            }
            if let Some(record) = self.seeding.nation.return_of(at, self.year) {
                self.one(&mut rows, &record)?;
                count += usize::from(self.files(at)?);
            }
        }
        Ok((rows, count))
    }

    fn sector(&self, at: OrganisationIx) -> Result<Sector> {
        self.seeding.nation.organisation(at).map(|organisation| organisation.sector).ok_or_else(unknown)
    }

    /// Whether the organisation has returns at all, and not only published grades.
    fn files(&self, at: OrganisationIx) -> Result<bool> {
        self.sector(at).map(|sector| self.seeding.files(sector))
    }

    pub(super) fn edition(&self) -> Result<&Edition> {
        self.seeding.editions.get(self.year).ok_or_else(unknown)
    }

    pub(super) fn requirement(&self, at: usize) -> Result<RequirementId> {
        self.collection.requirements.get(at).copied().ok_or_else(unknown)
    }

    /// The number of the organisation's return in this year. Leaves gaps where an organisation has none.
    pub(super) fn number(&self, at: OrganisationIx) -> usize {
        self.year * self.seeding.organisations.len() + at.index() + 1
    }

    fn one(&self, rows: &mut Rows, record: &ReturnRecord) -> Result<()> {
        let at = record.organisation;
        let organisation = *self.seeding.organisations.get(at.index()).ok_or_else(unknown)?;
        self.published(rows, organisation, record);
        if !self.files(at)? {
            return Ok(());
        }
        if record.state == Made::NotPublishedAtClose {
            rows.results.push(ResultRow {
                collection_id: self.collection.id,
                organisation_id: organisation,
                status: "not_published_at_close",
                recorded_at: self.collection.closes_at,
            });
        }
        let before = self.collection.compared.as_ref().and_then(|_| self.sent_before(at));
        let case = Case { record, organisation, id: ReturnId::new(number(self.number(at))), before };
        let full = self.seeding.is_full(self.sector(at)?, self.collection);
        let files = self.attached(rows, &case, full)?;
        if full {
            self.answers(rows, &case)?;
        }
        if self.collection.is_open {
            self.owners(rows, &case)?;
        }
        let mut row = self.return_row(&case);
        if let Some(sent) = self.sign_and_submit(rows, &case, &files)? {
            row.submission_id = Some(sent.submission);
            let assessed = reviews::make(rows, self, record, &sent)?;
            row.final_grade = match &record.published {
                Some(entry) => Some(entry.status.grade.key().to_owned()),
                None => assessed,
            };
        }
        if self.collection.is_open {
            rows.filers.push(FilerRow {
                collection_id: self.collection.id,
                organisation_id: organisation,
                return_id: case.id,
            });
        }
        rows.returns.push(row);
        Ok(())
    }

    fn published(&self, rows: &mut Rows, organisation: OrganisationId, record: &ReturnRecord) {
        let (Some(entry), Some(register)) = (&record.published, &self.collection.register) else { return };
        if !self.seeding.is_registered(self.collection) {
            return;
        }
        rows.published.push(PublishedRow {
            organisation_id: organisation,
            edition_label: self.collection.label.clone(),
            label: entry.label,
            grade: entry.status.grade.key(),
            published_on: Day::from(entry.on),
            source: register.clone(),
            recorded_at: Day::from(entry.on).start(),
        });
    }

    /// What the organisation had sent the year before.
    fn sent_before(&self, at: OrganisationIx) -> Option<SubmissionId> {
        let last = self.year.checked_sub(1)?;
        self.seeding.nation.return_of(at, last)?.submission?;
        let place = last * self.seeding.organisations.len() + at.index() + 1;
        Some(SubmissionId::new(number(place)))
    }

    fn return_row(&self, case: &Case<'_>) -> ReturnRow {
        let state = match case.record.state {
            Made::Draft | Made::NotPublishedAtClose => "draft",
            Made::Ready => "ready",
            Made::Signed => "signed",
            Made::Submitted => "submitted",
            Made::UnderReview => "under_review",
            Made::Query => "query",
            Made::Decided | Made::PlanRequired | Made::PlanAgreed => "decided",
            Made::Published => "published",
        };
        let compared = self.collection.compared.as_ref();
        ReturnRow {
            id: case.id,
            organisation_id: case.organisation,
            collection_id: self.collection.id,
            edition_id: self.collection.edition,
            profile: self.profile(case.record),
            state,
            opened_at: self.collection.opens_at,
            submission_id: None,
            final_grade: None,
            before_edition_id: compared.map(|with| with.edition),
            before_submission_id: case.before,
            mapping_id: compared.and_then(|with| with.mapping),
            change_hash: compared.map(|with| with.hash.clone()),
        }
    }

    fn profile(&self, record: &ReturnRecord) -> String {
        let edition = self.seeding.editions.get(record.year);
        edition
            .zip(record.profile)
            .and_then(|(edition, at)| edition.profiles().get(at))
            .map(|profile| profile.key.as_str().to_owned())
            .unwrap_or_default()
    }

    pub(super) fn person(&self, at: PersonIx) -> Option<PersonId> {
        self.seeding.people.get(at.index()).copied()
    }

    fn answers(&self, rows: &mut Rows, case: &Case<'_>) -> Result<()> {
        let width = self.collection.requirements.len();
        for made in &case.record.answers {
            let place = (self.number(case.record.organisation) - 1) * width + made.requirement + 1;
            rows.answers.push(AnswerRow {
                id: AnswerId::new(number(place)),
                return_id: case.id,
                organisation_id: case.organisation,
                requirement_id: self.requirement(made.requirement)?,
                value: to_string(&made.value.to_json())?,
                comment: made.comment.clone(),
                state: match made.state {
                    AnswerState::Confirmed => "confirmed",
                    AnswerState::ToConfirm => "to_confirm",
                },
                version: 1,
                carried_from_submission_id: case.before.filter(|_| made.carried_from.is_some()),
                updated_at: Timestamp::from(made.answered_at),
                updated_by: self.person(made.author),
            });
        }
        Ok(())
    }

    /// What a contributor answers was given to them, to be completed two weeks before the return is due.
    fn owners(&self, rows: &mut Rows, case: &Case<'_>) -> Result<()> {
        let nation = &self.seeding.nation;
        let deadline = nation.years.get(self.year).ok_or_else(unknown)?.deadline;
        let members = nation.members(case.record.organisation);
        let lead = members.iter().find(|member| member.role == Role::IgLead).map(|member| member.person);
        for made in &case.record.answers {
            let contributes =
                members.iter().any(|held| held.role == Role::Contributor && held.person == made.author);
            let Some(person_id) = self.person(made.author).filter(|_| contributes) else { continue };
            rows.owners.push(OwnerRow {
                return_id: case.id,
                requirement_id: self.requirement(made.requirement)?,
                organisation_id: case.organisation,
                person_id,
                due_on: Day::from(deadline).plus_days(-14),
                given_by: lead.and_then(|lead| self.person(lead)),
                given_at: self.collection.opens_at,
            });
        }
        Ok(())
    }

    /// The files attached to each answer, by position of the answer; rows for them where the answers are kept too.
    fn attached(&self, rows: &mut Rows, case: &Case<'_>, kept: bool) -> Result<Vec<Vec<SnapshotEvidence>>> {
        let width = self.collection.requirements.len() * FILES;
        let first = (self.number(case.record.organisation) - 1) * width;
        let mut files = Vec::with_capacity(case.record.answers.len());
        for made in &case.record.answers {
            let mut attached = Vec::new();
            for (turn, file) in made.attachments.iter().take(FILES).enumerate() {
                let turns = made.requirement + turn;
                let Some(document) = self.documents.get(turns % self.documents.len().max(1)) else {
                    continue;
                };
                let id = EvidenceId::new(number(first + made.requirement * FILES + turn + 1));
                attached.push(SnapshotEvidence {
                    id,
                    name: file.name.clone(),
                    media_type: MEDIA_TYPE.to_owned(),
                    size: document.size,
                    sha256: hex(&document.sha256),
                });
                if kept {
                    self.attach(rows, case, made, (id, &file.name, document))?;
                }
            }
            files.push(attached);
        }
        Ok(files)
    }

    fn attach(
        &self,
        rows: &mut Rows,
        case: &Case<'_>,
        made: &Answer,
        (id, name, document): (EvidenceId, &str, &Document),
    ) -> Result<()> {
        let (at, by) = (Timestamp::from(made.answered_at), self.person(made.author));
        // Each file is a piece of its own, of the same number.
        let piece = PieceId::new(id.get());
        rows.pieces.push(PieceRow {
            id: piece,
            organisation_id: case.organisation,
            title: name.to_owned(),
            search: name.to_lowercase(),
            classification: Classification::Official,
            owner_id: by,
            created_by: by,
            created_at: at,
        });
        rows.evidence.push(EvidenceRow {
            id,
            organisation_id: case.organisation,
            piece_id: piece,
            number: 1,
            file_name: name.to_owned(),
            media_type: MEDIA_TYPE,
            size_bytes: document.size,
            sha256: document.sha256.to_vec(),
            uploaded_by: by,
            uploaded_at: at,
        });
        rows.links.push(LinkRow {
            return_id: case.id,
            requirement_id: self.requirement(made.requirement)?,
            evidence_id: id,
            organisation_id: case.organisation,
            linked_at: at,
            linked_by: by,
        });
        Ok(())
    }

    fn sign_and_submit(
        &self,
        rows: &mut Rows,
        case: &Case<'_>,
        files: &[Vec<SnapshotEvidence>],
    ) -> Result<Option<Sent>> {
        let record = case.record;
        let certificates = if self.collection.is_open {
            if let Some(plan) = &record.plan {
                self.plan(rows, case, plan)?;
            }
            self.certificates(rows, case)?
        } else {
            Self::certificates_then(case)?
        };
        let answers = self.snapshot_answers(record, files)?;
        let mut signed = Vec::new();
        if !record.sign_offs.is_empty() {
            let content_hash = sha256(to_string(&answers)?.as_bytes());
            for sign in &record.sign_offs {
                let Some(person) = self.person(sign.person) else { continue };
                let at = Timestamp::from(sign.at);
                let statement = self.statement(record, sign.role)?;
                rows.sign_offs.push(SignOffRow {
                    return_id: case.id,
                    organisation_id: case.organisation,
                    role: sign.role.key(),
                    person_id: person,
                    statement_version: statement.version.clone(),
                    statement: statement.text,
                    content_hash: content_hash.to_vec(),
                    signed_at: at,
                });
                signed.push(SnapshotSignOff {
                    role: sign.role.key().to_owned(),
                    person,
                    statement_version: statement.version,
                    content_hash: hex(&content_hash),
                    signed_at: at,
                    delegation: None,
                });
            }
        }
        if record.submission.is_none() {
            return Ok(None);
        }
        let snapshot = self.snapshot(record, answers, signed)?;
        let snapshot = self.fixed(case, snapshot, certificates)?;
        self.submit(rows, case, snapshot).map(Some)
    }

    /// What somebody of this role signed.
    fn statement(&self, record: &ReturnRecord, role: Role) -> Result<Statement> {
        let organisation = self.seeding.nation.organisation(record.organisation).ok_or_else(unknown)?;
        let key = self.profile(record);
        let edition = self.edition()?;
        let profile = edition.profile(&key).map_or("", |profile| profile.name.as_str());
        let sector = SectorKey::new(organisation.sector.key()).map_err(|_| unknown())?;
        let place = (organisation.name.as_str(), organisation.code.as_str());
        Ok(statement_of(wording(super::people::role(role), edition), place, sector.label(), profile))
    }

    fn snapshot_answers(
        &self,
        record: &ReturnRecord,
        files: &[Vec<SnapshotEvidence>],
    ) -> Result<Vec<SnapshotAnswer>> {
        let mut all: Vec<SnapshotAnswer> = self
            .edition()?
            .requirements()
            .iter()
            .map(|requirement| SnapshotAnswer {
                requirement: requirement.code.as_str().to_owned(),
                value: serde_json::Value::Null,
                comment: String::new(),
                evidence: Vec::new(),
            })
            .collect();
        for (made, attached) in record.answers.iter().zip(files) {
            let Some(slot) = all.get_mut(made.requirement) else { continue };
            slot.value = made.value.to_json();
            slot.comment.clone_from(&made.comment);
            slot.evidence.clone_from(attached);
        }
        Ok(all)
    }

    fn snapshot(
        &self,
        record: &ReturnRecord,
        answers: Vec<SnapshotAnswer>,
        sign_offs: Vec<SnapshotSignOff>,
    ) -> Result<Snapshot> {
        let edition = self.edition()?;
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
            circumstances: None,
            filed_by: None,
        })
    }

    fn submit(&self, rows: &mut Rows, case: &Case<'_>, snapshot: Snapshot) -> Result<Sent> {
        let edition = self.edition()?;
        let sent = case.record.submission.as_ref().ok_or_else(unknown)?;
        let at = Timestamp::from(sent.at);
        let score = score_of(&snapshot, edition, at.london_day())?;
        let text = to_string(&snapshot)?;
        let hash = sha256(text.as_bytes());
        let grade = score.grade.as_str().to_owned();
        let submission = SubmissionId::new(case.id.get());
        rows.told.push(serde_json::json!({
            "return": case.id, "collection": self.collection.key, "number": 1, "snapshot_hash": hex(&hash),
            "rule_set": edition.rule_set(), "edition_hash": edition.hash(), "claimed_grade": grade,
            "late": sent.late,
        }));
        rows.submissions.push(SubmissionRow {
            id: submission,
            return_id: case.id,
            organisation_id: case.organisation,
            collection_id: self.collection.id,
            number: 1,
            submitted_by: self.person(sent.by),
            submitted_at: at,
            late: sent.late,
            snapshot: text,
            snapshot_hash: hash.to_vec(),
            levels: score.levels_vector(),
            claimed_grade: grade.clone(),
            score: score.to_canonical_json(),
            rule_set: edition.rule_set().to_owned(),
            ledger_event_id: None,
        });
        Ok(Sent {
            return_id: case.id,
            review: ReviewId::new(case.id.get()),
            organisation: case.organisation,
            submission,
            submitted_at: at,
            snapshot,
            claimed_grade: grade,
        })
    }
}

/// A place as a row's number.
pub(super) fn number(place: usize) -> i64 {
    i64::try_from(place).unwrap_or(i64::MAX)
}

pub(super) fn unknown() -> Error {
    Error::broken("the nation answers what its editions ask")
}
