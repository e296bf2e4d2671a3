//! The mail to whoever was given requirements: one for each sharing-out, with all that it gave.

use crate::platform::clock::Day;
use crate::platform::mail::{Letter, Mail};
use crate::returns::mail::About;
use crate::returns::store::Found;
use crate::standards::Requirement;

/// The requirements listed by name; the rest is counted.
const LISTED: usize = 40;

/// What somebody was given.
pub(super) struct Given<'a> {
    pub name: &'a str,
    pub to: &'a str,
    pub due_on: Day,
    pub requirements: &'a [&'a Requirement],
}

pub(super) fn given(found: &Found, given: &Given<'_>, public_url: &str) -> Mail {
    let about = About::of(found, public_url);
    let count = given.requirements.len();
    let what = if count == 1 { "1 requirement".to_owned() } else { format!("{count} requirements") };
    let mut list: Vec<String> = given
        .requirements
        .iter()
        .take(LISTED)
        .map(|requirement| format!("{} {}", requirement.code, requirement.title))
        .collect();
    if count > LISTED {
        list.push(format!("and {} more", count - LISTED));
    }
    let lines = vec![
        format!(
            "You have been given {what} of the {} return of {} to complete by {}:",
            about.year,
            about.organisation,
            given.due_on.words()
        ),
        list.join("\n"),
    ];
    let link = format!("{}/mine", about.link);
    Letter {
        template: "returns.given",
        to: given.to,
        subject: format!("For you: {what} of the {} return of {}", about.year, about.organisation),
        name: given.name,
        paragraphs: lines,
        link: ("See your requests", &link),
    }
    .into_mail()
}
