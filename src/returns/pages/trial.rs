//! The trial run of submitting: what still blocks, the steps that are left, and what the answers would give.

use serde::Serialize;

use super::Tag;
use super::answers::{Outcome, sample_outcome};
use crate::identity;
use crate::platform::pages::{Link, Page};
use crate::returns::model::{Block, ReturnState, SiteBlock, Standing};
use crate::returns::readiness::question_href;
use crate::returns::signing;
use crate::returns::sites::{exception_href, sites_href};
use crate::returns::store::Found;
use crate::standards::scoring::Score;

/// Answers for sites that are listed; the rest is behind one link.
const LISTED: usize = 50;

/// Who signs and who submits.
#[derive(Debug, Clone)]
pub struct Signers {
    /// Every role that signs, with how far it has got.
    pub roles: Vec<signing::Standing>,
    /// Names of those who can submit.
    pub senders: Vec<String>,
}

/// One step on the way to the submission.
#[derive(Debug, Serialize)]
pub struct TrialStep {
    what: String,
    tag: Tag,
    /// What is in its way; empty when nothing is.
    trouble: String,
}

/// The trial run.
#[derive(Debug, Serialize)]
pub struct TrialPage {
    organisation: String,
    collection: String,
    open: bool,
    late: bool,
    due_at: i64,
    taken_until: i64,
    sent: bool,
    steps: Vec<TrialStep>,
    delegations_href: String,
    blocks: Vec<Block>,
    /// The first of what the sites need.
    site_blocks: Vec<SiteBlock>,
    /// How many more there are.
    more_site_blocks: usize,
    sites_href: String,
    outcome: Outcome,
    hash: String,
    #[serde(skip)]
    way: Vec<Link>,
}

impl TrialPage {
    /// The trial run of a return as it stands.
    #[must_use]
    pub fn new(
        found: &Found,
        standing: &Standing,
        signers: &Signers,
        score: &Score,
        hash: String,
        late: bool,
    ) -> Self {
        Self {
            organisation: found.name.clone(),
            collection: found.collection.name.clone(),
            open: standing.open,
            late,
            due_at: standing.due_at.micros(),
            taken_until: standing.taken_until.micros(),
            sent: found.state.is_sent(),
            steps: steps(found.state, standing, signers),
            delegations_href: format!("/organisations/{}/sign-off", found.code),
            blocks: standing.blocks.clone(),
            site_blocks: standing.site_blocks().iter().take(LISTED).cloned().collect(),
            more_site_blocks: standing.site_blocks().len().saturating_sub(LISTED),
            sites_href: sites_href(&found.code, &found.collection.key),
            outcome: score.into(),
            hash,
            way: super::way_of(found),
        }
    }
}

fn steps(state: ReturnState, standing: &Standing, signers: &Signers) -> Vec<TrialStep> {
    let ready = state != ReturnState::Draft;
    let signed = ready && state != ReturnState::Ready;
    let nobody = "Nobody in your organisation holds this role. Your administrator can invite somebody.";
    let mut steps = vec![step(
        format!("Complete the {} requirements that count for you", standing.asked),
        standing.blocks.is_empty(),
        match standing.blocks.len() {
            0 => String::new(),
            1 => "1 is not completed.".to_owned(),
            more => format!("{more} are not completed."),
        },
    )];
    if let Some(wanted) = &standing.sites {
        let trouble = match wanted.len() {
            0 => String::new(),
            1 => "1 answer is still to be given.".to_owned(),
            more => format!("{more} answers are still to be given."),
        };
        steps.push(step("Give the answers that your sites need".to_owned(), wanted.is_empty(), trouble));
    }
    steps.push(step(
        "The information governance lead marks the return as ready".to_owned(),
        ready,
        String::new(),
    ));
    steps.extend(signers.roles.iter().map(|role| {
        let names: Vec<String> = role.signatories.iter().map(identity::Signatory::words).collect();
        let done = signed || (ready && !role.is_wanted());
        let trouble = if done { "" } else { role.trouble() };
        step(whom(&format!("Signature as {}", role.role().in_a_sentence()), &names), done, trouble.to_owned())
    }));
    steps.push(step(
        whom("Submission", &signers.senders),
        state.is_sent(),
        if signers.senders.is_empty() { nobody.to_owned() } else { String::new() },
    ));
    steps
}

fn whom(what: &str, names: &[String]) -> String {
    match names {
        [] => what.to_owned(),
        names => format!("{what}: {}", names.join(" or ")),
    }
}

fn step(what: String, done: bool, trouble: String) -> TrialStep {
    let tag = match (done, trouble.is_empty()) {
        (true, _) => Tag { text: "Done", colour: "green" },
        (false, true) => Tag { text: "To do", colour: "grey" },
        (false, false) => Tag { text: "Blocked", colour: "red" },
    };
    TrialStep { what, tag, trouble }
}

impl Page for TrialPage {
    const TEMPLATE: &'static str = "returns/trial.html";

    fn title(&self) -> String {
        format!("Trial run: the return of {}", self.organisation)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |sent: bool, steps, blocks, (site_blocks, outcome): (Vec<SiteBlock>, Outcome)| Self {
            organisation: "Example Trust".to_owned(),
            collection: "Annual collection 2026".to_owned(),
            open: !sent,
            late: sent,
            due_at: 1_780_000_000_000_000,
            taken_until: 1_790_000_000_000_000,
            sent,
            steps,
            delegations_href: "/organisations/ZZ001/sign-off".to_owned(),
            blocks,
            more_site_blocks: site_blocks.len(),
            site_blocks,
            sites_href: sites_href("ZZ001", "2026"),
            outcome,
            hash: "00".repeat(32),
            way: super::sample_way(),
        };
        let block = Block {
            requirement: "1-101".to_owned(),
            title: "Framework".to_owned(),
            reason: "There is no answer yet.".to_owned(),
            href: question_href("ZZ001", "2026", "1-101"),
        };
        let blocked = vec![
            step("Complete the 45 requirements".to_owned(), false, "1 is not completed.".to_owned()),
            step("Submission".to_owned(), false, String::new()),
        ];
        let of_site = SiteBlock {
            code: "ZS001".to_owned(),
            name: "Example Pharmacy".to_owned(),
            requirement: "1-102".to_owned(),
            reason: "Your head office is not asked this, so the site needs an answer of its own.".to_owned(),
            href: exception_href("ZZ001", "2026", "ZS001", "1-102"),
        };
        vec![
            ("empty", page(false, Vec::new(), Vec::new(), (Vec::new(), Outcome::default()))),
            ("blocked", page(false, blocked, vec![block], (vec![of_site], sample_outcome()))),
            (
                "sent",
                page(
                    true,
                    vec![step("Done".to_owned(), true, String::new())],
                    Vec::new(),
                    (Vec::new(), sample_outcome()),
                ),
            ),
        ]
    }
}
