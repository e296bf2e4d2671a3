//! The parts of a page or paper: sentences and a table, made from the picture. What the page shows and what the board gets
//! is written once, here.

use serde::{Deserialize, Serialize};

use super::comparison::{Compared, Movement};
use super::gather::{AmongPeers, Picture};
use super::peers::Measure;
use crate::certificates::ScopeTest;
use crate::platform::clock::Day;
use crate::returns::plan::PlanLine;
use crate::standards::scoring::GradeKey;
use crate::statistics::quartiles::ENDS;

/// Rows of the longer tables; what is more is counted in a sentence.
const ROWS: usize = 60;
/// Characters of an action that a table shows.
const ACTION: usize = 400;
/// Days before its end from which a certificate is worth a word.
const SOON: i64 = 90;

/// Sentences, and a table whose first column names its rows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The sentences.
    pub said: Vec<String>,
    /// The column heads; empty where there is no table.
    pub head: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
}

impl Part {
    fn of(said: Vec<String>, head: &[&str], rows: Vec<Vec<String>>) -> Self {
        let head =
            if rows.is_empty() { Vec::new() } else { head.iter().map(|&text| text.to_owned()).collect() };
        Self { said, head, rows }
    }

    fn said(text: impl Into<String>) -> Self {
        Self { said: vec![text.into()], ..Self::default() }
    }
}

/// `1 gap`, `2 gaps`.
pub(super) fn count(n: usize, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {many}") }
}

/// How the return stands as a whole.
pub(super) fn summary(picture: &Picture) -> Vec<String> {
    let (found, standing) = (&picture.found, &picture.standing);
    let mut said = vec![format!(
        "The return of {} is: {}. It is due by {}, and is taken until {}.",
        found.collection.name,
        standing.state.words().to_lowercase(),
        standing.due_at.london_words(),
        standing.taken_until.london_words(),
    )];
    said.push(format!(
        "{} of {} requirements that count are completed; {}.",
        standing.settled,
        standing.asked,
        match (standing.blocks.len(), standing.site_blocks().len()) {
            (0, 0) => "nothing blocks".to_owned(),
            (0, _) => "none blocks".to_owned(),
            (n, _) => count(n, "still blocks", "still block"),
        },
    ));
    match standing.site_blocks().len() {
        0 => {}
        n => said.push(format!("For the sites {} still to be given.", count(n, "answer is", "answers are"))),
    }
    let (exempt, planned) = picture.excused();
    if exempt + planned > 0 {
        said.push(format!(
            "Of the completed ones {} by a certificate and {} by the signed improvement plan.",
            count(exempt, "is excused", "are excused"),
            count(planned, "is covered", "are covered"),
        ));
    }
    said.push(format!("Scored as they stand, the confirmed answers give: {}.", picture.score.grade.label()));
    said
}

/// The sections.
pub(super) fn sections(picture: &Picture) -> Part {
    let rows = picture
        .sections
        .iter()
        .map(|line| vec![line.heading.clone(), line.settled.to_string(), line.asked.to_string()])
        .collect();
    Part::of(Vec::new(), &["Section", "Completed", "Asked"], rows)
}

/// What blocks.
pub(super) fn blocks(picture: &Picture) -> Part {
    let (blocks, sites) = (&picture.standing.blocks, picture.standing.site_blocks());
    if picture.standing.nothing_blocks() {
        return Part::said("Nothing blocks: every requirement that counts is completed.");
    }
    let mut said = Vec::new();
    if !blocks.is_empty() {
        let what = count(blocks.len(), "requirement still blocks", "requirements still block");
        said.push(format!("{what} the return."));
    }
    if !sites.is_empty() {
        let what = count(sites.len(), "answer is", "answers are");
        said.push(format!("{what} still to be given for the sites."));
    }
    if blocks.len() + sites.len() > ROWS {
        said.push(format!("The first {ROWS} are listed; the return itself lists all."));
    }
    let own = blocks.iter().map(|block| (format!("{} {}", block.requirement, block.title), &block.reason));
    let of_sites = sites
        .iter()
        .map(|block| (format!("{} for {} ({})", block.requirement, block.name, block.code), &block.reason));
    let rows = own.chain(of_sites).take(ROWS).map(|(what, reason)| vec![what, reason.clone()]);
    Part::of(said, &["Requirement", "Why"], rows.collect())
}

/// The improvement plan, with owners by their roles.
pub(super) fn plan(picture: &Picture) -> Part {
    let (reading, today) = (&picture.plan, picture.now.london_day());
    let unplanned = reading.unplanned(&picture.found).len();
    let gaps = reading.gaps.len();
    let Some(plan) = &reading.plan else {
        return Part::said(match gaps {
            0 => "There are no gaps that a plan would have to close.".to_owned(),
            n => format!(
                "There is no improvement plan yet; {} short of what is expected.",
                count(n, "answer is", "answers are")
            ),
        });
    };
    let mut said = vec![format!(
        "The improvement plan is: {}. It has {}; actions must be due by {}.",
        plan.state.words().to_lowercase(),
        count(reading.lines.len(), "line", "lines"),
        reading.due_by.words(),
    )];
    if unplanned > 0 {
        said.push(format!("{} no line in it.", count(unplanned, "gap has", "gaps have")));
    }
    if reading.lines.len() > ROWS {
        said.push(format!("The first {ROWS} lines are listed."));
    }
    let rows = reading.lines.iter().take(ROWS).map(|line| plan_row(picture, line, today)).collect();
    Part::of(said, &["Requirement", "Action", "Owner", "Due", "Money"], rows)
}

fn plan_row(picture: &Picture, line: &PlanLine, today: Day) -> Vec<String> {
    let edition = &picture.found.edition;
    let asked = edition
        .position_of(line.requirement)
        .and_then(|position| edition.edition().requirements().get(position))
        .map(|asked| format!("{} {}", asked.code, asked.title));
    let due = match (line.done_on, line.due_on) {
        (Some(done), _) => format!("Done on {}", done.words()),
        (None, None) => "No date yet".to_owned(),
        (None, Some(due)) if due < today => format!("{}: overdue", due.words()),
        (None, Some(due)) => due.words(),
    };
    let action = if line.action.is_empty() { "Not yet said" } else { &line.action };
    vec![asked.unwrap_or_default(), cut(action), owner(picture, line), due, line.funded.words().to_owned()]
}

/// Whoever is responsible, by role: a board asks for the office, and names change.
fn owner(picture: &Picture, line: &PlanLine) -> String {
    let Some(person) = line.owner else { return "Nobody yet".to_owned() };
    match picture.roles.get(&person) {
        None => "Somebody who has left".to_owned(),
        Some(roles) => roles.iter().map(|role| role.words()).collect::<Vec<_>>().join(", "),
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(ACTION) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default().trim_end()),
    }
}

/// A certificate's name and end, where it ends before the deadline or soon.
pub(super) fn ending(picture: &Picture) -> Vec<(String, Day)> {
    let today = picture.now.london_day();
    let limit = today.plus_days(SOON).max(picture.standing.due_at.london_day());
    let held = picture.holdings.certificates.iter();
    held.filter(|held| held.counts_on(today, ScopeTest::Any, &picture.holdings.services).is_none())
        .filter(|held| held.last_day() <= limit)
        .map(|held| (held.name(), held.last_day()))
        .collect()
}

/// The certificates and their ends.
pub(super) fn certificates(picture: &Picture) -> Part {
    let (today, holdings) = (picture.now.london_day(), &picture.holdings);
    if holdings.certificates.is_empty() {
        return Part::said("No certificate is on record.");
    }
    let rows = holdings.certificates.iter().take(ROWS).map(|held| {
        let counts = match held.counts_on(today, ScopeTest::Any, &holdings.services) {
            Some(why) => format!("Does not count: {}", why.words()),
            None => format!("Counts; covers {}", held.scope.words(&holdings.services)),
        };
        vec![held.name(), held.last_day().words(), counts]
    });
    let rows = rows.collect();
    let said =
        ending(picture).into_iter().map(|(name, end)| format!("{name} ends on {}.", end.words())).collect();
    Part::of(said, &["Certificate", "Last day", "Today"], rows)
}

/// Last year against this year, by section.
pub(super) fn comparison(picture: &Picture) -> Part {
    let Some(before) = &picture.before else {
        return Part::said("There is no submission of last year to compare with.");
    };
    let compared = &before.comparison;
    let claimed = match GradeKey::parse(&before.claimed) {
        Some(grade) => grade.label(),
        None => &before.claimed,
    };
    let mut said = vec![match before.decided {
        Some(decided) if decided.as_str() != before.claimed => format!(
            "In {} the answers gave: {claimed}; after review it was: {}.",
            before.year,
            decided.label()
        ),
        _ => format!("In {} the answers gave: {claimed}.", before.year),
    }];
    let moved: Vec<String> = Movement::ALL
        .iter()
        .map(|movement| (compared.count(*movement), movement.words().to_lowercase()))
        .filter(|(n, _)| *n > 0)
        .map(|(n, words)| format!("{n} {words}"))
        .collect();
    said.push(format!("Of this year's requirements: {}.", moved.join(", ")));
    if compared.gone > 0 {
        said.push(format!(
            "{} not asked any more.",
            count(compared.gone, "requirement of last year is", "requirements of last year are")
        ));
    }
    said.push("Only confirmed answers count.".to_owned());
    let share = |(met, asked): (u32, u32)| format!("{met} of {asked}");
    let rows = compared
        .sections
        .iter()
        .map(|section| {
            vec![
                section.heading.clone(),
                section.before.map_or_else(|| "Not asked".to_owned(), share),
                share(section.now),
                section.movement.words().to_owned(),
            ]
        })
        .collect();
    Part::of(said, &["Section: as expected", "Last year", "Now", "Against last year"], rows)
}

/// The requirements that moved: worse first, then better, then what is new or of another kind.
pub(super) fn changed(picture: &Picture) -> Part {
    let Some(before) = &picture.before else { return Part::default() };
    let order = [Movement::Worse, Movement::Better, Movement::Different, Movement::New];
    let moved = |movement: &Movement| {
        let all = before.comparison.requirements.iter();
        all.filter(|compared| compared.movement == *movement).collect::<Vec<&Compared>>()
    };
    let all: Vec<&Compared> = order.iter().flat_map(moved).collect();
    let mut said = Vec::new();
    if all.len() > ROWS {
        said.push(format!("{} requirements changed; the first {ROWS} are listed.", all.len()));
    }
    let rows = all.into_iter().take(ROWS).map(|compared| {
        let before = if compared.before.is_empty() { "Not asked" } else { &compared.before };
        vec![
            format!("{} {}", compared.code, compared.title),
            before.to_owned(),
            compared.now.clone(),
            compared.movement.words().to_owned(),
        ]
    });
    Part::of(said, &["Requirement", "Last year", "Now", "Against last year"], rows.collect())
}

/// Organisations of the same kind.
pub(super) fn peers(picture: &Picture) -> Part {
    let kind = picture.found.sector.label();
    let mut said = vec![format!(
        "Other organisations of the kind {kind}, as a group. No single one can be read from these figures: each is taken \
         over several organisations, rounded to 5 points, and renewed only when enough of them have changed."
    )];
    let mut rows = Vec::new();
    for among in &picture.peers {
        match row(among) {
            Ok(row) => rows.push(row),
            Err(why) => said.push(why),
        }
    }
    let head = [
        "Points out of 100",
        "You",
        "A quarter have at most",
        "Half have at most",
        "Three quarters have at most",
    ];
    Part::of(said, &head, rows)
}

fn row(among: &AmongPeers) -> Result<Vec<String>, String> {
    let name = match among.measure {
        Measure::Answered => "answers confirmed this year",
        Measure::Points => "points reached last year",
    };
    let Some(figure) = &among.figure else {
        return Err(format!("For {name} the figures have not been computed yet; that is done each night."));
    };
    let found = figure.shown.as_ref().map_err(|_| {
        format!("For {name} there are too few organisations of your kind to say anything of them.")
    })?;
    let or_none = |value: Option<u8>| value.map_or_else(|| "Too few".to_owned(), of_the_scale);
    Ok(vec![
        among.measure.words().to_owned(),
        among.own.map_or_else(|| "None".to_owned(), |own| own.to_string()),
        or_none(found.lower),
        of_the_scale(found.middle),
        or_none(found.upper),
    ])
}

fn of_the_scale(value: u8) -> String {
    match value {
        low if low <= ENDS.0 => format!("{} or less", ENDS.0),
        high if high >= ENDS.1 => format!("{} or more", ENDS.1),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_actions_are_cut_between_characters() {
        let long = "\u{1f600}".repeat(ACTION + 5);
        assert_eq!(cut(&long), format!("{}…", "\u{1f600}".repeat(ACTION)));
        assert_eq!(cut("short"), "short");
    }

    #[test]
    fn the_ends_of_the_scale_say_or_less_and_or_more() {
        assert_eq!([5, 50, 95].map(of_the_scale), ["5 or less", "50", "95 or more"]);
    }
}
