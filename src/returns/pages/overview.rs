//! The overview of a return: the task list by section with progress, what still blocks, and the next steps.

use std::collections::HashMap;

use serde::ser::Error as _;
use serde::{Serialize, Serializer};

use super::Tag;
use crate::access::Actor;
use crate::platform::clock::Timestamp;
use crate::platform::ids::RequirementId;
use crate::platform::pages::{Link, Page, PlainTask, task_items};
use crate::returns::circumstances::Excuse;
use crate::returns::editions::pages::{Marks, SinceOverview};
use crate::returns::model::{AnswerState, Block, ReturnState, Standing};
use crate::returns::plan::PlanNote;
use crate::returns::questions::WaitingQuestion;
use crate::returns::readiness::{Line, question_href, return_href};
use crate::returns::sharing::Owned;
use crate::returns::sharing::pages::{BesideOverview, owner_words};
use crate::returns::sites::pages::SitesNote;
use crate::returns::store::Found;
use crate::standards::Asked;

/// The blocks listed by name; the rest is counted.
const LISTED: usize = 10;

/// With more tasks than these in all, the lists are folded by outermost section: a hundred tasks would be fifteen screens of
/// a phone long.
const FOLDED_FROM: usize = 20;

/// One requirement of the task list.
#[derive(Debug, Serialize)]
pub struct Task {
    heading: String,
    href: String,
    /// Whose it is; empty when nobody was given it.
    #[serde(skip_serializing_if = "String::is_empty")]
    hint: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    tag: Option<Tag>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
}

impl Task {
    fn plain(&self) -> PlainTask<'_> {
        PlainTask {
            heading: &self.heading,
            href: &self.href,
            hint: &self.hint,
            tag: self.tag.as_ref().map(|tag| (tag.text, tag.colour)),
            status: self.status.unwrap_or_default(),
        }
    }

    /// An example.
    pub fn sample(hint: &str) -> Self {
        Self {
            heading: "1-101 Framework".to_owned(),
            href: question_href("ZZ001", "2026", "1-101"),
            hint: hint.to_owned(),
            tag: Some(Tag { text: "Not started", colour: "grey" }),
            status: None,
        }
    }
}

/// One section of the task list.
#[derive(Debug, Serialize)]
pub struct TaskSection {
    heading: String,
    depth: usize,
    /// How far this section and those inside it have got; empty where nothing counts.
    counts: String,
    tasks: TaskItems,
}

/// The tasks of a section. They are handed over as the items of a list: a long return has a hundred and more, which the engine
/// would take apart again.
#[derive(Debug)]
struct TaskItems {
    prefix: String,
    tasks: Vec<Task>,
}

impl Serialize for TaskItems {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let items = task_items(&self.prefix, self.tasks.iter().map(Task::plain)).map_err(S::Error::custom)?;
        serializer.serialize_str(&items)
    }
}

/// An outermost section with those inside it.
#[derive(Debug, Serialize)]
pub struct TaskGroup {
    heading: String,
    /// How far it has got; empty where nothing counts, or where the summary says it.
    counts: String,
    /// What its folded lists are called; empty where they are not folded.
    summary: String,
    /// Itself first, where it holds requirements of its own, and then those inside it.
    sections: Vec<TaskSection>,
}

/// What can be done next; empty addresses are not offered.
#[derive(Debug, Default, Serialize)]
pub struct NextSteps {
    /// Mark it ready.
    pub ready: String,
    /// Take it back to draft.
    pub draft: String,
    /// Read and sign it.
    pub sign: String,
    /// Check and submit it.
    pub submit: String,
    /// The receipt of the newest submission.
    pub receipt: String,
    /// The outcome of the review.
    pub review: String,
    /// What the reviewer asked.
    pub queries: String,
    /// Those of them that wait for an answer; empty for whoever sees a part of the return.
    pub questions: Vec<WaitingQuestion>,
    /// Downloads, and filling it in offline.
    pub offline: String,
    /// Letters about decisions, the newest first.
    pub letters: Vec<Link>,
}

/// The overview of a return.
#[derive(Debug, Serialize)]
pub struct OverviewPage {
    organisation: String,
    collection: String,
    tag: Tag,
    due_at: i64,
    taken_until: i64,
    extended: bool,
    open: bool,
    reopened: bool,
    /// A submission was taken back, and nothing stands.
    withdrawn: bool,
    asked: usize,
    settled: usize,
    blocks: Vec<Block>,
    more_blocks: usize,
    steps: NextSteps,
    waiting_for: &'static str,
    plan: PlanNote,
    /// Empty where no interim return is asked for, and for whoever sees a part of the return.
    interim_href: String,
    interim_due_at: Option<i64>,
    /// Empty when the return has been sent, or is closed.
    more_time_href: String,
    /// Empty for whoever sees a part of the return.
    trial_href: String,
    /// What has changed in the guidance.
    guidance_href: String,
    /// Where the organisation stands; empty for whoever sees a part of the return.
    standing_href: String,
    /// What a correction of the rules changed; empty while the rules are the edition's own, or nothing was sent.
    corrected_href: String,
    sharing: BesideOverview,
    sites: SitesNote,
    /// What changed since the edition before.
    since: SinceOverview,
    groups: Vec<TaskGroup>,
    #[serde(skip)]
    way: Vec<Link>,
}

impl OverviewPage {
    /// The overview of a return as it stands, and as this person sees it.
    #[must_use]
    pub fn new(
        found: &Found,
        (lines, owned, marks): (&[Line<'_>], &[Owned], Marks<'_>),
        standing: &Standing,
        (steps, sites): (NextSteps, SitesNote),
        actor: &Actor,
    ) -> Self {
        let seen = lines.iter().filter(|line| line.asked != Asked::NotAsked).count();
        let whole = found.is_whole_to(actor);
        let of_whole = |there: bool, page: &str| {
            if there && whole {
                format!("{}/{page}", return_href(&found.code, &found.collection.key))
            } else {
                String::new()
            }
        };
        let mut way = super::way_of(found);
        way.truncate(2);
        Self {
            organisation: found.name.clone(),
            collection: found.collection.name.clone(),
            tag: found.state.into(),
            due_at: standing.due_at.micros(),
            taken_until: standing.taken_until.micros(),
            extended: found.extension.is_some(),
            open: standing.open,
            reopened: found.reopened_reason.is_some() && found.submission.is_some(),
            withdrawn: found.reopened_reason.is_some() && found.submission.is_none(),
            asked: standing.asked,
            settled: standing.settled,
            blocks: standing.blocks.iter().take(LISTED).cloned().collect(),
            more_blocks: standing.blocks.len().saturating_sub(LISTED),
            waiting_for: waiting_for(found.state, &steps, found.edition.edition().signers().is_empty()),
            interim_href: of_whole(found.collection.interim_due_at.is_some(), "interim"),
            interim_due_at: found.collection.interim_due_at.map(Timestamp::micros),
            more_time_href: of_whole(standing.open && !found.state.is_sent(), "more-time"),
            trial_href: of_whole(true, "trial"),
            guidance_href: format!("{}/guidance", return_href(&found.code, &found.collection.key)),
            standing_href: of_whole(true, "standing"),
            corrected_href: of_whole(found.corrected && found.submission.is_some(), "corrected"),
            steps,
            sharing: BesideOverview::new(found, actor, seen),
            sites,
            since: SinceOverview::new(found, lines, marks, actor),
            plan: PlanNote::of(found),
            groups: groups(found, lines, &owners_of(owned), marks),
            way,
        }
    }
}

/// The line below each task that somebody was given.
fn owners_of(owned: &[Owned]) -> HashMap<RequirementId, String> {
    owned.iter().map(|owner| (owner.requirement, owner_words(owner))).collect()
}

/// What the return waits for, where this person has nothing to do.
fn waiting_for(state: ReturnState, steps: &NextSteps, siro_alone: bool) -> &'static str {
    match state {
        ReturnState::Ready if steps.sign.is_empty() && !siro_alone => {
            "It waits for everybody who must sign it."
        }
        ReturnState::Ready if steps.sign.is_empty() => {
            "It waits for the senior information risk owner to sign."
        }
        ReturnState::Signed if steps.submit.is_empty() => {
            "It is signed and waits to be submitted by an information governance lead or administrator."
        }
        ReturnState::Submitted => "It waits for a reviewer of the central team.",
        ReturnState::UnderReview => "A reviewer of the central team is looking at it.",
        _ => "",
    }
}

fn groups(
    found: &Found,
    lines: &[Line<'_>],
    owners: &HashMap<RequirementId, String>,
    marks: Marks<'_>,
) -> Vec<TaskGroup> {
    let edition = found.edition.edition();
    let tree = edition.tree();
    let put = lines.iter().filter(|line| line.asked != Asked::NotAsked).count();
    // What somebody asked to see is not folded away.
    let folded = put > FOLDED_FROM && !marks.is_filtered();
    let shown =
        |at: &usize| marks.shows(*at) && lines.get(*at).is_some_and(|line| line.asked != Asked::NotAsked);
    let mut groups: Vec<TaskGroup> = Vec::new();
    for (place, entry) in tree.iter().enumerate() {
        let Some(section) = edition.sections().get(entry.section) else { continue };
        let inside = tree.get(place..=place + entry.descendants).unwrap_or_default();
        let counts =
            Counts::of(inside.iter().flat_map(|e| &e.requirements).filter_map(|index| lines.get(*index)));
        if !inside.iter().flat_map(|e| &e.requirements).any(shown) {
            continue;
        }
        let heading = format!("{} {}", section.code, section.title);
        let own = entry.requirements.iter().filter(|at| shown(at));
        let tasks: Vec<Task> = own
            .filter_map(|at| Some((*at, lines.get(*at)?)))
            .map(|(at, line)| task(found, line, marks.hint(at, owners.get(&line.id).map(String::as_str))))
            .collect();
        let prefix = format!("section-{}", section.code.as_str().replace('.', "-"));
        let new = |counts| TaskSection {
            heading: heading.clone(),
            depth: entry.depth,
            counts,
            tasks: TaskItems { prefix, tasks },
        };
        match groups.last_mut().filter(|_| entry.depth > 0) {
            Some(group) => group.sections.push(new(counts.words())),
            None => groups.push(TaskGroup {
                heading: heading.clone(),
                counts: if folded { String::new() } else { counts.words() },
                summary: if folded { counts.summary() } else { String::new() },
                sections: vec![new(String::new())],
            }),
        }
    }
    groups
}

/// How many requirements are put to the organisation, how many of them count, and how many of those are settled.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    put: usize,
    asked: usize,
    settled: usize,
}

impl Counts {
    fn of<'a>(lines: impl Iterator<Item = &'a Line<'a>>) -> Self {
        lines.fold(Self::default(), |mut counts, line| {
            counts.put += usize::from(line.asked != Asked::NotAsked);
            if line.asked == Asked::Mandatory {
                counts.asked += 1;
                counts.settled += usize::from(line.is_settled());
            }
            counts
        })
    }

    fn words(self) -> String {
        if self.asked == 0 { String::new() } else { format!("{} of {} completed", self.settled, self.asked) }
    }

    fn summary(self) -> String {
        let things = if self.put == 1 { "requirement" } else { "requirements" };
        match (self.put, self.asked) {
            (put, 0) => format!("Show {put} optional {things}"),
            (put, _) => format!("Show {put} {things}, {}", self.words()),
        }
    }
}

/// A requirement as a task, with a line below it.
pub(in crate::returns) fn task(found: &Found, line: &Line<'_>, hint: String) -> Task {
    let (tag, status) = match line.answer.map(|answer| answer.state) {
        _ if line.submitted_fault().is_none() && !line.is_answered() && line.excuse.is_some() => {
            (None, Some(excused(line)))
        }
        None if line.asked == Asked::Optional => (None, Some("Optional")),
        None => (Some(Tag { text: "Not started", colour: "grey" }), None),
        Some(AnswerState::ToConfirm) => (Some(Tag { text: "To confirm", colour: "yellow" }), None),
        Some(AnswerState::Draft) => (Some(Tag { text: "In progress", colour: "blue" }), None),
        Some(AnswerState::Confirmed) if line.is_settled() => (None, Some("Completed")),
        Some(AnswerState::Confirmed) => (Some(Tag { text: "Incomplete", colour: "orange" }), None),
    };
    Task {
        heading: format!("{} {}", line.requirement.code, line.requirement.title),
        href: question_href(&found.code, &found.collection.key, line.requirement.code.as_str()),
        hint,
        tag,
        status,
    }
}

fn excused(line: &Line<'_>) -> &'static str {
    if matches!(line.excuse, Some(Excuse::Exempt(_))) { "Exempt" } else { "Covered by the plan" }
}

impl Page for OverviewPage {
    const TEMPLATE: &'static str = "returns/overview.html";

    fn title(&self) -> String {
        format!("{}, {}", self.collection, self.organisation)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let bare = |state: ReturnState| Self {
            organisation: "Example Trust".to_owned(),
            collection: "Annual collection 2026".to_owned(),
            tag: state.into(),
            due_at: 1_780_000_000_000_000,
            taken_until: 1_790_000_000_000_000,
            extended: false,
            open: true,
            reopened: false,
            withdrawn: false,
            asked: 45,
            settled: 0,
            blocks: Vec::new(),
            more_blocks: 0,
            steps: NextSteps::default(),
            waiting_for: waiting_for(state, &NextSteps::default(), true),
            plan: PlanNote::sample(),
            interim_href: format!("{}/interim", return_href("ZZ001", "2026")),
            interim_due_at: Some(1_775_000_000_000_000),
            more_time_href: format!("{}/more-time", return_href("ZZ001", "2026")),
            trial_href: format!("{}/trial", return_href("ZZ001", "2026")),
            guidance_href: format!("{}/guidance", return_href("ZZ001", "2026")),
            standing_href: format!("{}/standing", return_href("ZZ001", "2026")),
            corrected_href: format!("{}/corrected", return_href("ZZ001", "2026")),
            sharing: BesideOverview::sample(false),
            sites: SitesNote::sample(),
            since: SinceOverview::default(),
            groups: Vec::new(),
            way: super::sample_way(),
        };
        let href = || return_href("ZZ001", "2026");
        let task = |tag, status: Option<&'static str>| Task {
            heading: "1-101 Framework".to_owned(),
            href: question_href("ZZ001", "2026", "1-101"),
            hint: status.map(|_| "Ada Example, by 3 May 2026".to_owned()).unwrap_or_default(),
            tag,
            status,
        };
        let section = |depth, prefix: &str| TaskSection {
            heading: "1 Leadership".to_owned(),
            depth,
            counts: if depth == 0 { String::new() } else { "1 of 2 completed".to_owned() },
            tasks: TaskItems {
                prefix: prefix.to_owned(),
                tasks: vec![
                    task(None, Some("Completed")),
                    task(Some(Tag { text: "Not started", colour: "grey" }), None),
                ],
            },
        };
        let group = |summary: &str, sections| TaskGroup {
            heading: "1 Leadership".to_owned(),
            counts: if summary.is_empty() { "1 of 2 completed".to_owned() } else { String::new() },
            summary: summary.to_owned(),
            sections,
        };
        let block = Block {
            requirement: "1-101".to_owned(),
            title: "Framework".to_owned(),
            reason: "There is no answer yet.".to_owned(),
            href: question_href("ZZ001", "2026", "1-101"),
        };
        let typical = Self {
            extended: true,
            reopened: true,
            withdrawn: true,
            blocks: vec![block],
            more_blocks: 3,
            since: SinceOverview::sample(false),
            groups: vec![
                group("", vec![section(0, "section-0"), section(1, "section-1"), section(2, "section-2")]),
                group("Show 2 requirements, 1 of 2 completed", vec![section(0, "section-9")]),
            ],
            ..bare(ReturnState::Draft)
        };
        let steps = NextSteps {
            ready: format!("{}/ready", href()),
            draft: format!("{}/draft", href()),
            sign: format!("{}/sign", href()),
            submit: format!("{}/submit", href()),
            receipt: format!("{}/receipt", href()),
            review: format!("{}/review", href()),
            queries: format!("{}/queries", href()),
            questions: vec![WaitingQuestion::sample(true), WaitingQuestion::sample(false)],
            offline: format!("{}/offline", href()),
            letters: vec![Link::new("Letter 1 of 3 March 2026", format!("{}/letters/1", href()))],
        };
        let done = Self { open: false, steps, ..bare(ReturnState::Submitted) };
        let part = Self {
            since: SinceOverview::sample(true),
            sharing: BesideOverview::sample(true),
            ..bare(ReturnState::Draft)
        };
        vec![("empty", bare(ReturnState::Draft)), ("typical", typical), ("done", done), ("a part", part)]
    }
}
