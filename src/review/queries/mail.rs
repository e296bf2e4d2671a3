//! The mails about a question's thread. They name the organisation and the requirement and lead to the portal; what was
//! asked and answered never leaves it by mail.

use super::model::Standing;
use super::store::Query;
use crate::platform::clock::{Day, Timestamp};
use crate::platform::mail::{Letter, Mail};
use crate::review::case::Case;
use crate::review::mail::Links;

/// What a mail to the organisation is about.
pub(in crate::review) struct About {
    organisation: String,
    year: String,
    requirement: String,
    href: String,
}

impl About {
    /// A question of a case.
    pub fn of(case: &Case, query: &Query, links: &Links) -> Self {
        let position = case.found.edition.position_of(query.requirement);
        let requirement = position.and_then(|position| case.edition().requirements().get(position));
        Self {
            organisation: case.found.name.clone(),
            year: case.found.year_label.clone(),
            requirement: requirement.map(|r| format!("{} {}", r.code, r.title)).unwrap_or_default(),
            href: links.query(&case.found.code, &case.found.collection_key, query.id),
        }
    }

    fn letter(
        &self,
        template: &'static str,
        subject: &str,
        (to, name): (&str, &str),
        paragraphs: Vec<String>,
    ) -> Mail {
        Letter {
            template,
            to,
            subject: format!("{subject}: {} return of {}", self.year, self.organisation),
            name,
            paragraphs,
            link: ("See the question", &self.href),
        }
        .into_mail()
    }

    /// What the sentence ends with that says what the mail is about.
    fn place(&self) -> String {
        format!("requirement {} of the {} return of {}", self.requirement, self.year, self.organisation)
    }
}

/// The reviewer asks further.
pub(super) fn asked_further(about: &About, whom: (&str, &str), due: Timestamp) -> Mail {
    let first = format!("The central reviewer has asked further about {}.", about.place());
    let second = format!("Please answer by {}. The review waits for your reply.", due.london_words());
    about.letter("review.query_asked", "A further question", whom, vec![first, second])
}

/// A colleague has written an answer that a lead has to send.
pub(super) fn drafted(about: &About, whom: (&str, &str), author: &str) -> Mail {
    let first = format!("{author} has drafted an answer to the reviewer's question about {}.", about.place());
    let second = "The reviewer gets it when you or another lead has sent it.".to_owned();
    about.letter("review.reply_drafted", "An answer to send", whom, vec![first, second])
}

/// The reviewer has given more time.
pub(super) fn time_given(about: &About, whom: (&str, &str), until: Timestamp) -> Mail {
    let first = format!(
        "The central reviewer gives you until {} to answer the question about {}.",
        until.london_words(),
        about.place()
    );
    about.letter("review.query_time_given", "More time to answer", whom, vec![first])
}

/// The reviewer has refused more time.
pub(super) fn time_refused(about: &About, whom: (&str, &str), due: Timestamp) -> Mail {
    let first = format!(
        "The central reviewer cannot give you more time for the question about {}, and says why.",
        about.place()
    );
    let second = format!("It is due by {} as before.", due.london_words());
    about.letter("review.query_time_refused", "No more time to answer", whom, vec![first, second])
}

/// The reviewer needs no answer any more.
pub(super) fn closed(about: &About, whom: (&str, &str)) -> Mail {
    let first = format!("The central reviewer has closed the question about {}.", about.place());
    let second = "No answer is needed any more. The page says what came of it.".to_owned();
    about.letter("review.query_closed", "No answer is needed any more", whom, vec![first, second])
}

/// What the mail about an answer says.
pub(super) struct Answered<'a> {
    pub to: &'a str,
    pub name: &'a str,
    pub organisation: &'a str,
    pub waiting: i64,
    pub standing: Standing,
    pub href: &'a str,
}

/// The organisation has answered the reviewer.
pub(super) fn answered(about: &Answered<'_>) -> Mail {
    let rest = match (about.standing, about.waiting) {
        (Standing::After, _) => {
            "It came after the question was closed or the review had moved on, and is marked so.".to_owned()
        }
        (_, 0) => "That was the last open question: the review is yours again.".to_owned(),
        (_, 1) => "One more question still waits for its answer.".to_owned(),
        (_, more) => format!("{more} more questions still wait for their answers."),
    };
    let late = if about.standing == Standing::Late { " It came late." } else { "" };
    Letter {
        template: "review.query_answered",
        to: about.to,
        subject: format!("{} has answered your question", about.organisation),
        name: about.name,
        paragraphs: vec![
            format!("{} has answered a question that you asked in its review.{late}", about.organisation),
            rest,
        ],
        link: ("Read the answer", about.href),
    }
    .into_mail()
}

/// The organisation asks for more time.
pub(super) fn time_asked((to, name): (&str, &str), organisation: &str, until: Timestamp, href: &str) -> Mail {
    Letter {
        template: "review.query_time_asked",
        to,
        subject: format!("{organisation} asks for more time to answer"),
        name,
        paragraphs: vec![format!(
            "{organisation} asks for time until {} to answer a question that you asked in its review.",
            until.london_words()
        )],
        link: ("Give or refuse it", href),
    }
    .into_mail()
}

/// One question in a reminder.
#[derive(Debug, Clone)]
pub(super) struct Reminded {
    pub organisation: String,
    pub year: String,
    pub requirement: String,
    pub due_on: Day,
    pub href: String,
}

/// Questions that one mail names; the rest is counted.
const NAMED: usize = 20;

/// Questions that wait for one person's organisations, or that one reviewer waits for.
pub(super) fn reminder(
    (to, name): (&str, &str),
    due: &[&Reminded],
    today: Day,
    to_reviewer: bool,
    public_url: &str,
) -> Option<Mail> {
    let first = due.first()?;
    let line = |one: &&Reminded| {
        let when = match today.days_until(one.due_on) {
            ..0 => format!("was due on {} and is overdue", one.due_on.words()),
            0 => "is due today".to_owned(),
            1 => "is due tomorrow".to_owned(),
            more => format!("is due on {}, in {more} days", one.due_on.words()),
        };
        format!("{} ({}), requirement {}: the answer {when}.", one.organisation, one.year, one.requirement)
    };
    let mut paragraphs: Vec<String> = due.iter().take(NAMED).map(line).collect();
    if due.len() > NAMED {
        paragraphs.push(format!("And {} more, which you find in the portal.", due.len() - NAMED));
    }
    paragraphs.push(if to_reviewer {
        "You can give more time, close the question as not answered, or go on without the answer.".to_owned()
    } else {
        "The review waits for your answer. If you need more time, ask the reviewer for it on the question's page."
            .to_owned()
    });
    paragraphs.push(format!("You can choose which of these emails you get: {public_url}/account/emails"));
    let overdue = due.iter().any(|one| one.due_on < today);
    let many = if due.len() == 1 { "1 question".to_owned() } else { format!("{} questions", due.len()) };
    let subject = match (to_reviewer, overdue) {
        (true, _) => format!("Not answered in time: {many} of yours"),
        (false, true) => format!("Overdue: {many} of a reviewer"),
        (false, false) => format!("Due soon: {many} of a reviewer"),
    };
    let all = format!("{public_url}{}", if to_reviewer { "/reviews/queries?show=overdue" } else { "/home" });
    let href = if due.len() == 1 { first.href.as_str() } else { all.as_str() };
    let words = if due.len() == 1 { "See the question" } else { "See them in the portal" };
    let letter =
        Letter { template: "review.query_reminder", to, subject, name, paragraphs, link: (words, href) };
    Some(letter.into_mail())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(due_on: &str) -> Reminded {
        Reminded {
            organisation: "Fenwick & Marsh <Trust>".to_owned(),
            year: "2026/27".to_owned(),
            requirement: "1-101 A framework".to_owned(),
            due_on: due_on.parse().unwrap(),
            href: "https://portal.example/organisations/ZZ001/returns/2026/queries/7".to_owned(),
        }
    }

    #[test]
    fn a_reminder_says_when_and_never_what() {
        let today = "2026-07-14".parse().unwrap();
        let whom = ("ida@trust.example", "Ida Lead");
        let url = "https://portal.example";
        for (due, subject, words) in [
            ("2026-07-19", "Due soon: 1 question of a reviewer", "in 5 days"),
            ("2026-07-14", "Due soon: 1 question of a reviewer", "is due today"),
            ("2026-07-10", "Overdue: 1 question of a reviewer", "was due on 10 July 2026 and is overdue"),
        ] {
            let mail = reminder(whom, &[&one(due)], today, false, url).unwrap();
            assert_eq!(mail.subject, subject);
            assert!(mail.text.contains(words), "{}", mail.text);
            assert!(mail.text.contains("/queries/7") && mail.text.contains("/account/emails"));
            assert!(mail.html.contains("&lt;Trust&gt;"), "{}", mail.html);
        }
        let many = vec![one("2026-07-10"); 25];
        let all: Vec<&Reminded> = many.iter().collect();
        let mail = reminder(whom, &all, today, true, url).unwrap();
        assert_eq!(mail.subject, "Not answered in time: 25 questions of yours");
        assert!(mail.text.contains("And 5 more") && mail.text.contains("/reviews/queries?show=overdue"));
        assert!(reminder(whom, &[], today, false, url).is_none());
    }

    #[test]
    fn an_answer_says_what_still_waits_and_whether_it_is_late() {
        let mail = |standing, waiting| {
            answered(&Answered {
                to: "ada@centre.example",
                name: "Ada Reviewer",
                organisation: "Fenwick Trust",
                waiting,
                standing,
                href: "https://portal.example/reviews/3/queries/7",
            })
            .text
        };
        assert!(mail(Standing::InTime, 0).contains("the review is yours again"));
        assert!(mail(Standing::InTime, 1).contains("One more question still waits"));
        assert!(mail(Standing::Late, 2).contains("It came late."));
        assert!(mail(Standing::Late, 2).contains("2 more questions still wait"));
        assert!(mail(Standing::After, 0).contains("the review had moved on"));
    }
}
