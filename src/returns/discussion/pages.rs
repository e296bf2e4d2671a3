//! The discussion of one requirement.

use serde::Serialize;

use super::comment::TEXT_LIMIT;
use super::store::Comment;
use crate::platform::clock::Timestamp;
use crate::platform::ids::PersonId;
use crate::platform::pages::{Choice, ErrorSummary, Field, FormErrors, Link, Page};
use crate::returns::pages::{sample_way, way_of};
use crate::returns::readiness::question_href;
use crate::returns::store::Found;
use crate::standards::Requirement;

/// One comment.
#[derive(Debug, Serialize)]
pub struct CommentItem {
    id: String,
    by: String,
    at: i64,
    text: String,
    mentioned: Vec<String>,
    /// When it was withdrawn.
    withdrawn_at: Option<i64>,
    /// Empty unless it is this person's own and stands.
    withdraw_href: String,
}

/// The discussion, the newest comment last.
#[derive(Debug, Serialize)]
pub struct DiscussionPage {
    code: String,
    heading: String,
    question: String,
    errors: ErrorSummary,
    comments: Vec<CommentItem>,
    text: Field,
    limit: usize,
    mention: Field,
    colleagues: Vec<Choice>,
    #[serde(skip)]
    way: Vec<Link>,
}

/// What was typed.
#[derive(Debug, Clone, Default)]
pub(super) struct Typed {
    pub text: String,
    pub mentioned: Vec<String>,
}

impl DiscussionPage {
    /// The page as this person sees it; `colleagues` can be named.
    #[must_use]
    pub(super) fn new(
        found: &Found,
        requirement: &Requirement,
        (me, comments): (PersonId, &[Comment]),
        colleagues: &[(PersonId, String)],
        (typed, errors): (&Typed, &FormErrors),
    ) -> Self {
        let href = question_href(&found.code, &found.collection.key, requirement.code.as_str());
        let colleague = |(person, name): &(PersonId, String)| {
            let value = person.to_string();
            let ticked = typed.mentioned.contains(&value);
            Choice::new(value, name.as_str()).checked(ticked)
        };
        Self {
            code: requirement.code.to_string(),
            heading: requirement.title.clone(),
            errors: errors.summary(),
            comments: comments.iter().map(|comment| item(comment, me, &href)).collect(),
            text: text_field().value(&typed.text).errors(errors),
            limit: TEXT_LIMIT,
            mention: mention_field().errors(errors),
            colleagues: colleagues.iter().filter(|(person, _)| *person != me).map(colleague).collect(),
            question: href,
            way: way_of(found),
        }
    }
}

fn text_field() -> Field {
    Field::new("text", "Your comment")
        .hint("Seen by your colleagues, never published and never part of the submission")
}

fn mention_field() -> Field {
    Field::new("mention", "Who should know? (optional)")
        .hint("They get an email that leads here and quotes nothing")
}

fn item(comment: &Comment, me: PersonId, href: &str) -> CommentItem {
    let own = comment.author == me && comment.withdrawn_at.is_none();
    CommentItem {
        id: comment.id.to_string(),
        by: comment
            .quoted
            .as_ref()
            .map_or_else(|| comment.author_name.clone(), |quoted| quoted.words(&comment.author_name)),
        at: comment.written_at.micros(),
        text: comment.text.clone(),
        mentioned: comment.mentioned.clone(),
        withdrawn_at: comment.withdrawn_at.map(Timestamp::micros),
        withdraw_href: if own { format!("{href}/comments/{}/withdraw", comment.id) } else { String::new() },
    }
}

impl Page for DiscussionPage {
    const TEMPLATE: &'static str = "returns/discussion/discussion.html";

    fn title(&self) -> String {
        format!("Discussion of {} {}", self.code, self.heading)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let item = |id: &str, withdrawn: bool| CommentItem {
            id: id.to_owned(),
            by: "Ada Example".to_owned(),
            at: 1_780_000_000_000_000,
            text: if withdrawn { String::new() } else { "Who has the minutes?".to_owned() },
            mentioned: if withdrawn { Vec::new() } else { vec!["Grace Example".to_owned()] },
            withdrawn_at: withdrawn.then_some(1_780_000_000_000_000),
            withdraw_href: if withdrawn { String::new() } else { "/withdraw".to_owned() },
        };
        let page = |comments, colleagues, errors: &FormErrors| Self {
            code: "1-101".to_owned(),
            heading: "Framework".to_owned(),
            question: "/organisations/ZZ001/returns/2026/requirements/1-101".to_owned(),
            errors: errors.summary(),
            comments,
            text: text_field().errors(errors),
            limit: TEXT_LIMIT,
            mention: mention_field().errors(errors),
            colleagues,
            way: sample_way(),
        };
        let mut errors = FormErrors::new();
        errors.add("text", "Enter your comment");
        let colleagues = || vec![Choice::new("1", "Grace Example")];
        vec![
            ("empty", page(Vec::new(), Vec::new(), &FormErrors::new())),
            ("typical", page(vec![item("1", false), item("2", true)], colleagues(), &FormErrors::new())),
            ("error", page(vec![item("1", false)], colleagues(), &errors)),
        ]
    }
}
