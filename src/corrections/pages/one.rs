//! One correction: the rules before and after, what it makes of the returns, and the forms of whoever may go on.

use serde::Serialize;

use super::{RuleRow, grade, sector, state_tag, way};
use crate::corrections::correction_href;
use crate::corrections::decide::STATEMENT_LIMIT;
use crate::corrections::listing::{Group, meeting_of};
use crate::corrections::model::CorrectionState;
use crate::corrections::store::Correction;
use crate::platform::canonical::hex;
use crate::platform::clock::Timestamp;
use crate::platform::pages::words::number;
use crate::platform::pages::{Choice, ErrorSummary, Field, FormErrors, Link, Page, Tag};
use crate::standards::Edition;
use crate::standards::correcting::differences;

/// What somebody may do with the correction now.
#[derive(Debug, Clone, Copy)]
pub(in crate::corrections) struct May {
    /// Change it and ask for its preview.
    pub edit: bool,
    /// Give it up.
    pub discard: bool,
    /// Approve or refuse it.
    pub decide: bool,
    /// Whether they wrote it.
    pub is_author: bool,
}

/// A number of returns from one grade to another, or of one sector.
#[derive(Debug, Serialize)]
struct Count {
    about: String,
    to: String,
    count: String,
    changed: String,
}

/// One correction.
#[derive(Debug, Serialize)]
pub(in crate::corrections) struct CorrectionPage {
    #[serde(skip)]
    key: String,
    #[serde(skip)]
    edition: String,
    #[serde(skip)]
    number: i64,
    errors: ErrorSummary,
    href: String,
    tag: Tag,
    version: String,
    rule_sets: (String, String),
    author: String,
    drafted_at: i64,
    since: Option<i64>,
    document_hash: String,
    reason: String,
    refusal: String,
    statement: String,
    rules: Vec<RuleRow>,
    /// Progress of the running job, in words; empty when none runs.
    progress: String,
    /// Whether there is something to read of the returns.
    computed: bool,
    previewed_at: Option<i64>,
    total: String,
    meeting: (String, String),
    none_meets: bool,
    by_sector: Vec<Count>,
    by_grade: Vec<Count>,
    releases: Vec<Link>,
    may_edit: bool,
    may_preview: bool,
    may_discard: bool,
    may_decide: bool,
    waits_for_another: bool,
    decision: Field,
    decisions: Vec<Choice>,
    said: Field,
    statement_limit: usize,
    none_accepted: Field,
    accepted: Vec<Choice>,
}

impl CorrectionPage {
    /// The page, with what a decider typed and what is wrong with it.
    pub fn new(
        of: &Correction,
        (before, after): (&Edition, &Edition),
        groups: &[Group],
        releases: &[(String, String)],
        may: May,
        (typed, errors): (&str, &FormErrors),
    ) -> Self {
        let counted = meeting_of(groups);
        let computed = of.state == CorrectionState::Previewed
            || of.state == CorrectionState::Rescoring
            || of.state.was_in_force();
        let (total, done) = of.progress;
        let running = matches!(of.state, CorrectionState::Previewing | CorrectionState::Rescoring);
        let rules = differences(before, after);
        Self {
            key: of.edition_key.clone(),
            edition: format!("{} {}", after.standard_name(), after.label()),
            number: of.number,
            errors: errors.summary(),
            href: correction_href(&of.edition_key, of.number),
            tag: state_tag(of.state),
            version: of.version.to_string(),
            rule_sets: (before.rule_set().to_owned(), after.rule_set().to_owned()),
            author: of.author.clone(),
            drafted_at: of.drafted_at.micros(),
            since: of.in_force_at.map(Timestamp::micros),
            document_hash: hex(&of.document_hash),
            reason: of.reason.clone(),
            refusal: of.refusal.clone(),
            statement: of.statement.clone(),
            rules: rules.iter().map(RuleRow::of).collect(),
            progress: if running {
                format!("{} of {} returns", number(done.into()), number(total.into()))
            } else {
                String::new()
            },
            computed,
            previewed_at: of.previewed_at.map(Timestamp::micros).filter(|_| computed),
            total: number(counted.total.into()),
            meeting: (number(counted.before.into()), number(counted.after.into())),
            none_meets: computed && counted.is_satisfied_by_none(),
            by_sector: by_sector(groups),
            by_grade: by_grade(groups),
            releases: releases.iter().map(|(href, title)| Link::new(title.clone(), href.clone())).collect(),
            may_edit: may.edit,
            may_preview: may.edit,
            may_discard: may.discard,
            may_decide: may.decide,
            waits_for_another: may.is_author && of.state == CorrectionState::Previewed,
            ..Self::form(typed, errors)
        }
    }

    /// The decision's form on an otherwise empty page.
    fn form(typed: &str, errors: &FormErrors) -> Self {
        Self {
            key: String::new(),
            edition: String::new(),
            number: 0,
            errors: errors.summary(),
            href: String::new(),
            tag: state_tag(CorrectionState::Draft),
            version: String::new(),
            rule_sets: (String::new(), String::new()),
            author: String::new(),
            drafted_at: 0,
            since: None,
            document_hash: String::new(),
            reason: String::new(),
            refusal: String::new(),
            statement: String::new(),
            rules: Vec::new(),
            progress: String::new(),
            computed: false,
            previewed_at: None,
            total: String::new(),
            meeting: (String::new(), String::new()),
            none_meets: false,
            by_sector: Vec::new(),
            by_grade: Vec::new(),
            releases: Vec::new(),
            may_edit: false,
            may_preview: false,
            may_discard: false,
            may_decide: false,
            waits_for_another: false,
            decision: Field::new("decision", "Is the correction right?").errors(errors),
            decisions: vec![
                Choice::new("approve", "Yes, put it in force"),
                Choice::new("refuse", "No, it goes back to its author"),
            ],
            said: Field::new("statement", "What you have checked, or why you refuse it")
                .hint("It is kept on record with your name.")
                .value(typed)
                .errors(errors),
            statement_limit: STATEMENT_LIMIT,
            none_accepted: Field::new("none_accepted", "No return meets the standard under these rules")
                .errors(errors),
            accepted: vec![Choice::new("yes", "I have seen this, and it is meant")],
        }
    }
}

fn by_sector(groups: &[Group]) -> Vec<Count> {
    let mut sectors: Vec<&str> = groups.iter().map(|group| group.sector.as_str()).collect();
    sectors.sort_unstable();
    sectors.dedup();
    let each = sectors.into_iter().map(|key| {
        let own = groups.iter().filter(|group| group.sector == key);
        let (count, changed) = own.fold((0, 0), |sum, group| (sum.0 + group.count, sum.1 + group.changed));
        Count {
            about: sector(key),
            to: String::new(),
            count: number(i128::from(count)),
            changed: number(i128::from(changed)),
        }
    });
    each.collect()
}

fn by_grade(groups: &[Group]) -> Vec<Count> {
    let mut all: std::collections::BTreeMap<(&str, &str), (i64, i64)> = std::collections::BTreeMap::new();
    for group in groups {
        let sum = all.entry((&group.old, &group.new)).or_default();
        *sum = (sum.0 + group.count, sum.1 + group.changed);
    }
    all.into_iter()
        .map(|((old, new), (count, changed))| Count {
            about: grade(old),
            to: grade(new),
            count: number(count.into()),
            changed: number(changed.into()),
        })
        .collect()
}

impl Page for CorrectionPage {
    const TEMPLATE: &'static str = "corrections/one.html";

    fn title(&self) -> String {
        format!("Correction {} of {}", self.number, self.edition)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        let mut way = way(&self.key, &self.edition);
        way.push(Link::new("Corrections", format!("/standards/{}/corrections", self.key)));
        way
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let count = || Count {
            about: "Satisfactory".to_owned(),
            to: "Not satisfactory".to_owned(),
            count: "1,204".to_owned(),
            changed: "1,204".to_owned(),
        };
        let page = |errors: &FormErrors| Self {
            key: "sample-2026".to_owned(),
            edition: "Sample standard 2026".to_owned(),
            number: 1,
            href: "/standards/sample-2026/corrections/1".to_owned(),
            version: "3".to_owned(),
            rule_sets: ("sample-2026.1".to_owned(), "sample-2026.1+1".to_owned()),
            author: "Edith Editor".to_owned(),
            drafted_at: 1_780_000_000_000_000,
            document_hash: "ab".repeat(32),
            reason: "Two minima were too low.".to_owned(),
            rules: vec![RuleRow::sample()],
            ..Self::form("", errors)
        };
        let mut errors = FormErrors::new();
        errors.add("decision", "Select whether you approve the correction");
        errors.add("statement", "Say what you have checked");
        errors.add("none_accepted", "Confirm that this is meant");
        let waits = |errors: &FormErrors| Self {
            tag: state_tag(CorrectionState::Previewed),
            computed: true,
            previewed_at: Some(1_780_000_000_000_000),
            total: "64,000".to_owned(),
            meeting: ("40,000".to_owned(), "0".to_owned()),
            none_meets: true,
            by_sector: vec![count()],
            by_grade: vec![count()],
            releases: vec![Link::new("Results 2026", "/public/releases/returns-2026")],
            may_decide: true,
            ..page(errors)
        };
        let none = FormErrors::new();
        vec![
            (
                "draft",
                Self {
                    refusal: "The second minimum is right.".to_owned(),
                    may_edit: true,
                    may_preview: true,
                    may_discard: true,
                    ..page(&none)
                },
            ),
            ("running", Self { progress: "12,000 of 64,000 returns".to_owned(), ..page(&none) }),
            ("waits", waits(&none)),
            ("author", Self { may_decide: false, waits_for_another: true, ..waits(&none) }),
            ("error", waits(&errors)),
            (
                "in_force",
                Self {
                    may_decide: false,
                    since: Some(1_780_000_000_000_000),
                    statement: "Checked against the paper.".to_owned(),
                    ..waits(&none)
                },
            ),
        ]
    }
}
