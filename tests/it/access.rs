//! The golden table of who may do what: every action, by role and by state, as the one function that grants permits
//! answers. A change of a row shows as a change of `tests/golden/access.snap`, for a person to read.

use std::fmt::Write as _;

use portal::access::{ACTIONS, ActionRow, Actor, Audience, CentralRole, OrganisationRole, Subject};
use portal::certificates::CertificateState;
use portal::collections::CollectionState;
use portal::corrections::CorrectionState as RuleCorrectionState;
use portal::identity::PersonState;
use portal::organisations::{CorrectionState, QuarantineState};
use portal::platform::Error;
use portal::platform::ids::{OrganisationId, PersonId};
use portal::platform::jobs::JobState;
use portal::publication::{ReleaseDateState, ReleaseState};
use portal::returns::{PieceState, PlanState, ReturnState, ScanState};
use portal::review::consistency::{AlertState, BlindState, ComparisonState, GoldState};
use portal::review::{ReasonState, ReviewState};
use portal::standards::editing::DraftState;
use portal::standards::mapping::MappingState;
use portal::standards::register::ProposalState;

const HERE: OrganisationId = OrganisationId::new(1);
const ELSEWHERE: OrganisationId = OrganisationId::new(2);

/// Everybody who could ask: each role, with a person of each.
fn people() -> Vec<(String, Actor)> {
    let person = |memberships, central, interests| {
        Actor::person(PersonId::new(1), "A person".to_owned(), memberships, central, interests)
    };
    let mut people = vec![("The system".to_owned(), Actor::system())];
    for role in OrganisationRole::ALL {
        people.push((role.words().to_owned(), person(vec![(HERE, *role)], vec![], vec![])));
    }
    let stands_in = person(vec![(HERE, OrganisationRole::IgLead)], vec![], vec![]);
    people.push((
        "Information governance lead, for SIRO".to_owned(),
        stands_in.standing_in(vec![(HERE, OrganisationRole::Siro)]),
    ));
    let everything = OrganisationRole::ALL.iter().map(|role| (ELSEWHERE, *role)).collect();
    people.push(("Every role, of another organisation".to_owned(), person(everything, vec![], vec![])));
    for role in CentralRole::ALL {
        people.push((role.words().to_owned(), person(vec![], vec![*role], vec![])));
    }
    let all = CentralRole::ALL.to_vec();
    people.push(("Every central role, with an interest".to_owned(), person(vec![], all.clone(), vec![HERE])));
    people.push((
        "Every central role, and contributor".to_owned(),
        person(vec![(HERE, OrganisationRole::Contributor)], all, vec![]),
    ));
    people.push(("Nobody's role".to_owned(), person(vec![], vec![], vec![])));
    people
}

/// Every state that a record of this kind can be in.
fn states(row: &ActionRow) -> Vec<&'static str> {
    match row.on {
        "return" => ReturnState::ALL.iter().map(|s| s.as_str()).collect(),
        "review" => ReviewState::ALL.iter().map(|s| s.as_str()).collect(),
        "collection" => CollectionState::ALL.iter().map(|s| s.as_str()).collect(),
        "release" => ReleaseState::ALL.iter().map(|s| s.as_str()).collect(),
        "release date" => ReleaseDateState::ALL.iter().map(|s| s.as_str()).collect(),
        "quarantined row" => QuarantineState::ALL.iter().map(|s| s.as_str()).collect(),
        "piece of evidence" => PieceState::ALL.iter().map(|s| s.as_str()).collect(),
        "version of evidence" => ScanState::ALL.iter().map(|s| s.as_str()).collect(),
        "job" => JobState::ALL.iter().map(|s| s.as_str()).collect(),
        "certificate" => CertificateState::ALL.iter().map(|s| s.as_str()).collect(),
        "edition draft" => DraftState::ALL.iter().map(|s| s.as_str()).collect(),
        "guidance note" => vec!["scheduled", "published"],
        "proposal" => ProposalState::ALL.iter().map(|s| s.as_str()).collect(),
        "mapping" => MappingState::ALL.iter().map(|s| s.as_str()).collect(),
        "reason" => ReasonState::ALL.iter().map(|s| s.as_str()).collect(),
        "plan" => PlanState::ALL.iter().map(|s| s.as_str()).collect(),
        "person" => PersonState::ALL.iter().map(|s| s.as_str()).collect(),
        // An invitation that is used, ended or expired is not found at all.
        "invitation" => vec!["open"],
        "blind case" => BlindState::ALL.iter().map(|s| s.as_str()).collect(),
        "disagreement" => ComparisonState::ALL.iter().map(|s| s.as_str()).collect(),
        "gold case" => GoldState::ALL.iter().map(|s| s.as_str()).collect(),
        "drift alert" => AlertState::ALL.iter().map(|s| s.as_str()).collect(),
        "correction" => CorrectionState::ALL.iter().map(|s| s.as_str()).collect(),
        "saved view" => vec!["any"],
        "rule correction" => RuleCorrectionState::ALL.iter().map(|s| s.as_str()).collect(),
        "programme" | "organisation" | "submission" | "site" => vec!["any"],
        other => panic!("which states does a {other} have?"),
    }
}

/// The organisation that a record of this kind belongs to.
fn owner(row: &ActionRow) -> Option<OrganisationId> {
    match (row.on, row.audience) {
        ("organisation" | "return" | "review" | "plan" | "blind case" | "disagreement", _)
        | (_, Audience::Members(_) | Audience::Signers(_)) => Some(HERE),
        _ => None,
    }
}

fn answer(row: &ActionRow, actor: &Actor, state: &'static str) -> &'static str {
    let subject = Subject { kind: row.on, id: 1, organisation: owner(row), state };
    match row.allows(actor, &subject) {
        Ok(()) => "yes",
        Err(Error::NotFound) => "unseen",
        Err(Error::Forbidden(_)) => "no",
        Err(Error::Refused(_)) => "not now",
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn who_may_do_what_is_as_agreed() {
    let mut table = String::from(
        "Who may do what, by role and by the record's state. yes: may; not now: may, in another state; no: refused;\n\
         unseen: told that there is nothing there. The record belongs to the asking person's organisation unless the\n\
         role says otherwise.\n",
    );
    for row in ACTIONS {
        let states = states(row);
        for state in row.states {
            assert!(states.contains(state), "{}: a {} is never \"{state}\"", row.name, row.on);
        }
        writeln!(table, "\n{} (on a {})", row.name, row.on).unwrap();
        write!(table, "  {:<38}", "").unwrap();
        writeln!(table, "{}", states.iter().map(|s| format!("{s:<17}")).collect::<String>().trim_end())
            .unwrap();
        for (words, actor) in people() {
            let cells: String =
                states.iter().map(|state| format!("{:<17}", answer(row, &actor, state))).collect();
            writeln!(table, "  {words:<38}{}", cells.trim_end()).unwrap();
        }
    }
    insta::with_settings!({ snapshot_path => "../golden", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("access", table);
    });
}

/// Two rules that no row may break, whatever the golden file says.
#[test]
fn nobody_without_a_role_may_do_anything_and_nobody_elsewhere_sees_anything() {
    let people = people();
    for row in ACTIONS {
        for state in states(row) {
            for (words, actor) in &people {
                let answer = answer(row, actor, state);
                if words == "Nobody's role" {
                    assert_eq!(answer, "unseen", "{}", row.name);
                }
                if words.starts_with("Every role, of another") && owner(row).is_some() {
                    assert_eq!(answer, "unseen", "{}", row.name);
                }
                if words.starts_with("Every central role") && row.on == "review" {
                    let after = ["release a review", "draft a reply to a query"].contains(&row.name);
                    assert!(answer != "yes" || after, "{} by a conflicted person", row.name);
                }
            }
        }
    }
}
