//! Last year against this: what the answers of the last submission came to, and what the present ones come to.

use serde::{Deserialize, Serialize};

use crate::standards::scoring::{RequirementScore, Score, SectionScore, Status};
use crate::standards::{Asked, Edition, RequirementCode};

crate::text_enum! {
    /// How something stands against last year.
    Movement {
        /// Higher than last year.
        Better = "better", "Better";
        /// As last year.
        Same = "same", "The same";
        /// Lower than last year.
        Worse = "worse", "Worse";
        /// There is no confirmed answer yet this year.
        NotYet = "not_yet", "Not yet answered";
        /// Another kind of result, which is neither better nor worse.
        Different = "different", "Different";
        /// It was not asked last year.
        New = "new", "New this year";
    }
}

/// One requirement in both years.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    /// Its code this year.
    pub code: String,
    /// Its title this year.
    pub title: String,
    /// What last year's answer came to, in words; empty where it was not asked.
    pub before: String,
    /// What the present answer comes to, in words.
    pub now: String,
    /// How the one stands against the other.
    pub movement: Movement,
}

/// One outermost section in both years: requirements that count, and those of them that met what is expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparedSection {
    /// Its code and title.
    pub heading: String,
    /// Met and asked last year; none where there was no such section.
    pub before: Option<(u32, u32)>,
    /// Met and asked now.
    pub now: (u32, u32),
    /// How the shares stand against each other.
    pub movement: Movement,
}

/// Both years side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// The outermost sections, in this year's order.
    pub sections: Vec<ComparedSection>,
    /// The requirements that count this year, in its order.
    pub requirements: Vec<Compared>,
    /// Requirements that counted last year and are not asked any more.
    pub gone: usize,
}

impl Comparison {
    /// How many requirements moved so.
    #[must_use]
    pub fn count(&self, movement: Movement) -> usize {
        self.requirements.iter().filter(|compared| compared.movement == movement).count()
    }
}

/// Sets the present score beside last year's. `edition` is this year's.
#[must_use]
pub fn compare(before: &Score, now: &Score, edition: &Edition) -> Comparison {
    let comparable = before.scheme == now.scheme;
    let asked = |score: &&RequirementScore| score.asked == Asked::Mandatory;
    let requirements: Vec<Compared> = now
        .requirements
        .iter()
        .filter(asked)
        .map(|item| {
            let earlier = counterpart(before, &item.code).filter(asked).filter(|_| comparable);
            let title = edition.requirement(item.code.as_str()).map_or("", |asked| asked.title.as_str());
            Compared {
                code: item.code.to_string(),
                title: title.to_owned(),
                before: earlier.map(|earlier| earlier.status.label()).unwrap_or_default(),
                now: item.status.label(),
                movement: earlier.map_or(Movement::New, |earlier| movement(earlier.status, item.status)),
            }
        })
        .collect();
    let kept =
        |code: &RequirementCode| now.requirements.iter().any(|item| asked(&item) && item.code == *code);
    let gone = before.requirements.iter().filter(asked).filter(|item| !kept(&item.code)).count();
    let sections = now.sections.iter().filter(|section| section.depth == 0 && section.asked > 0);
    Comparison {
        sections: sections.map(|section| compared_section(before, section)).collect(),
        requirements,
        gone,
    }
}

/// What stood last year where this requirement stands now: THE place where years are matched. The same code is the same
/// requirement.
fn counterpart<'a>(before: &'a Score, code: &RequirementCode) -> Option<&'a RequirementScore> {
    before.requirement(code.as_str())
}

fn compared_section(before: &Score, now: &SectionScore) -> ComparedSection {
    let code = now.code.as_ref();
    let earlier = before.sections.iter().find(|one| one.code.as_ref() == code && one.asked > 0);
    let movement = match earlier {
        None => Movement::New,
        // Shares are compared by cross-multiplying, so that nothing is rounded.
        Some(earlier) => {
            let was = u64::from(earlier.met) * u64::from(now.asked);
            let is = u64::from(now.met) * u64::from(earlier.asked);
            match is.cmp(&was) {
                std::cmp::Ordering::Greater => Movement::Better,
                std::cmp::Ordering::Equal => Movement::Same,
                std::cmp::Ordering::Less if now.settled < now.asked => Movement::NotYet,
                std::cmp::Ordering::Less => Movement::Worse,
            }
        }
    };
    ComparedSection {
        heading: format!("{} {}", code.map(ToString::to_string).unwrap_or_default(), now.title),
        before: earlier.map(|earlier| (earlier.met, earlier.asked)),
        now: (now.met, now.asked),
        movement,
    }
}

fn movement(before: Status, now: Status) -> Movement {
    if before == now && now.is_settled() {
        return Movement::Same;
    }
    match (worth(before), worth(now)) {
        (_, Worth::Nothing) => Movement::NotYet,
        (Worth::Nothing, Worth::Of(_)) => Movement::Better,
        (Worth::Of(was), Worth::Of(is)) if is > was => Movement::Better,
        (Worth::Of(was), Worth::Of(is)) if is < was => Movement::Worse,
        (Worth::Of(_), Worth::Of(_)) => Movement::Same,
        (Worth::Apart, _) | (_, Worth::Apart) => Movement::Different,
    }
}

/// What a status is worth within its scheme.
enum Worth {
    /// There is no answer.
    Nothing,
    /// The more the better.
    Of(u8),
    /// On no scale with the others.
    Apart,
}

fn worth(status: Status) -> Worth {
    match status {
        Status::NotAnswered | Status::Incomplete => Worth::Nothing,
        Status::Level(level) => Worth::Of(level),
        Status::Complete => Worth::Of(1),
        Status::Outcome(level) => Worth::Of(level.rank()),
        Status::NotAsked | Status::NotRelevant | Status::Exempt | Status::Excused | Status::Optional => {
            Worth::Apart
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standards::OutcomeLevel;

    #[test]
    fn results_are_better_the_same_worse_or_not_there_yet() {
        let level = Status::Level;
        for (before, now, expected) in [
            (level(1), level(2), Movement::Better),
            (level(2), level(2), Movement::Same),
            (level(3), level(0), Movement::Worse),
            (level(2), Status::NotAnswered, Movement::NotYet),
            (Status::NotAnswered, level(0), Movement::Better),
            (level(2), Status::NotRelevant, Movement::Different),
            (Status::NotRelevant, Status::NotRelevant, Movement::Same),
            (Status::Incomplete, Status::Complete, Movement::Better),
            (Status::Complete, Status::Incomplete, Movement::NotYet),
            (Status::Incomplete, Status::Incomplete, Movement::NotYet),
            (Status::Exempt, Status::Complete, Movement::Different),
            (
                Status::Outcome(OutcomeLevel::Achieved),
                Status::Outcome(OutcomeLevel::PartiallyAchieved),
                Movement::Worse,
            ),
        ] {
            assert_eq!(movement(before, now), expected, "{before} to {now}");
        }
    }
}
