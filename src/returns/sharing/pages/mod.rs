//! The pages of shared-out work, and what other pages of a return show of it.

mod beside;
mod mine;
mod owner;
mod owners;

pub(in crate::returns) use beside::{BesideOverview, BesideQuestion};
pub(in crate::returns) use mine::MinePage;
pub(in crate::returns) use owner::OwnerPage;
pub(in crate::returns) use owners::OwnersPage;

use super::Owned;
use super::form::{NOBODY, ShareForm};
use crate::platform::ids::PersonId;
use crate::platform::pages::{Choice, DateField, Field, FormErrors};

/// The words about an owner and a day, such as `Ada Example, by 3 May 2026`.
pub(in crate::returns) fn owner_words(owner: &Owned) -> String {
    let left = if owner.is_here { "" } else { " (left; needs a new owner)" };
    format!("{}{left}, by {}", owner.name, owner.due_on.words())
}

/// The controls for whom and until when.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub(super) struct ShareControls {
    owner: Field,
    owners: Vec<Choice>,
    due: DateField,
}

impl ShareControls {
    pub fn new(colleagues: &[(PersonId, String)], last: &str, form: &ShareForm, errors: &FormErrors) -> Self {
        let choice = |value: String, text: &str| {
            let chosen = form.owner == value;
            Choice::new(value, text).checked(chosen)
        };
        let mut owners = vec![choice(String::new(), "Choose a colleague")];
        owners.extend(colleagues.iter().map(|(person, name)| choice(person.to_string(), name)));
        owners.push(choice(NOBODY.to_owned(), "Nobody: take it back"));
        Self {
            owner: Field::new("owner", "Who is to answer?")
                .hint("Colleagues who may answer. They are told by email, in one message")
                .errors(errors),
            owners,
            due: DateField { hint: format!("At the latest {last}"), ..DateField::new("due", "Until when?") }
                .typed(&form.day, &form.month, &form.year)
                .errors(errors),
        }
    }

    pub fn sample(errors: &FormErrors) -> Self {
        let form = ShareForm {
            day: "3".to_owned(),
            month: "5".to_owned(),
            year: "2026".to_owned(),
            ..ShareForm::default()
        };
        Self::new(&[(PersonId::new(1), "Ada Example".to_owned())], "30 June 2026", &form, errors)
    }
}
