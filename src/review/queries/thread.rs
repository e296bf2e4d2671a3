//! A question's thread on a page, made from questions that are loaded already: for the reviewer, or for the organisation,
//! which reads no names of reviewers. Drafts are in neither.

use serde::Serialize;

use super::model::{QueryOutcome, QueryState, Side, TimeState};
use super::store::{File, Message, Query, TimeAsked};
use crate::platform::pages::Tag;
use crate::returns::{LINK_TYPE, ScanState};
use crate::review::case::Case;
use crate::review::pages::{paragraphs, size_words};

/// One question with what was said.
#[derive(Debug, Clone, Serialize)]
pub(in crate::review) struct Thread {
    requirement: String,
    /// The page of the question, for whoever looks.
    href: String,
    tag: Tag,
    due_at: i64,
    waiting: bool,
    messages: Vec<MessageShown>,
    time: Vec<String>,
    /// How it ended; empty while it is open.
    outcome: &'static str,
    note: Vec<String>,
}

/// One message.
#[derive(Debug, Clone, Serialize)]
pub(in crate::review) struct MessageShown {
    from: String,
    at: i64,
    /// Whether the organisation wrote it.
    theirs: bool,
    /// What is to be said of when it came; empty where it came in time.
    mark: &'static str,
    text: Vec<String>,
    files: Vec<FileShown>,
}

/// One file beside a message.
#[derive(Debug, Clone, Serialize)]
pub(in crate::review) struct FileShown {
    text: String,
    href: String,
    /// What is to be said of its scan; empty where it can be read.
    scan: &'static str,
}

impl FileShown {
    /// A file below an address; a link's name is its address, which was read as one when it came.
    pub fn new(file: &File, below: &str) -> Self {
        let is_link = file.media_type == LINK_TYPE && file.name.starts_with("https://");
        Self {
            text: if is_link {
                file.name.clone()
            } else {
                format!("{} ({})", file.name, size_words(file.size))
            },
            href: if is_link { file.name.clone() } else { format!("{below}/evidence/{}", file.id) },
            scan: match file.scan {
                ScanState::Pending => "waits for its malware scan",
                ScanState::Refused => "refused by the malware scan",
                ScanState::NotScanned | ScanState::Clean => "",
            },
        }
    }

    /// An example for the checks.
    pub fn sample() -> Self {
        Self {
            text: "minutes.pdf (12 KB)".to_owned(),
            href: "/reviews/1/evidence/2".to_owned(),
            scan: "waits for its malware scan",
        }
    }
}

impl Thread {
    /// A question of the case, for the reviewer.
    pub fn new(case: &Case, query: &Query) -> Self {
        let review = format!("/reviews/{}", case.found.review.id);
        Self::of(case, query, (&format!("{review}/queries/{}", query.id), &review), true)
    }

    /// A question of the case, for the organisation.
    pub fn for_organisation(case: &Case, query: &Query) -> Self {
        let (code, key) = (&case.found.code, &case.found.collection_key);
        let href = format!("/organisations/{code}/returns/{key}/queries/{}", query.id);
        Self::of(case, query, (&href, &href), false)
    }

    fn of(case: &Case, query: &Query, (href, files): (&str, &str), names_reviewers: bool) -> Self {
        let position = case.found.edition.position_of(query.requirement);
        let requirement = position.and_then(|position| case.edition().requirements().get(position));
        Self {
            requirement: requirement.map(|r| format!("{} {}", r.code, r.title)).unwrap_or_default(),
            href: href.to_owned(),
            tag: tag_of(query.state),
            due_at: query.due_at.micros(),
            waiting: query.is_waiting(),
            messages: query
                .sent()
                .into_iter()
                .map(|message| MessageShown::new(message, files, names_reviewers))
                .collect(),
            time: query.time.iter().filter_map(time_words).collect(),
            outcome: query.outcome.map_or("", QueryOutcome::words),
            note: paragraphs(&query.note),
        }
    }

    /// An example for the checks.
    pub fn sample(answered: bool) -> Self {
        let message = |theirs: bool, mark: &'static str| MessageShown {
            from: if theirs { "Ida Lead" } else { "The reviewer" }.to_owned(),
            at: 1_780_000_000_000_000,
            theirs,
            mark,
            text: vec!["Which committee approved it?".to_owned()],
            files: if theirs { vec![FileShown::sample()] } else { Vec::new() },
        };
        let mut messages = vec![message(false, "")];
        if answered {
            messages.extend([message(true, "Late"), message(false, ""), message(true, "")]);
        }
        Self {
            requirement: "1-101 A framework for governance".to_owned(),
            href: if answered { "/reviews/1/queries/1" } else { "/reviews/1/queries/2" }.to_owned(),
            tag: tag_of(if answered { QueryState::Closed } else { QueryState::Open }),
            due_at: 1_790_000_000_000_000,
            waiting: !answered,
            messages,
            time: vec!["More time was given until 3 March 2027 at 5pm.".to_owned()],
            outcome: if answered { QueryOutcome::Stands.words() } else { "" },
            note: if answered { vec!["The minutes say so.".to_owned()] } else { Vec::new() },
        }
    }
}

impl MessageShown {
    /// A sent message; files stand below an address.
    fn new(message: &Message, files: &str, names_reviewers: bool) -> Self {
        let theirs = message.side == Side::Organisation;
        Self {
            from: if theirs || names_reviewers {
                message.author_name.clone()
            } else {
                "The reviewer".to_owned()
            },
            at: message.sent_at.unwrap_or(message.written_at).micros(),
            theirs,
            mark: message.standing.words(),
            text: paragraphs(&message.text),
            files: message.files.iter().map(|file| FileShown::new(file, files)).collect(),
        }
    }
}

/// Where a question stands, as a coloured word.
pub(super) fn tag_of(state: QueryState) -> Tag {
    let colour = match state {
        QueryState::Open => "yellow",
        QueryState::Answered => "blue",
        QueryState::Closed => "green",
    };
    Tag::new(state.words(), colour)
}

/// What was asked for and given, as a sentence.
fn time_words(time: &TimeAsked) -> Option<String> {
    let because = |text: &str| if text.is_empty() { String::new() } else { format!(": {text}") };
    let wanted = time.wanted.map(|until| format!("Time was asked for until {}", until.london_words()));
    let asked = wanted.map(|words| format!("{words}{}.", because(&time.reason)));
    let answer = match (time.state, time.given) {
        (TimeState::Given, Some(until)) => {
            Some(format!("More time was given until {}{}.", until.london_words(), because(&time.answer)))
        }
        (TimeState::Refused, _) => Some(format!("It was refused{}.", because(&time.answer))),
        (TimeState::Overtaken, _) => Some("Nobody needs it any more.".to_owned()),
        _ => None,
    };
    let said: Vec<String> = [asked, answer].into_iter().flatten().collect();
    (!said.is_empty()).then(|| said.join(" "))
}
