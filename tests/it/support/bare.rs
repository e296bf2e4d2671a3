//! Submissions without the way to them, for tests that only look at lists, counts or tables.

use diesel::prelude::*;
use portal::platform::clock::Timestamp;
use portal::platform::db::Tx;
use portal::platform::error::Result;
use portal::platform::ids::{CollectionId, EditionId, OrganisationId, ReturnId, SubmissionId};
use portal::schema::{annual_return, collection, submission};

/// A first submission with nothing in it.
#[derive(Clone)]
pub struct Bare {
    pub organisation: OrganisationId,
    pub collection: CollectionId,
    pub at: Timestamp,
    pub late: bool,
    /// The state of its return.
    pub state: &'static str,
    pub claimed: &'static str,
    /// The grade that the return carries after review.
    pub assessed: Option<&'static str>,
    pub levels: Vec<u8>,
    pub rule_set: String,
}

impl Bare {
    /// In time, and satisfactory.
    pub fn of(organisation: OrganisationId, collection: CollectionId, at: Timestamp) -> Self {
        Self {
            organisation,
            collection,
            at,
            late: false,
            state: "submitted",
            claimed: "satisfactory",
            assessed: None,
            levels: Vec::new(),
            rule_set: "test".to_owned(),
        }
    }

    /// Writes it with its return.
    pub fn write(&self, tx: &mut Tx<'_>) -> Result<(ReturnId, SubmissionId)> {
        let edition: EditionId = collection::table
            .filter(collection::id.eq(self.collection))
            .select(collection::edition_id)
            .first(tx.conn())?;
        let filed: ReturnId = diesel::insert_into(annual_return::table)
            .values((
                annual_return::organisation_id.eq(self.organisation),
                annual_return::collection_id.eq(self.collection),
                annual_return::edition_id.eq(edition),
                annual_return::profile.eq("acute"),
                annual_return::state.eq(self.state),
                annual_return::opened_at.eq(self.at),
                annual_return::final_grade.eq(self.assessed),
            ))
            .returning(annual_return::id)
            .get_result(tx.conn())?;
        let sent: SubmissionId = diesel::insert_into(submission::table)
            .values((
                submission::return_id.eq(filed),
                submission::organisation_id.eq(self.organisation),
                submission::collection_id.eq(self.collection),
                submission::number.eq(1_i64),
                submission::submitted_at.eq(self.at),
                submission::late.eq(self.late),
                submission::snapshot.eq("{}"),
                submission::snapshot_hash.eq(vec![0_u8; 32]),
                submission::levels.eq(&self.levels),
                submission::claimed_grade.eq(self.claimed),
                submission::score.eq("{}"),
                submission::rule_set.eq(&self.rule_set),
            ))
            .returning(submission::id)
            .get_result(tx.conn())?;
        Ok((filed, sent))
    }
}
