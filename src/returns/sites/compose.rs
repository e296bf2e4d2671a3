//! The snapshot of a site: the head office's answers as far as the site is asked them, its own where they differ, and
//! which submission of the head office it came from.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

use super::arrangement::Askings;
use super::model::{Filing, FilingLine};
use crate::platform::canonical::hex;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::returns::circumstances::approached_before;
use crate::returns::model::{
    Snapshot, SnapshotAnswer, SnapshotCircumstances, SnapshotFiledBy, SnapshotOrganisation,
};
use crate::returns::submission::{Submission, score_of, submission};
use crate::standards::scoring::{PlanStanding, Score};
use crate::standards::{self, Asked, Scheme, StoredEdition};

/// What the head office submitted, read once for all sites.
pub(super) struct HeadOffice {
    pub filing: Filing,
    pub sent: Submission,
    pub edition: Arc<StoredEdition>,
    snapshot: Snapshot,
}

impl HeadOffice {
    /// Reads what the fixed list rests on.
    pub fn load(conn: &mut Conn, filing: Filing) -> Result<Self> {
        let sent = submission(conn, filing.submission)?;
        let snapshot = sent.parsed()?;
        let (edition, _) = standards::edition_by_key(conn, &snapshot.edition.key)?
            .ok_or_else(|| Error::broken(format!("the edition of submission {} is gone", sent.id)))?;
        Ok(Self { filing, sent, edition, snapshot })
    }
}

/// Composes the snapshots of sites one after the other. Sites of one sector and profile without answers of their own have
/// one score between them.
pub(super) struct Composer<'a> {
    head: &'a HeadOffice,
    askings: Askings<'a>,
    scores: HashMap<(String, String), Score>,
}

impl<'a> Composer<'a> {
    pub fn new(head: &'a HeadOffice) -> Self {
        Self { head, askings: Askings::new(&head.edition), scores: HashMap::new() }
    }

    /// The snapshot of one site, and its score on the day on which the head office submitted.
    pub fn compose(&mut self, conn: &mut Conn, line: &FilingLine) -> Result<(Snapshot, Score)> {
        let overrides: Vec<SnapshotAnswer> = serde_json::from_str(&line.overrides)
            .map_err(|e| Error::internal(format!("failed to read the answers of site {}", line.code), e))?;
        let own: HashMap<&str, &SnapshotAnswer> =
            overrides.iter().map(|answer| (answer.requirement.as_str(), answer)).collect();
        let asked = self.askings.of(&line.sector, &line.profile)?;
        let answers: Vec<SnapshotAnswer> = self
            .head
            .snapshot
            .answers
            .iter()
            .zip(asked)
            .map(|(head, asked)| match own.get(head.requirement.as_str()) {
                _ if *asked == Asked::NotAsked => nothing(&head.requirement),
                Some(own) => (*own).clone(),
                None => head.clone(),
            })
            .collect();
        let mut snapshot = Snapshot {
            v: self.head.snapshot.v,
            organisation: SnapshotOrganisation {
                code: line.code.clone(),
                name: line.name.clone(),
                sector: line.sector.clone(),
            },
            collection: self.head.snapshot.collection.clone(),
            edition: self.head.snapshot.edition.clone(),
            profile: line.profile.clone(),
            answers,
            sign_offs: self.head.snapshot.sign_offs.clone(),
            reason: self.head.snapshot.reason.clone(),
            circumstances: self.circumstances(conn, line)?,
            filed_by: Some(SnapshotFiledBy {
                code: self.head.snapshot.organisation.code.clone(),
                name: self.head.snapshot.organisation.name.clone(),
                submission: self.head.sent.id,
                hash: hex(&self.head.sent.snapshot_hash),
                exceptions: overrides.iter().map(|answer| answer.requirement.clone()).collect(),
            }),
        };
        let score = self.score(&mut snapshot, overrides.is_empty())?;
        Ok((snapshot, score))
    }

    fn score(&mut self, snapshot: &mut Snapshot, shared: bool) -> Result<Score> {
        let day = self.head.filing.pressed_at.london_day();
        let edition = self.head.edition.edition();
        // What a plan covers and whether a site approached before is each site's own.
        let shared = shared && snapshot.circumstances.is_none();
        let key = (snapshot.organisation.sector.clone(), snapshot.profile.clone());
        if shared && let Some(score) = self.scores.get(&key) {
            return Ok(score.clone());
        }
        let mut score = score_of(snapshot, edition, day)?;
        // As for every return: a plan with a gap left out is none.
        if let Some(fixed) = snapshot.circumstances.as_mut()
            && fixed.plan != PlanStanding::default()
            && !score.gaps().iter().all(|gap| fixed.planned.iter().any(|planned| planned == gap.as_str()))
        {
            fixed.plan = PlanStanding::default();
            score = score_of(snapshot, edition, day)?;
        }
        if shared {
            self.scores.insert(key, score.clone());
        }
        Ok(score)
    }

    /// Certificates and plan are the head office's, which answers for the site; whether it approached before, its own.
    fn circumstances(&self, conn: &mut Conn, line: &FilingLine) -> Result<Option<SnapshotCircumstances>> {
        let Some(fixed) = &self.head.snapshot.circumstances else { return Ok(None) };
        let mut own = fixed.clone();
        let of_items = matches!(self.head.edition.edition().scheme(), Scheme::Assertions(_));
        own.approached_before = fixed.plan != PlanStanding::default()
            && of_items
            && approached_before(conn, line.site, self.head.filing.collection)?;
        Ok(Some(own))
    }
}

fn nothing(requirement: &str) -> SnapshotAnswer {
    SnapshotAnswer {
        requirement: requirement.to_owned(),
        value: Value::Null,
        comment: String::new(),
        evidence: Vec::new(),
    }
}

/// Whether two snapshots of a site say the same, whoever signed and for whatever reason it was sent again.
pub(super) fn says_the_same(earlier: &Snapshot, later: &Snapshot) -> bool {
    let bare = |snapshot: &Snapshot| Snapshot {
        sign_offs: Vec::new(),
        reason: None,
        filed_by: snapshot.filed_by.clone().map(|by| SnapshotFiledBy {
            submission: crate::platform::ids::SubmissionId::new(0),
            hash: String::new(),
            ..by
        }),
        ..snapshot.clone()
    };
    bare(earlier) == bare(later)
}
