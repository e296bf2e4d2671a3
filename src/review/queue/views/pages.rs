//! The pages of saved views: the list with what can be done to each, and one of them to be changed.

use serde::Serialize;

use super::View;
use crate::platform::ids::{PersonId, SavedViewId};
use crate::platform::pages::{Choice, ErrorSummary, Field, FormErrors, Link, Page};

/// One view in the list.
#[derive(Debug, Serialize)]
struct Item {
    id: i64,
    name: String,
    href: String,
    note: String,
    own: bool,
    is_default: bool,
}

/// Every view that somebody sees.
#[derive(Debug, Serialize)]
pub(in crate::review) struct ViewsPage {
    errors: ErrorSummary,
    items: Vec<Item>,
    name: Field,
    query: String,
}

impl ViewsPage {
    /// The list, with a name and a filter that could not be saved.
    pub fn new(views: &[View], (typed, query): (&str, &str), errors: &FormErrors) -> Self {
        let item = |view: &View| Item {
            id: view.id.get(),
            name: view.name.clone(),
            href: view.href(),
            note: view.note(),
            own: view.own,
            is_default: view.is_default,
        };
        Self {
            errors: errors.summary(),
            items: views.iter().map(item).collect(),
            name: Field::new("name", "Name of the view").value(typed).errors(errors),
            query: query.to_owned(),
        }
    }
}

impl Page for ViewsPage {
    const TEMPLATE: &'static str = "review/queue/views.html";

    fn title(&self) -> String {
        "Views of the queue".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Reviews", "/reviews?state=open")]
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let mut refused = FormErrors::new();
        refused.add("name", "Enter a name for the view");
        let both = [sample(true, true), sample(false, false)];
        vec![
            ("empty", Self::new(&[], ("", ""), &FormErrors::new())),
            ("typical", Self::new(&both, ("", ""), &FormErrors::new())),
            ("refused", Self::new(&both, ("", "state=query"), &refused)),
        ]
    }
}

/// One view, to be renamed and shared.
#[derive(Debug, Serialize)]
pub(in crate::review) struct ViewPage {
    errors: ErrorSummary,
    id: i64,
    own: bool,
    note: String,
    href: String,
    #[serde(skip)]
    called: String,
    version: i64,
    name: Field,
    shared: Field,
    choices: Vec<Choice>,
}

impl ViewPage {
    /// The view with what was typed.
    pub fn new(view: &View, name: &str, shared: bool, errors: &FormErrors) -> Self {
        Self {
            errors: errors.summary(),
            id: view.id.get(),
            own: view.own,
            note: view.note(),
            href: view.href(),
            called: view.name.clone(),
            version: view.version,
            name: Field::new("name", "Name of the view").value(name).errors(errors),
            shared: Field::new("shared", "Who sees it").value(if shared { "yes" } else { "no" }),
            choices: vec![
                Choice::new("no", "Only me"),
                Choice::new("yes", "The whole central team").hint("They see that it is yours."),
            ],
        }
    }
}

impl Page for ViewPage {
    const TEMPLATE: &'static str = "review/queue/view.html";

    fn title(&self) -> String {
        format!("View: {}", self.called)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Reviews", "/reviews?state=open"), Link::new("Views of the queue", "/reviews/views")]
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let mut refused = FormErrors::new();
        refused.add("name", "Enter a name for the view");
        vec![
            ("own", Self::new(&sample(true, true), "Trusts", true, &FormErrors::new())),
            ("another's", Self::new(&sample(false, false), "Trusts", true, &FormErrors::new())),
            ("refused", Self::new(&sample(true, false), "", false, &refused)),
        ]
    }
}

fn sample(own: bool, is_default: bool) -> View {
    View {
        id: SavedViewId::new(if own { 1 } else { 2 }),
        owner: PersonId::new(3),
        owner_name: "Mo Manager".to_owned(),
        name: "Trusts, overdue".to_owned(),
        query: "sector=nhs_trust&overdue=yes".to_owned(),
        shared: true,
        own,
        is_default,
        version: 1,
    }
}
