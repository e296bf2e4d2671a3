//! One review with everything that its pages and verbs ask: what was claimed, what is decided, what is asked. Loaded in
//! two statements, one more where the submission was not opened lately, and four more where there are questions, whatever
//! the number of requirements.

use std::sync::Arc;

use super::papers::{Papers, papers};
use super::snapshot::Head;
use super::store::{self, Decision, Found, Query};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::ReviewId;
use crate::standards::scoring::{BYTE_NONE, BYTE_NOT_RELEVANT, GradeKey, Status};
use crate::standards::{Asked, Edition, Requirement, RequirementKind, correcting};

/// One review and its submission.
#[derive(Debug)]
pub(super) struct Case {
    /// The review, the submission and the edition.
    pub found: Found,
    /// What was submitted.
    pub papers: Arc<Papers>,
    /// Sector and profile of the submission.
    pub head: Head,
    /// One for each requirement, in edition order.
    pub lines: Vec<Line>,
    /// Every question, in the order asked.
    pub queries: Vec<Query>,
}

/// The name of the rule set that a stored score was made under.
///
/// # Errors
/// When the stored text is not a score, which is a fault.
pub(super) fn rule_set_of(score: &str) -> Result<String> {
    #[derive(serde::Deserialize)]
    struct Named {
        rule_set: String,
    }
    let named: Named =
        serde_json::from_str(score).map_err(|e| Error::internal("failed to read a score", e))?;
    Ok(named.rule_set)
}

/// One requirement of a case.
#[derive(Debug)]
pub(super) struct Line {
    /// Whether it is put to the organisation.
    pub asked: Asked,
    /// What the organisation's answer gives.
    pub claimed: Status,
    /// What the reviewer decided.
    pub decision: Option<Decision>,
}

impl Line {
    /// What stands now: the reviewer's status where there is a decision, else the claimed one.
    pub fn assessed(&self, edition: &Edition) -> Status {
        match &self.decision {
            Some(decision) => status_of(edition, self.asked, decision.assessed).unwrap_or(self.claimed),
            None => self.claimed,
        }
    }

    /// Whether the review cannot be finished without a decision about it, and has none.
    pub fn is_wanting(&self) -> bool {
        self.asked == Asked::Mandatory && self.decision.is_none()
    }

    /// What was decided, in a word; empty while nothing is.
    pub fn outcome(&self) -> &'static str {
        self.decision.as_ref().map_or("", |decision| decision.outcome.words())
    }
}

/// The status that a byte of the packed vector stands for, where the requirement is asked like this.
pub(super) fn status_of(edition: &Edition, asked: Asked, byte: u8) -> Option<Status> {
    match (asked, byte) {
        (Asked::NotAsked, _) => Some(Status::NotAsked),
        (Asked::Optional, BYTE_NONE) => Some(Status::Optional),
        (Asked::Mandatory, BYTE_NONE) => Some(Status::NotAnswered),
        // An optional item that a reviewer finds wanting counts as left out.
        (Asked::Optional, byte) => match Status::from_byte(edition.scheme().kind(), byte) {
            Some(Status::Incomplete) => Some(Status::Optional),
            status => status,
        },
        (Asked::Mandatory, byte) => Status::from_byte(edition.scheme().kind(), byte),
    }
}

impl Case {
    /// Loads the review with this number.
    ///
    /// # Errors
    /// [`crate::platform::error::Error::NotFound`], or when the database cannot be asked.
    pub fn load(conn: &mut Conn, id: ReviewId) -> Result<Self> {
        let found = store::find(conn, id)?;
        let decisions = store::decisions(conn, id)?;
        let queries = if found.has_queries { store::queries(conn, id)? } else { Vec::new() };
        let papers = papers(conn, found.review.submission, &found.snapshot_hash)?;
        let edition = found.edition.edition();
        let head = papers.head(edition)?;
        let mut lines: Vec<Line> = edition
            .asked_of(head.sector, head.profile.as_ref())
            .into_iter()
            .zip(found.levels.iter().copied())
            .map(|(asked, byte)| {
                let claimed = status_of(edition, asked, byte).unwrap_or(Status::NotAnswered);
                Line { asked, claimed, decision: None }
            })
            .collect();
        for decision in decisions {
            let position = found.edition.position_of(decision.requirement);
            if let Some(line) = position.and_then(|position| lines.get_mut(position)) {
                line.decision = Some(decision);
            }
        }
        Ok(Self { found, papers, head, lines, queries })
    }

    /// The same case under the rule set of this name, to compute again what was computed then.
    ///
    /// # Errors
    /// When the edition never had such rules, or the database cannot be asked.
    pub fn under(mut self, conn: &mut Conn, rule_set: &str) -> Result<Self> {
        if self.edition().rule_set() != rule_set {
            let edition = self.found.edition.id();
            self.found.edition = correcting::stored_edition_under(conn, edition, rule_set)?;
        }
        Ok(self)
    }

    /// The edition.
    pub fn edition(&self) -> &Edition {
        self.found.edition.edition()
    }

    /// Requirements with their lines, in edition order.
    pub fn requirements(&self) -> impl Iterator<Item = (&Requirement, &Line)> {
        self.edition().requirements().iter().zip(&self.lines)
    }

    /// The requirement of this code, if it is put to the organisation.
    pub fn requirement(&self, code: &str) -> Option<(&Requirement, &Line)> {
        let position = self.edition().position(code)?;
        let requirement = self.edition().requirements().get(position)?;
        self.lines.get(position).filter(|line| line.asked != Asked::NotAsked).map(|line| (requirement, line))
    }

    /// Questions about one requirement.
    pub fn queries_about(&self, code: &str) -> impl Iterator<Item = &Query> {
        let wanted = self.found.edition.requirement_id(code);
        self.queries.iter().filter(move |query| Some(query.requirement) == wanted)
    }

    /// Whether a question about this requirement still waits for its answer.
    pub fn waits_for_reply(&self, code: &str) -> bool {
        self.queries_about(code).any(Query::is_waiting)
    }

    /// Codes of the requirements that still need a decision.
    pub fn wanting(&self) -> Vec<&str> {
        let wanting = self.requirements().filter(|(_, line)| line.is_wanting());
        wanting.map(|(requirement, _)| requirement.code.as_str()).collect()
    }
}

/// What a reviewer may find one requirement to be: its possible statuses, and the claimed one even where it says only
/// that there is no answer.
pub(super) fn possible(requirement: &Requirement, line: &Line) -> Vec<Status> {
    let mut statuses = match &requirement.kind {
        RequirementKind::Level { descriptors, may_be_not_relevant, .. } => {
            let levels = (0_u8..=9).take(descriptors.len()).map(Status::Level);
            levels.chain(may_be_not_relevant.then_some(Status::NotRelevant)).collect()
        }
        RequirementKind::Item { .. } if line.asked == Asked::Optional => {
            vec![Status::Optional, Status::Complete]
        }
        RequirementKind::Item { .. } => vec![Status::Incomplete, Status::Complete],
        RequirementKind::Outcome { .. } => {
            use crate::standards::OutcomeLevel::{Achieved, NotAchieved, PartiallyAchieved};
            [NotAchieved, PartiallyAchieved, Achieved].map(Status::Outcome).to_vec()
        }
    };
    if !statuses.contains(&line.claimed) {
        statuses.insert(0, line.claimed);
    }
    statuses
}

/// The byte that is stored for a status that a reviewer found. An optional item found wanting is stored as incomplete
/// where it was claimed complete, because 255 would say that nobody looked.
pub(super) fn byte_of(line: &Line, found: Status) -> u8 {
    match found {
        Status::Optional if line.claimed != Status::Optional => Status::Incomplete.byte(),
        Status::NotRelevant => BYTE_NOT_RELEVANT,
        status => status.byte(),
    }
}

/// A grade as people read it.
pub(super) fn grade_words(key: &str) -> String {
    GradeKey::parse(key).map_or_else(|| key.to_owned(), |grade| grade.label().to_owned())
}
