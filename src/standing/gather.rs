//! Everything that is said about where a return stands, read and computed once; the page, the board paper and its PDF say
//! it from here.

use std::collections::BTreeMap;

use super::burn_up::{BurnUp, Span, burn_up};
use super::comparison::{Comparison, compare};
use super::peers::{self, Measure, PeerFigure, points, share};
use super::store;
use crate::access::OrganisationRole;
use crate::certificates::{self, Holdings};
use crate::collections::{self, Collection};
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::{PersonId, RequirementId};
use crate::returns::plan::{self, Reading};
use crate::returns::{self, AnswerState, Excuse, Found, Line, Standing};
use crate::standards::scoring::{GradeKey, Score};
use crate::standards::{self, Asked};

/// How far one outermost section has got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionLine {
    /// Its code and title.
    pub heading: String,
    /// Requirements that count.
    pub asked: usize,
    /// Of those, the ones that block nothing.
    pub settled: usize,
}

/// Last year's submission, as far as this year is held against it.
#[derive(Debug, Clone)]
pub struct Before {
    /// The label of its year.
    pub year: String,
    /// The grade that its answers gave.
    pub claimed: String,
    /// The grade after review, where there was one.
    pub decided: Option<GradeKey>,
    /// Both years side by side.
    pub comparison: Comparison,
}

/// One measure among organisations of the same kind.
#[derive(Debug, Clone)]
pub struct AmongPeers {
    /// The measure.
    pub measure: Measure,
    /// The organisation's own figure; none where it has none.
    pub own: Option<u8>,
    /// What is stored of the others; none until the job has computed it.
    pub figure: Option<PeerFigure>,
}

/// Where a return stands.
#[derive(Debug)]
pub struct Picture {
    /// The return.
    pub found: Found,
    /// When this was read.
    pub now: Timestamp,
    /// Its state, and what blocks.
    pub standing: Standing,
    /// What the confirmed answers would be scored as.
    pub score: Score,
    /// The outermost sections.
    pub sections: Vec<SectionLine>,
    /// The way to the deadline.
    pub burn_up: BurnUp,
    /// Last year's submission; none where there is none.
    pub before: Option<Before>,
    /// The measures.
    pub peers: Vec<AmongPeers>,
    /// The improvement plan.
    pub plan: Reading,
    /// Who holds which roles.
    pub roles: BTreeMap<PersonId, Vec<OrganisationRole>>,
    /// What the organisation holds.
    pub holdings: Holdings,
}

/// Reads it.
///
/// # Errors
/// When the database cannot be asked, or something stored cannot be read.
pub fn gather(conn: &mut Conn, found: Found, now: Timestamp) -> Result<Picture> {
    let answers = returns::answers(conn, found.id)?;
    let files = returns::attached(conn, found.id, None)?;
    let lines = returns::lines(&found, &answers, &files, now)?;
    let standing = returns::whole_standing(conn, &found, &lines, now)?;
    let content = returns::content(&found, &answers, &files)?;
    let snapshot = returns::snapshot(&found, content, &[], None, now)?;
    let score = returns::score_of(&snapshot, found.edition.edition(), now.london_day())?;
    let burn_up = progress(conn, &found, &lines, now)?;
    let sections = sections(&found, &lines);
    let own = answered(&lines);
    drop(lines);
    let previous = match found.collection.previous_id {
        Some(id) => Some(collections::collection(conn, id)?),
        None => None,
    };
    let (before, own_points) = match &previous {
        Some(previous) => last_year(conn, &found, previous, &score)?,
        None => (None, None),
    };
    let mut peers = vec![among(conn, &found, &found.collection, (Measure::Answered, own))?];
    if let Some(previous) = &previous {
        peers.push(among(conn, &found, previous, (Measure::Points, own_points))?);
    }
    Ok(Picture {
        plan: plan::read(conn, &found, now)?,
        roles: store::roles(conn, found.organisation)?,
        holdings: certificates::holdings(conn, found.organisation)?,
        found,
        now,
        standing,
        score,
        sections,
        burn_up,
        before,
        peers,
    })
}

/// Answers that count, and how they came to be confirmed. What a certificate or a signed plan excuses need not be.
fn progress(conn: &mut Conn, found: &Found, lines: &[Line<'_>], now: Timestamp) -> Result<BurnUp> {
    let counted: BTreeMap<RequirementId, bool> = lines
        .iter()
        .filter(|line| line.asked == Asked::Mandatory)
        .map(|line| (line.id, is_confirmed(line) || line.excuse.is_none()))
        .collect();
    let goal = counted.values().filter(|counts| **counts).count();
    let changes: Vec<_> = store::changes(conn, found.id)?
        .into_iter()
        .filter(|(requirement, _)| counted.get(requirement).copied().unwrap_or_default())
        .map(|(_, change)| change)
        .collect();
    let due_at = found.collection.due_at(found.extension);
    Ok(burn_up(&changes, Span { opened_at: found.opened_at, now, due_at }, goal))
}

fn is_confirmed(line: &Line<'_>) -> bool {
    line.answer.is_some_and(|answer| answer.state == AnswerState::Confirmed)
}

/// The organisation's own figure of [`Measure::Answered`].
fn answered(lines: &[Line<'_>]) -> Option<u8> {
    let asked = lines.iter().filter(|line| line.asked == Asked::Mandatory);
    let count = |n: usize| u64::try_from(n).unwrap_or_default();
    share(count(asked.clone().filter(|line| is_confirmed(line)).count()), count(asked.count()))
}

fn sections(found: &Found, lines: &[Line<'_>]) -> Vec<SectionLine> {
    let edition = found.edition.edition();
    let tree = edition.tree();
    let outermost = tree.iter().enumerate().filter(|(_, entry)| entry.depth == 0);
    outermost
        .filter_map(|(place, entry)| {
            let section = edition.sections().get(entry.section)?;
            let inside = tree.get(place..=place + entry.descendants)?;
            let own = inside.iter().flat_map(|entry| &entry.requirements);
            let counted: Vec<&Line<'_>> = own
                .filter_map(|index| lines.get(*index))
                .filter(|line| line.asked == Asked::Mandatory)
                .collect();
            let settled = counted.iter().filter(|line| line.is_settled()).count();
            (!counted.is_empty()).then(|| SectionLine {
                heading: format!("{} {}", section.code, section.title),
                asked: counted.len(),
                settled,
            })
        })
        .collect()
}

/// Last year's submission held against the present answers, and the points that it reached.
fn last_year(
    conn: &mut Conn,
    found: &Found,
    previous: &Collection,
    score: &Score,
) -> Result<(Option<Before>, Option<u8>)> {
    // What was withdrawn and not submitted again never stood: no result of last year to be held against.
    let Some(id) = returns::standing_submission(conn, found.organisation, previous.id)? else {
        return Ok((None, None));
    };
    let sent = returns::submission(conn, id)?;
    let edition = standards::edition(conn, previous.edition_id)?;
    let earlier = returns::find(conn, returns::Which::Id(sent.return_id))?;
    let decided = earlier.and_then(|earlier| earlier.final_grade);
    // Both years are told as they count: where the rules were corrected since, what the answers give under those in force.
    let (was, levels) = if edition.rule_set() == sent.rule_set {
        (sent.parsed_score()?, sent.levels.clone())
    } else {
        let again = returns::score_of(&sent.parsed()?, &edition, sent.submitted_at.london_day())?;
        let levels = again.levels_vector();
        (again, levels)
    };
    let before = Before {
        year: previous.year_label.clone(),
        claimed: was.grade.as_str().to_owned(),
        decided: decided.as_deref().and_then(GradeKey::parse),
        comparison: compare(&was, score, found.edition.edition()),
    };
    Ok((Some(before), points(&levels, edition.scheme())))
}

fn among(
    conn: &mut Conn,
    found: &Found,
    of: &Collection,
    (measure, own): (Measure, Option<u8>),
) -> Result<AmongPeers> {
    let figure = peers::figure(conn, of.id, found.sector.as_str(), measure)?;
    Ok(AmongPeers { measure, own, figure })
}

impl Picture {
    /// Requirements that need no answer of their own: by a certificate, and by the signed plan.
    #[must_use]
    pub fn excused(&self) -> (usize, usize) {
        let (found, today) = (&self.found, self.now.london_day());
        let mut counts = (0, 0);
        for item in self.score.requirements.iter().filter(|item| item.asked == Asked::Mandatory) {
            let Some(asked) = found.edition.edition().requirement(item.code.as_str()) else { continue };
            match found.excuse(asked, Asked::Mandatory, today) {
                Some(Excuse::Exempt(_)) => counts.0 += 1,
                Some(Excuse::Planned) => counts.1 += 1,
                None => {}
            }
        }
        counts
    }
}
