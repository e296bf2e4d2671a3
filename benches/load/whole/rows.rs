//! The rows that the benchmark's database is made of, as wide as the portal's own.

use diesel::Insertable;
use portal::platform::clock::Timestamp;
use portal::platform::ids::{
    AnswerId, CollectionId, EditionId, OrganisationId, PersonId, RequirementId, ReturnId, ReviewId,
    SubmissionId,
};
use portal::schema::{
    annual_return, answer, answer_version, membership, organisation, person, review, review_decision,
    submission,
};

#[derive(Insertable)]
#[diesel(table_name = organisation, treat_none_as_default_value = false)]
pub struct OrganisationRow {
    pub id: OrganisationId,
    pub code: String,
    pub name: String,
    pub search_name: String,
    pub sector: &'static str,
    pub region_code: &'static str,
    pub postcode: String,
    pub opened_on: &'static str,
    pub source: &'static str,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

#[derive(Insertable)]
#[diesel(table_name = person, treat_none_as_default_value = false)]
pub struct PersonRow<'a> {
    pub id: PersonId,
    pub name: String,
    pub email: String,
    pub password_hash: &'a str,
    pub state: &'static str,
    pub created_at: Timestamp,
}

#[derive(Insertable)]
#[diesel(table_name = membership, treat_none_as_default_value = false)]
pub struct MembershipRow {
    pub person_id: PersonId,
    pub organisation_id: OrganisationId,
    pub role: &'static str,
    pub granted_at: Timestamp,
}

#[derive(Insertable)]
#[diesel(table_name = annual_return, treat_none_as_default_value = false)]
pub struct ReturnRow {
    pub id: ReturnId,
    pub organisation_id: OrganisationId,
    pub collection_id: CollectionId,
    pub edition_id: EditionId,
    pub profile: &'static str,
    pub state: &'static str,
    pub opened_at: Timestamp,
    pub submission_id: Option<SubmissionId>,
}

impl ReturnRow {
    /// A return whose only submission has the same number.
    pub fn sent(
        id: i64,
        organisation_id: OrganisationId,
        (collection_id, edition_id): (CollectionId, EditionId),
        (profile, state): (&'static str, &'static str),
        opened_at: Timestamp,
    ) -> Self {
        Self {
            id: ReturnId::new(id),
            organisation_id,
            collection_id,
            edition_id,
            profile,
            state,
            opened_at,
            submission_id: Some(SubmissionId::new(id)),
        }
    }
}

#[derive(Insertable)]
#[diesel(table_name = answer, treat_none_as_default_value = false)]
pub struct AnswerRow {
    pub id: AnswerId,
    pub return_id: ReturnId,
    pub organisation_id: OrganisationId,
    pub requirement_id: RequirementId,
    pub value: String,
    pub comment: String,
    pub state: &'static str,
    pub version: i64,
    pub updated_at: Timestamp,
    pub updated_by: Option<PersonId>,
}

#[derive(Insertable)]
#[diesel(table_name = answer_version, treat_none_as_default_value = false)]
pub struct VersionRow {
    pub answer_id: AnswerId,
    pub version: i64,
    pub organisation_id: OrganisationId,
    pub value: String,
    pub comment: String,
    pub state: &'static str,
    pub saved_at: Timestamp,
    pub saved_by: Option<PersonId>,
}

#[derive(Insertable)]
#[diesel(table_name = submission, treat_none_as_default_value = false)]
pub struct SubmissionRow {
    pub id: SubmissionId,
    pub return_id: ReturnId,
    pub organisation_id: OrganisationId,
    pub collection_id: CollectionId,
    pub number: i64,
    pub submitted_by: Option<PersonId>,
    pub submitted_at: Timestamp,
    pub late: bool,
    pub snapshot: String,
    pub snapshot_hash: Vec<u8>,
    pub levels: Vec<u8>,
    pub claimed_grade: String,
    pub score: String,
    pub rule_set: String,
}

impl SubmissionRow {
    /// The only submission of a [`ReturnRow::sent`], in which nothing stands yet.
    pub fn of(sent: &ReturnRow, submitted_at: Timestamp) -> Self {
        Self {
            id: SubmissionId::new(sent.id.get()),
            return_id: sent.id,
            organisation_id: sent.organisation_id,
            collection_id: sent.collection_id,
            number: 1,
            submitted_by: None,
            submitted_at,
            late: false,
            snapshot: "{}".to_owned(),
            snapshot_hash: Vec::new(),
            levels: Vec::new(),
            claimed_grade: String::new(),
            score: "{}".to_owned(),
            rule_set: String::new(),
        }
    }
}

#[derive(Insertable)]
#[diesel(table_name = review, treat_none_as_default_value = false)]
pub struct ReviewRow {
    pub id: ReviewId,
    pub submission_id: SubmissionId,
    pub return_id: ReturnId,
    pub organisation_id: OrganisationId,
    pub collection_id: CollectionId,
    pub state: &'static str,
    pub reviewer_id: Option<PersonId>,
    pub claimed_grade: String,
    pub assessed_grade: Option<&'static str>,
    pub assessed_levels: Option<Vec<u8>>,
    pub assessed_score: Option<&'static str>,
    pub summary: &'static str,
    pub queued_at: Timestamp,
    pub claimed_at: Option<Timestamp>,
    pub due_at: Timestamp,
    pub decided_at: Option<Timestamp>,
}

impl ReviewRow {
    /// A review that waits for a reviewer; its return and its submission have the same number.
    pub fn waiting(
        id: i64,
        organisation_id: OrganisationId,
        collection_id: CollectionId,
        claimed_grade: &str,
        (queued_at, due_at): (Timestamp, Timestamp),
    ) -> Self {
        Self {
            id: ReviewId::new(id),
            submission_id: SubmissionId::new(id),
            return_id: ReturnId::new(id),
            organisation_id,
            collection_id,
            state: "queued",
            reviewer_id: None,
            claimed_grade: claimed_grade.to_owned(),
            assessed_grade: None,
            assessed_levels: None,
            assessed_score: None,
            summary: "",
            queued_at,
            claimed_at: None,
            due_at,
            decided_at: None,
        }
    }
}

#[derive(Insertable)]
#[diesel(table_name = review_decision, treat_none_as_default_value = false)]
pub struct DecisionRow {
    pub review_id: ReviewId,
    pub organisation_id: OrganisationId,
    pub requirement_id: RequirementId,
    pub outcome: &'static str,
    pub assessed_level: i64,
    pub reason: &'static str,
    pub version: i64,
    pub decided_by: PersonId,
    pub decided_at: Timestamp,
}
