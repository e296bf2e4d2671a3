//! Something done for many sites at once: left out with a reason, or taken in again.

use serde::Serialize;

use super::list::{PAGE_SIZE, shows};
use super::{sample_way_below, way_below};
use crate::platform::pages::{Choice, ErrorSummary, Field, FormErrors, Link, Page, Pagination};
use crate::returns::sites::form::{ListForm, ManyForm};
use crate::returns::sites::model::{Entry, ExclusionKind};
use crate::returns::sites::sites_href;
use crate::returns::store::Found;

/// The page.
#[derive(Debug, Serialize)]
pub struct ManyPage {
    organisation: String,
    collection: String,
    href: String,
    errors: ErrorSummary,
    words: Field,
    show: Field,
    shows: Vec<Choice>,
    sites: Vec<Choice>,
    pages: Pagination,
    codes: Field,
    action: Field,
    actions: Vec<Choice>,
    kind: Field,
    kinds: Vec<Choice>,
    note: Field,
    #[serde(skip)]
    way: Vec<Link>,
}

impl ManyPage {
    /// The page with the sites that a search finds; `form` is what was typed.
    pub(in crate::returns::sites) fn new(
        found: &Found,
        (entries, number): (&[&Entry], u64),
        list: &ListForm,
        (form, errors): (&ManyForm, &FormErrors),
    ) -> Self {
        let href = format!("{}/many", sites_href(&found.code, &found.collection.key));
        let total = u64::try_from(entries.len()).unwrap_or(u64::MAX);
        let size = u64::try_from(PAGE_SIZE).unwrap_or(1);
        let number = number.min(total.div_ceil(size).max(1));
        let first = usize::try_from((number - 1) * size).unwrap_or_default();
        let site = |entry: &&Entry| {
            Choice::new(&entry.code, format!("{} {}", entry.code, entry.name))
                .hint(entry.stand.words())
                .checked(form.ticked.contains(&entry.code))
        };
        let query =
            serde_urlencoded::to_string([("words", &list.words), ("show", &list.show)]).unwrap_or_default();
        let pages = Pagination::new(number, total, size, |to| format!("{href}?{query}&page={to}"));
        Self {
            organisation: found.name.clone(),
            collection: found.collection.name.clone(),
            href,
            errors: errors.summary(),
            words: Field::new("words", "Part of a code or name").value(&list.words),
            show: Field::new("show", "Which sites").value(&list.show),
            shows: shows(&list.show),
            sites: entries.iter().skip(first).take(PAGE_SIZE).map(site).collect(),
            pages,
            codes: codes(form, errors),
            action: Field::new("action", "What is to be done?").value(&form.action).errors(errors),
            actions: actions(),
            kind: Field::new("kind", "Why are they left out?").value(&form.kind).errors(errors),
            kinds: kinds(),
            note: note(form, errors),
            way: way_below(found),
        }
    }
}

fn codes(form: &ManyForm, errors: &FormErrors) -> Field {
    Field::new("codes", "Codes of more sites (optional)")
        .hint("One a line, or with commas between: you can paste them from a spreadsheet")
        .value(&form.codes)
        .errors(errors)
}

fn note(form: &ManyForm, errors: &FormErrors) -> Field {
    Field::new("note", "More about the reason (optional)")
        .hint("The sites and the central team read it; it is never published")
        .value(&form.note)
        .errors(errors)
}

fn actions() -> Vec<Choice> {
    vec![Choice::new("leave_out", "Leave them out"), Choice::new("take_in", "Take them in again")]
}

fn kinds() -> Vec<Choice> {
    let mut kinds = vec![Choice::new("", "Choose a reason")];
    kinds.extend(ExclusionKind::ALL.iter().map(|kind| Choice::new(kind.as_str(), kind.words())));
    kinds
}

impl Page for ManyPage {
    const TEMPLATE: &'static str = "returns/sites/many.html";

    fn title(&self) -> String {
        "Leave many sites out, or take them in again".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |sites: Vec<Choice>, errors: &FormErrors| {
            let form = ManyForm::default();
            Self {
                organisation: "Example Pharmacies".to_owned(),
                collection: "Annual collection 2026".to_owned(),
                href: "/organisations/ZZ001/returns/2026/sites/many".to_owned(),
                errors: errors.summary(),
                words: Field::new("words", "Part of a code or name"),
                show: Field::new("show", "Which sites"),
                shows: shows(""),
                sites,
                pages: Pagination::new(1, 250, 100, |to| format!("/x?page={to}")),
                codes: codes(&form, errors),
                action: Field::new("action", "What is to be done?").errors(errors),
                actions: actions(),
                kind: Field::new("kind", "Why are they left out?").errors(errors),
                kinds: kinds(),
                note: note(&form, errors),
                way: sample_way_below(),
            }
        };
        let site = Choice::new("ZZ101", "ZZ101 Example Pharmacy, High Street").hint("Included");
        let mut errors = FormErrors::new();
        errors.add("codes", "Tick at least one site, or enter its code");
        errors.add("action", "Choose what is to be done");
        errors.add("kind", "Choose why they are left out");
        errors.add("note", "Say why they are left out");
        vec![
            ("empty", page(Vec::new(), &FormErrors::new())),
            ("typical", page(vec![site.clone()], &FormErrors::new())),
            ("error", page(vec![site], &errors)),
        ]
    }
}
