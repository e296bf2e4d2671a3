//! A check of every page for the tests: the names its template uses against the fields it has, and every sample
//! rendered and its HTML looked over. A name misspelt in `{% if %}` is silently false to the engine; here it is a problem with a name.

use std::collections::BTreeSet;

use tera::Context;

use super::engine::GIVEN;
use super::error::explain;
use super::names::{self, Shape};
use super::{Chrome, Page, Pages, PagesError, outline};

/// One page to check: made by [`PageCheck::of`], listed by each capability.
#[derive(Clone, Debug)]
pub struct PageCheck {
    /// The page's template.
    pub template: &'static str,
    /// The samples as (name, fields).
    pub samples: Vec<(&'static str, serde_json::Value)>,
    /// The fields any sample has.
    pub fields: BTreeSet<String>,
    surroundings: Vec<serde_json::Value>,
}

impl PageCheck {
    /// The check of the page type `P`.
    ///
    /// # Errors
    /// [`PagesError::Render`] when a sample cannot be serialised, or not as a struct.
    pub fn of<P: Page>() -> Result<Self, PagesError> {
        let failed = |reason: String| PagesError::Render { template: P::TEMPLATE, reason };
        let mut check = Self {
            template: P::TEMPLATE,
            samples: Vec::new(),
            fields: BTreeSet::new(),
            surroundings: Vec::new(),
        };
        for (name, page) in P::samples() {
            let value =
                serde_json::to_value(&page).map_err(|error| failed(format!("sample {name}: {error}")))?;
            let fields = value.as_object().ok_or_else(|| failed(format!("sample {name} is not a struct")))?;
            check.fields.extend(fields.keys().cloned());
            check.samples.push((name, value));
            check.surroundings.push(serde_json::json!({
                "title": page.title(),
                "has_errors": page.has_errors(),
                "breadcrumbs": page.breadcrumbs(),
                "back": page.back(),
            }));
        }
        Ok(check)
    }
}

/// What is wrong with these pages, one sentence each; empty when all is well.
pub fn check_pages(pages: &Pages, chrome: &Chrome, checks: &[PageCheck]) -> Vec<String> {
    checks.iter().flat_map(|check| check_page(pages, chrome, check)).collect()
}

fn check_page(pages: &Pages, chrome: &Chrome, check: &PageCheck) -> Vec<String> {
    let template = check.template;
    let mut problems = Vec::new();
    if check.samples.is_empty() {
        problems.push(format!("{template}: the page has no samples"));
    }
    for field in check.fields.iter().filter(|field| GIVEN.contains(&field.as_str())) {
        problems.push(format!("{template}: the field {field} hides what every page is given"));
    }
    match pages.tera().get_template_variables(template) {
        Err(error) => problems.push(format!("{template}: {}", explain(&error))),
        Ok(used) => {
            let unknown: BTreeSet<&str> = used
                .iter()
                .copied()
                .filter(|name| !GIVEN.contains(name) && !check.fields.contains(*name))
                .collect();
            problems.extend(
                unknown.iter().map(|name| format!("{template}: uses {name}, which the page does not have")),
            );
            let unused = check.fields.iter().filter(|field| !used.contains(field.as_str()));
            problems.extend(unused.map(|field| format!("{template}: never uses the field {field}")));
        }
    }
    let mut shape = Shape::default();
    check.samples.iter().for_each(|(_, value)| shape.learn(value));
    let arguments = |component: &str| {
        let component = pages.tera().get_component_definition(component)?;
        Some(component.args().iter().map(|argument| argument.name().to_owned()).collect())
    };
    let misspelt = names::problems(pages.source(template), &shape, arguments);
    problems.extend(misspelt.iter().map(|problem| format!("{template}: {problem}")));
    for ((name, value), around) in check.samples.iter().zip(&check.surroundings) {
        let rendered = Context::from_serialize(value).and_then(|mut context| {
            context.extend(Context::from_serialize(around)?);
            context.insert("chrome", chrome);
            pages.tera().render(template, &context)
        });
        match rendered {
            Err(error) => problems.push(format!("{template}: sample {name}: {}", explain(&error))),
            Ok(html) => {
                let faults = outline::problems(&html);
                problems.extend(faults.iter().map(|fault| format!("{template}: sample {name}: {fault}")));
            }
        }
    }
    problems
}
