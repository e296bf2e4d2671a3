//! A letter as a page: as it was sent, or as it would be.

use serde::Serialize;

use crate::platform::pages::{Fact, Link, Page};
use crate::review::letters::model::{Gap, Letter, SettledLine};

/// What a preview offers besides the letter.
#[derive(Debug, Clone, Default, Serialize)]
pub(in crate::review::letters) struct Preview {
    /// The review.
    pub id: i64,
    /// Its version.
    pub version: i64,
    /// The summary as it is saved.
    pub summary: String,
    /// Whether the reader can finish the review now.
    pub may_finish: bool,
    /// Answers without a decision.
    pub wanting: usize,
}

/// A letter.
#[derive(Debug, Serialize)]
pub(in crate::review::letters) struct LetterPage {
    organisation: String,
    dated: String,
    #[serde(skip)]
    heading: String,
    facts: Vec<Fact>,
    opening: Vec<String>,
    settled: Vec<SettledLine>,
    summary: Vec<String>,
    added: Vec<String>,
    about_gaps: Vec<String>,
    gaps: Vec<Gap>,
    plan: Vec<String>,
    challenge: Vec<String>,
    closing: Vec<String>,
    /// Empty where it cannot be had.
    file_href: String,
    preview: Option<Preview>,
    #[serde(skip)]
    back: Link,
}

impl LetterPage {
    /// The page of a letter; `file` is where its PDF file is.
    pub fn new(letter: Letter, file: String, preview: Option<Preview>, back: Link) -> Self {
        Self {
            organisation: letter.organisation,
            dated: letter.dated,
            heading: letter.title,
            facts: letter.facts.into_iter().map(|(key, value)| Fact::new(key, value)).collect(),
            opening: letter.opening,
            settled: letter.settled,
            summary: letter.summary,
            added: letter.added,
            about_gaps: letter.about_gaps,
            gaps: letter.gaps,
            plan: letter.plan,
            challenge: letter.challenge,
            closing: letter.closing,
            file_href: file,
            preview,
            back,
        }
    }
}

impl Page for LetterPage {
    const TEMPLATE: &'static str = "review/letters/letter.html";

    fn title(&self) -> String {
        if self.preview.is_some() { format!("Preview: {}", self.heading) } else { self.heading.clone() }
    }

    fn back(&self) -> Option<Link> {
        Some(self.back.clone())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let words = |text: &str| vec![text.to_owned()];
        let sample = |rows: usize, preview: Option<Preview>| Self {
            organisation: "Fenwick & Marsh Trust".to_owned(),
            dated: "3 March 2026".to_owned(),
            heading: "The decision on your 2026/27 return".to_owned(),
            facts: vec![Fact::new("Grade claimed", "Satisfactory")],
            opening: words("We have reviewed your return."),
            settled: (0..rows)
                .map(|_| SettledLine {
                    heading: "1-101 A framework".to_owned(),
                    verdict: "Upheld".to_owned(),
                    now: "Level 2".to_owned(),
                    reason: words("The minutes show it."),
                })
                .collect(),
            summary: words("Sound work."),
            added: words("Ask us."),
            about_gaps: words("Every requirement meets what is asked."),
            gaps: (0..rows)
                .map(|_| Gap {
                    requirement: "1-101".to_owned(),
                    heading: "1-101 A framework".to_owned(),
                    claimed: "Level 2".to_owned(),
                    assessed: "Level 1".to_owned(),
                    expected: "Level 2".to_owned(),
                    reason: words("The policy is a draft."),
                    close: "Reach level 2.".to_owned(),
                })
                .collect(),
            plan: words("We ask for no improvement plan."),
            challenge: words("You can challenge this decision."),
            closing: words("Data security assurance programme"),
            file_href: if preview.is_some() {
                String::new()
            } else {
                "/reviews/1/letters/1/letter.pdf".to_owned()
            },
            preview,
            back: Link::new("Back to the review", "/reviews/1"),
        };
        let preview = |wanting: usize| Preview {
            id: 1,
            version: 3,
            summary: "Sound work.".to_owned(),
            may_finish: wanting == 0,
            wanting,
        };
        vec![
            ("sent", sample(1, None)),
            ("short", sample(0, None)),
            ("long", sample(50, None)),
            ("preview", sample(1, Some(preview(0)))),
            ("preview too early", sample(1, Some(preview(2)))),
        ]
    }
}
