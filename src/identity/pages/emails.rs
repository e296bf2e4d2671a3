//! The page on which a person chooses which mails they want.

use serde::Serialize;

use crate::identity::emails::MailKind;
use crate::platform::pages::{Choice, Field, Link, Page};

/// Which mails somebody wants.
#[derive(Debug, Serialize)]
pub struct EmailsPage {
    wanted: Field,
    kinds: Vec<Choice>,
}

impl EmailsPage {
    /// The page for somebody who has turned these off.
    #[must_use]
    pub fn new(unwanted: &[MailKind]) -> Self {
        let choice = |kind: &MailKind| {
            Choice::new(kind.as_str(), kind.words()).checked(!unwanted.contains(kind)).hint(match kind {
                MailKind::Reminders => {
                    "60, 30, 14, 7, 2 and 1 days ahead, until the return is submitted; an interim return too"
                }
                MailKind::Requests => "7 and 1 days ahead, and once when it is overdue",
                MailKind::Digest => "On Mondays, while a return of yours is not submitted",
                MailKind::PlanLines => "30, 7 and 1 days ahead, and once a week when it is overdue",
                MailKind::Guidance => "On the day from which it holds, while your return is open",
                MailKind::Queries => {
                    "5 and 2 days ahead, on the day, and once a week, four times at most, when overdue"
                }
            })
        };
        Self {
            wanted: Field::new("wanted", "Which of these emails do you want?").hint(
                "Requests to sign, questions of a reviewer and receipts always come, because somebody waits for you.",
            ),
            kinds: MailKind::ALL.iter().map(choice).collect(),
        }
    }
}

impl Page for EmailsPage {
    const TEMPLATE: &'static str = "identity/emails.html";

    fn title(&self) -> String {
        "Your emails".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Home", "/home"), Link::new("Your account", "/account")]
    }

    fn samples() -> Vec<(&'static str, Self)> {
        vec![("all", Self::new(&[])), ("none", Self::new(MailKind::ALL))]
    }
}
