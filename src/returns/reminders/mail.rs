//! The mails of reminders and digests: which returns, until when, how far they have got, and which questions wait. Never
//! what was asked or answered.

use super::digest::{Digest, Standing};
use super::send::Due;
use super::store::Waiting;
use crate::platform::mail::{Letter, Mail};
use crate::returns::model::AnswerState;
use crate::returns::questions::OpenQuestion;
use crate::returns::readiness::return_href;

/// Organisations that one mail names; the rest is counted.
const NAMED: usize = 20;

/// One mail to one person about every return that is due; the slice is not empty.
pub(super) fn reminder(due: &[&Due], public_url: &str) -> Mail {
    let line = |due: &&Due| {
        format!(
            "{} ({}): the {} in {} is due by {}, {}. {}",
            due.whom.name,
            due.whom.code,
            due.stage.words(),
            due.collection.name,
            due.due_at.london_words(),
            left(due.days_left),
            state(&due.whom)
        )
    };
    let subject = match due {
        [one] => {
            let (year, what) = (&one.collection.year_label, one.stage.words());
            format!("Due {}: {year} {what} of {}", left(one.days_left), one.whom.name)
        }
        many => format!("{} returns are due soon", many.len()),
    };
    let whom = due.iter().map(|due| (&due.whom, due.collection.key.as_str())).collect::<Vec<_>>();
    let (place, words) = place(&whom);
    let person = whom.first().map_or(("", ""), |(one, _)| (one.person_name.as_str(), one.address.as_str()));
    letter("returns.reminder", subject, lines(due.iter().map(line)), person, (words, &place), public_url)
}

/// One mail to one person on how far their returns have got and what reviewers ask; one of the two is there.
pub(super) fn digest(digest: &Digest, public_url: &str) -> Mail {
    let standing = |standing: &Standing| {
        format!(
            "{} ({}): due by {}, {}. {} {}",
            standing.whom.name,
            standing.whom.code,
            standing.due_at.london_words(),
            left(standing.days_left),
            state(&standing.whom),
            answers(standing)
        )
        .trim_end()
        .to_owned()
    };
    let question = |question: &OpenQuestion| {
        let days = digest.monday.days_until(question.due_at.london_day());
        format!(
            "{}: the reviewer of the {} return waits for an answer about {}. It is due by {}, {}.",
            question.whose(),
            question.year,
            question.requirement,
            question.due_at.london_words(),
            left(days)
        )
    };
    let (returns, asked) = (&digest.standings, &digest.questions);
    let subject = match (returns.as_slice(), asked.as_slice()) {
        ([one], []) => format!("This week: {} return of {}", one.collection.year_label, one.whom.name),
        (many, []) => format!("This week: {} returns", many.len()),
        ([], [one]) => format!("This week: a question about the {} return of {}", one.year, one.name),
        ([], many) => format!("This week: {} questions of reviewers", many.len()),
        (some, many) => {
            let returns =
                if some.len() == 1 { "1 return".to_owned() } else { format!("{} returns", some.len()) };
            let questions =
                if many.len() == 1 { "1 question".to_owned() } else { format!("{} questions", many.len()) };
            format!("This week: {returns} and {questions} of reviewers")
        }
    };
    let mut paragraphs = lines(asked.iter().map(question));
    paragraphs.extend(lines(returns.iter().map(standing)));
    let whom = returns.iter().map(|s| (&s.whom, s.collection.key.as_str())).collect::<Vec<_>>();
    let (place, words) = match (whom.as_slice(), asked.as_slice()) {
        ([], [one]) => (one.href(), "Answer the question"),
        (_, []) => place(&whom),
        _ => ("/home".to_owned(), "Go to your organisations"),
    };
    letter(
        "returns.digest",
        subject,
        paragraphs,
        (&digest.name, &digest.address),
        (words, &place),
        public_url,
    )
}

fn lines(all: impl ExactSizeIterator<Item = String>) -> Vec<String> {
    let more = all.len().saturating_sub(NAMED);
    let mut lines: Vec<String> = all.take(NAMED).collect();
    if more > 0 {
        lines.push(format!("And {more} more, which you find in the portal."));
    }
    lines
}

/// Where somebody goes on with what a mail names.
fn place(whom: &[(&Waiting, &str)]) -> (String, &'static str) {
    match whom {
        [(one, key)] => {
            let place = match one.started {
                Some(_) => return_href(&one.code, key),
                None => format!("/organisations/{}", one.code),
            };
            (place, "Go on with the return")
        }
        _ => ("/home".to_owned(), "Go to your returns"),
    }
}

fn letter(
    template: &'static str,
    subject: String,
    mut paragraphs: Vec<String>,
    (name, to): (&str, &str),
    (words, place): (&'static str, &str),
    site: &str,
) -> Mail {
    paragraphs.push(format!("You can choose which of these emails you get: {site}/account/emails"));
    let href = format!("{site}{place}");
    Letter { template, to, subject, name, paragraphs, link: (words, &href) }.into_mail()
}

fn left(days: i64) -> String {
    match days {
        ..0 => "and overdue".to_owned(),
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        more => format!("in {more} days"),
    }
}

fn state(whom: &Waiting) -> String {
    match whom.started {
        None => "It has not been started.".to_owned(),
        Some((_, state)) => format!("Its state: {}.", state.words().to_lowercase()),
    }
}

fn answers(standing: &Standing) -> String {
    let part = |state: AnswerState, words: &str| {
        standing.answers.get(&state).map(|number| format!("{number} {words}"))
    };
    let parts: Vec<String> = [
        part(AnswerState::Confirmed, "completed"),
        part(AnswerState::Draft, "in progress"),
        part(AnswerState::ToConfirm, "to confirm"),
    ]
    .into_iter()
    .flatten()
    .collect();
    if parts.is_empty() { String::new() } else { format!("Answers: {}.", parts.join(", ")) }
}
