//! The mails of reminders and digests: which returns, until when, and how far they have got. Never what was answered.

use super::digest::Standing;
use super::send::Due;
use super::store::Waiting;
use crate::platform::mail::{Letter, Mail};
use crate::returns::model::AnswerState;
use crate::returns::readiness::return_href;

/// Organisations that one mail names; the rest is counted.
const NAMED: usize = 20;

/// One mail to one person about every return that is due; the slice is not empty.
pub(super) fn reminder(due: &[&Due], public_url: &str) -> Mail {
    let line = |due: &&Due| {
        format!(
            "{} ({}): the return in {} is due by {}, {}. {}",
            due.whom.name,
            due.whom.code,
            due.collection.name,
            due.due_at.london_words(),
            left(due.days_left),
            state(&due.whom)
        )
    };
    let subject = match due {
        [one] => {
            format!("Due {}: {} return of {}", left(one.days_left), one.collection.year_label, one.whom.name)
        }
        many => format!("{} returns are due soon", many.len()),
    };
    let whom = due.iter().map(|due| (&due.whom, due.collection.key.as_str())).collect::<Vec<_>>();
    letter("returns.reminder", subject, lines(due.iter().map(line)), &whom, public_url)
}

/// One mail to one person on how far their returns have got; `None` when there is none.
pub(super) fn digest(standings: &[Standing], public_url: &str) -> Option<Mail> {
    let line = |standing: &Standing| {
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
    let subject = match standings {
        [] => return None,
        [one] => format!("This week: {} return of {}", one.collection.year_label, one.whom.name),
        many => format!("This week: {} returns", many.len()),
    };
    let whom = standings.iter().map(|s| (&s.whom, s.collection.key.as_str())).collect::<Vec<_>>();
    Some(letter("returns.digest", subject, lines(standings.iter().map(line)), &whom, public_url))
}

fn lines(all: impl ExactSizeIterator<Item = String>) -> Vec<String> {
    let more = all.len().saturating_sub(NAMED);
    let mut lines: Vec<String> = all.take(NAMED).collect();
    if more > 0 {
        lines.push(format!("And {more} more, which you find in the portal."));
    }
    lines
}

fn letter(
    template: &'static str,
    subject: String,
    mut paragraphs: Vec<String>,
    whom: &[(&Waiting, &str)],
    public_url: &str,
) -> Mail {
    let site = public_url;
    paragraphs.push(format!("You can choose which of these emails you get: {site}/account/emails"));
    let (name, to, href) = match whom {
        [(one, key)] => {
            let place = match one.started {
                Some(_) => return_href(&one.code, key),
                None => format!("/organisations/{}", one.code),
            };
            (one.person_name.as_str(), one.address.as_str(), format!("{site}{place}"))
        }
        many => {
            let (name, to) =
                many.first().map_or(("", ""), |(one, _)| (one.person_name.as_str(), one.address.as_str()));
            (name, to, format!("{site}/home"))
        }
    };
    let words = if whom.len() == 1 { "Go on with the return" } else { "Go to your returns" };
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
