//! One review from above: how far it is, claimed and assessed side by side, its questions, and what is still missing.

use serde::Serialize;

use super::parts::{Cell, Fact, QueryItem, Tag, paragraphs};
use super::rules::RulesNote;
use super::workspace::{HappenedShown, NoteShown, note_field, progress as done};
use crate::access::{
    Action, Actor, AskQuery, CentralRole, ClaimReview, ConfirmReview, DecideAnswer, FinishReview,
    GoOnWithoutReply, ReleaseReview, WriteNote,
};
use crate::platform::clock::Timestamp;
use crate::platform::pages::{ErrorSummary, Field, FormErrors, Link, Page};
use crate::review::allocation::OnOverview;
use crate::review::case::{Case, grade_words};
use crate::review::letters::DecisionNote;
use crate::review::model::{DecisionOutcome, ReviewState};
use crate::review::reading::{Above, ForCentre};
use crate::standards::Asked;

/// Requirements of one section, side by side.
#[derive(Debug, Serialize)]
struct SectionRows {
    heading: String,
    rows: Vec<Vec<Cell>>,
}

/// One review.
#[derive(Debug, Serialize)]
pub(in crate::review) struct OverviewPage {
    #[serde(skip)]
    organisation: String,
    id: i64,
    tag: Tag,
    facts: Vec<Fact>,
    rules: RulesNote,
    /// The sites that the submission covers; empty where it covers none.
    sites_href: String,
    second_reason: Vec<String>,
    remarks: Vec<String>,
    decision: DecisionNote,
    may_claim: bool,
    may_release: bool,
    may_confirm: bool,
    may_finish: bool,
    may_go_on: bool,
    /// Why there is nothing more to do, where the submission was withdrawn or replaced.
    happened: Option<HappenedShown>,
    first_wanting: String,
    /// Where the reader stopped, by the requirement's code; empty for whoever was not in it.
    stopped_at: String,
    agree_href: String,
    done: String,
    may_note: bool,
    notes: Vec<NoteShown>,
    note: Field,
    wanting: Vec<Link>,
    more_wanting: usize,
    progress: Vec<Vec<Cell>>,
    sections: Vec<SectionRows>,
    queries: Vec<QueryItem>,
    version: i64,
    summary: Field,
    errors: ErrorSummary,
    allocation: OnOverview,
}

/// What was typed into the forms of the page.
#[derive(Debug, Clone, Default)]
pub(in crate::review) struct Typed {
    /// The summary, when its form was refused.
    pub summary: Option<String>,
    /// The private note.
    pub note: String,
}

/// Missing decisions that are named before the rest is only counted.
const NAMED: usize = 10;

impl OverviewPage {
    /// The page as the actor sees it, with what was typed into a refused form.
    pub fn new(above: &Above, actor: &Actor, now: Timestamp, typed: &Typed, errors: &FormErrors) -> Self {
        let of = &above.of;
        let case = &of.case;
        let review = &case.found.review;
        let subject = review.subject();
        let mine = review.reviewer.is_some() && review.reviewer == actor.id();
        let stands_in = mine || actor.central().contains(&CentralRole::ProgrammeManager);
        let may = |row: crate::access::ActionRow| row.allows(actor, &subject).is_ok();
        let wanting = case.wanting();
        let may_decide = mine && may(DecideAnswer::ROW) && may(AskQuery::ROW);
        let href = |code: &str| format!("/reviews/{}/requirements/{code}", review.id);
        Self {
            organisation: case.found.name.clone(),
            id: review.id.get(),
            tag: review.state.into(),
            facts: facts(of),
            rules: RulesNote::of(case),
            sites_href: of
                .sites
                .as_ref()
                .map(|_| format!("/reviews/{}/sites", review.id))
                .unwrap_or_default(),
            second_reason: if review.state == ReviewState::Claimed {
                review.second_reason.as_deref().map(paragraphs).unwrap_or_default()
            } else {
                Vec::new()
            },
            remarks: paragraphs(&review.summary),
            decision: DecisionNote::new(review),
            may_claim: may(ClaimReview::ROW),
            may_release: stands_in && may(ReleaseReview::ROW),
            may_confirm: !mine && may(ConfirmReview::ROW),
            may_finish: mine && may(FinishReview::ROW),
            may_go_on: stands_in
                && may(GoOnWithoutReply::ROW)
                && case.queries.iter().all(|query| !query.is_waiting() || query.due_at <= now),
            first_wanting: match wanting.first() {
                Some(code) if may_decide => href(code),
                _ => String::new(),
            },
            happened: above.happened.as_ref().map(HappenedShown::new),
            stopped_at: stopped_at(above),
            agree_href: if may_decide && !wanting.is_empty() {
                format!("/reviews/{}/agree", review.id)
            } else {
                String::new()
            },
            done: done(case),
            may_note: may(WriteNote::ROW),
            notes: above.notes.iter().map(|note| NoteShown::new(note, actor)).collect(),
            note: note_field(&typed.note, errors),
            wanting: wanting.iter().take(NAMED).map(|code| Link::new(*code, href(code))).collect(),
            more_wanting: wanting.len().saturating_sub(NAMED),
            progress: progress(case),
            sections: sections(case),
            queries: case.queries.iter().map(|query| QueryItem::new(case, query)).collect(),
            version: review.version,
            summary: Field::new("summary", "Summary for the organisation (optional)")
                .hint("The organisation reads it with the outcome. It is never published.")
                .value(typed.summary.as_deref().unwrap_or(&review.summary))
                .errors(errors),
            errors: errors.summary(),
            allocation: OnOverview::default(),
        }
    }

    /// With what allocation says of it.
    pub fn with_allocation(mut self, allocation: OnOverview) -> Self {
        self.allocation = allocation;
        self
    }
}

/// The code of the requirement at which the reader stopped.
fn stopped_at(above: &Above) -> String {
    let case = &above.of.case;
    let position = above.stopped_at.and_then(|row| case.found.edition.position_of(row));
    let requirement = position.and_then(|position| case.edition().requirements().get(position));
    requirement.map(|requirement| requirement.code.to_string()).unwrap_or_default()
}

fn facts(of: &ForCentre) -> Vec<Fact> {
    let found = &of.case.found;
    let review = &found.review;
    let late = if found.late { ", after the deadline" } else { "" };
    let mut facts = vec![
        Fact::new("Organisation", format!("{} ({})", found.name, found.code)),
        Fact::new("Year", &*found.year_label),
        Fact::new(
            "Submitted",
            format!("{}{late}, submission {}", found.submitted_at.london_words(), found.number),
        ),
        Fact::new("Grade claimed", grade_words(&review.claimed_grade)),
    ];
    if let Some(filing) = &of.sites {
        let number = |count: i64| crate::platform::pages::words::number(i128::from(count));
        facts.push(Fact::new(
            "Sites",
            format!(
                "Covers {}; answers that differ for them: {}",
                number(filing.sites),
                number(filing.exceptions)
            ),
        ));
    }
    if let Some(grade) = &review.assessed_grade {
        facts.push(Fact::new("Grade assessed", grade_words(grade)));
    }
    facts.push(Fact::new(
        "Reviewer",
        if review.reviewer.is_some() { of.name(review.reviewer) } else { "Nobody" },
    ));
    if review.second_reviewer.is_some() {
        facts.push(Fact::new("Second reviewer", of.name(review.second_reviewer)));
    }
    facts.push(match review.decided_at {
        Some(at) => Fact::new("Decided", at.london_words()),
        None => Fact::new("Due", review.due_at.london_words()),
    });
    if let Some(since) = review.clock_stopped_at.filter(|_| review.state == ReviewState::Query) {
        facts.push(Fact::new("Clock", format!("Clock stopped since {}", since.london_words())));
    }
    facts
}

/// Outermost sections with their counts, and the whole.
fn progress(case: &Case) -> Vec<Vec<Cell>> {
    let tree = case.edition().tree();
    let mut rows = Vec::new();
    let mut whole = Counts::default();
    for (at, entry) in tree.iter().enumerate().filter(|(_, entry)| entry.depth == 0) {
        let inside = tree.iter().skip(at).take(entry.descendants + 1).flat_map(|part| &part.requirements);
        let mut counts = Counts::default();
        for line in inside.filter_map(|position| case.lines.get(*position)) {
            counts.add(line);
        }
        whole.join(&counts);
        let title = case.edition().sections().get(entry.section).map_or("", |section| section.title.as_str());
        if counts.asked > 0 {
            rows.push(counts.cells(title));
        }
    }
    rows.push(whole.cells("All"));
    rows
}

#[derive(Default)]
struct Counts {
    asked: usize,
    decided: usize,
    agreed: usize,
    downgraded: usize,
    upgraded: usize,
}

impl Counts {
    fn add(&mut self, line: &crate::review::case::Line) {
        if line.asked == Asked::Mandatory {
            self.asked += 1;
            self.decided += usize::from(line.decision.is_some());
        }
        match line.decision.as_ref().map(|decision| decision.outcome) {
            Some(DecisionOutcome::Agree) => self.agreed += 1,
            Some(DecisionOutcome::Downgrade) => self.downgraded += 1,
            Some(DecisionOutcome::Upgrade) => self.upgraded += 1,
            None => {}
        }
    }

    fn join(&mut self, other: &Self) {
        self.asked += other.asked;
        self.decided += other.decided;
        self.agreed += other.agreed;
        self.downgraded += other.downgraded;
        self.upgraded += other.upgraded;
    }

    fn cells(&self, title: &str) -> Vec<Cell> {
        let counts = [self.asked, self.decided, self.agreed, self.downgraded, self.upgraded];
        let cells = counts.into_iter().map(|count| Cell::text(count.to_string()));
        std::iter::once(Cell::text(title)).chain(cells).collect()
    }
}

/// Every requirement that is put to the organisation, by section in reading order.
fn sections(case: &Case) -> Vec<SectionRows> {
    let edition = case.edition();
    let row = |position: &usize| -> Option<Vec<Cell>> {
        let (requirement, line) = (edition.requirements().get(*position)?, case.lines.get(*position)?);
        if line.asked == Asked::NotAsked {
            return None;
        }
        let code = requirement.code.as_str();
        let standing = match (&line.decision, line.asked) {
            _ if case.waits_for_reply(code) => "Waiting for a reply".to_owned(),
            (Some(_), _) => line.outcome().to_owned(),
            (None, Asked::Optional) => "Optional".to_owned(),
            (None, _) => "To decide".to_owned(),
        };
        let assessed = match &line.decision {
            Some(_) => line.assessed(edition).label(),
            None => String::new(),
        };
        Some(vec![
            Cell::link(
                format!("{code} {}", requirement.title),
                format!("/reviews/{}/requirements/{code}", case.found.review.id),
            ),
            Cell::text(line.claimed.label()),
            Cell::text(assessed),
            Cell::text(standing),
        ])
    };
    edition
        .tree()
        .iter()
        .filter_map(|entry| {
            let rows: Vec<Vec<Cell>> = entry.requirements.iter().filter_map(row).collect();
            let section = edition.sections().get(entry.section)?;
            let heading = format!("{} {}", section.code, section.title);
            (!rows.is_empty()).then_some(SectionRows { heading, rows })
        })
        .collect()
}

impl Page for OverviewPage {
    const TEMPLATE: &'static str = "review/overview.html";

    fn title(&self) -> String {
        format!("Review of {}", self.organisation)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Reviews", "/reviews")]
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let cells = |n: usize| (0..n).map(|i| Cell::text(i.to_string())).collect::<Vec<_>>();
        let mut errors = FormErrors::new();
        errors.add("summary", "The summary must be 4,000 characters or fewer");
        let sample = |state: ReviewState, rows: usize, errors: &FormErrors| Self {
            organisation: "Fenwick & Marsh Trust".to_owned(),
            id: 1,
            tag: state.into(),
            facts: vec![Fact::new("Year", "2026/27")],
            rules: if rows > 0 { RulesNote::sample() } else { RulesNote::default() },
            sites_href: if rows > 0 { "/reviews/1/sites".to_owned() } else { String::new() },
            second_reason: if rows > 0 { vec!["Look at 1-101 again.".to_owned()] } else { Vec::new() },
            remarks: if rows > 0 { vec!["Sound work.".to_owned()] } else { Vec::new() },
            decision: DecisionNote::sample(),
            may_claim: state == ReviewState::Queued,
            may_release: state == ReviewState::Claimed,
            may_confirm: state == ReviewState::Second,
            may_finish: state == ReviewState::Claimed,
            may_go_on: rows > 0,
            first_wanting: if rows > 0 { "/reviews/1/requirements/1-101".to_owned() } else { String::new() },
            happened: (state == ReviewState::Second).then(HappenedShown::sample),
            stopped_at: if rows > 0 { "1-102".to_owned() } else { String::new() },
            agree_href: if rows > 0 { "/reviews/1/agree".to_owned() } else { String::new() },
            done: "12 of 47 decided".to_owned(),
            may_note: rows > 0,
            notes: if rows > 0 {
                vec![NoteShown::sample(true), NoteShown::sample(false)]
            } else {
                Vec::new()
            },
            note: note_field("", errors),
            wanting: (0..rows.min(3)).map(|i| Link::new(format!("1-10{i}"), "/reviews/1")).collect(),
            more_wanting: rows.saturating_sub(3),
            progress: vec![cells(6)],
            sections: (0..rows.min(2))
                .map(|i| SectionRows {
                    heading: format!("{i} Governance"),
                    rows: (0..rows).map(|_| cells(4)).collect(),
                })
                .collect(),
            queries: if rows > 0 {
                vec![QueryItem::sample(false), QueryItem::sample(true)]
            } else {
                Vec::new()
            },
            version: 3,
            summary: Field::new("summary", "Summary").errors(errors),
            errors: errors.summary(),
            allocation: if rows > 0 { OnOverview::sample() } else { OnOverview::default() },
        };
        let none = FormErrors::new();
        vec![
            ("queued", sample(ReviewState::Queued, 0, &none)),
            ("typical", sample(ReviewState::Claimed, 3, &none)),
            ("long", sample(ReviewState::Second, 60, &none)),
            ("finished", sample(ReviewState::Claimed, 0, &none)),
            ("errors", sample(ReviewState::Claimed, 0, &errors)),
        ]
    }
}
