//! The page layer as a capability sees it: a page with a form, rendered in the layout, checked, misspelt.

use serde::Serialize;

use super::*;
use crate::platform::assets::Assets;

const FORM: &str = r#"{% extends "layouts/page.html" %}
{% block main %}
{% if errors.items %}{{ <error_summary {...errors} /> }}{% endif %}
<h1>{{ title }}</h1>
<form method="post" novalidate>
{{ <csrf /> }}
{{ <input {...email} type="email" autocomplete="email" /> }}
{{ <radios {...grade} items={grades} /> }}
{{ <date_input {...due} /> }}
{{ <button text="Save" /> }}
</form>
{% if pages.items %}{{ <pagination {...pages} /> }}{% endif %}
{% endblock main %}"#;

#[derive(Serialize)]
struct FormPage {
    errors: ErrorSummary,
    email: Field,
    grade: Field,
    grades: Vec<Choice>,
    due: DateField,
    pages: Pagination,
}

impl FormPage {
    fn new(email: &str, errors: &FormErrors) -> Self {
        Self {
            errors: errors.summary(),
            email: Field::new("email", "Email address").value(email).errors(errors),
            grade: Field::new("grade", "Which grade?").hint("Pick one").errors(errors),
            grades: vec![
                Choice::new("met", "Met").hint("All of it"),
                Choice::new("not", "Not met").checked(true),
            ],
            due: DateField::new("due", "When is it due?").typed("31", "2", "2026").errors(errors),
            pages: Pagination::new(2, 30, 10, |page| format!("?page={page}")),
        }
    }
}

impl Page for FormPage {
    const TEMPLATE: &'static str = "form.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let mut errors = FormErrors::new();
        errors.add("email", "Enter your email address");
        errors.add_at("due", "due-day", "Due date must be a real date");
        vec![("empty", Self::new("", &FormErrors::new())), ("refused", Self::new("a@b <i>", &errors))]
    }

    fn title(&self) -> String {
        "Tell us about <you>".to_owned()
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }
}

fn chrome() -> Chrome {
    Chrome {
        service_name: "Data security assurance".to_owned(),
        home_href: "/".to_owned(),
        signed_in: Some(SignedIn {
            name: "Ann Other".to_owned(),
            organisation: Some("A & B Trust".to_owned()),
            account_href: "/account".to_owned(),
            sign_out_href: "/sign-out".to_owned(),
        }),
        navigation: vec![NavItem {
            text: "Tasks".to_owned(),
            href: "/tasks".to_owned(),
            current: true,
            active: false,
        }],
        csrf: "token".to_owned(),
        request_id: "req-1".to_owned(),
        flash: Some(Flash { success: true, heading: "Saved".to_owned(), text: String::new() }),
        aside: Some(Aside {
            summary: "2 things are left".to_owned(),
            links: vec![Link::new("The first", "/first")],
            more: Link::new("All 2", "/all"),
        }),
        footer: vec![Link::new("Help", "/help")],
        canonical: "https://portal.example/<i>".to_owned(),
        description: "What \"this\" is & about.".to_owned(),
        share: "https://portal.example/share.png?\"".to_owned(),
    }
}

/// The embedded templates with these beside them; `None`, with the reason printed, without the design system.
fn pages(extra: &[(&str, &str)]) -> Option<Pages> {
    let assets = match Assets::load() {
        Ok(assets) => assets,
        Err(problem) => {
            eprintln!("skipped: {problem}");
            return None;
        }
    };
    let mut templates = engine::embedded().expect("the templates are UTF-8");
    templates.extend(extra.iter().map(|(name, source)| ((*name).to_owned(), (*source).to_owned().into())));
    Some(Pages::with_templates(&assets, templates).expect("the templates parse"))
}

#[test]
fn a_frame_that_was_written_before_is_the_same_in_every_byte() {
    let Some(pages) = pages(&[("form.html", FORM)]) else { return };
    let nobody = Chrome { signed_in: None, request_id: String::new(), ..chrome() };
    for chrome in [chrome(), nobody] {
        for (_, page) in FormPage::samples() {
            let mut context = tera::Context::from_serialize(&page).expect("the page is a struct");
            context.insert("title", &page.title());
            context.insert("has_errors", &page.has_errors());
            context.insert("breadcrumbs", &page.breadcrumbs());
            context.insert("back", &page.back());
            context.insert("chrome", &chrome);
            let plain = pages.tera().render("form.html", &context).expect("the page renders");
            for _ in 0..2 {
                assert_eq!(pages.render(&chrome, &page).expect("the page renders"), plain);
            }
        }
    }
}

#[test]
fn a_form_page_is_whole_and_escaped() {
    let Some(pages) = pages(&[("form.html", FORM)]) else { return };
    let samples = FormPage::samples();
    let html = pages.render(&chrome(), &samples[1].1).expect("the page renders");
    for part in [
        "<!DOCTYPE html>\n<html lang=\"en-GB\">",
        "<title>Error: Tell us about &lt;you&gt; - Data security assurance</title>",
        "<a href=\"#email\">Enter your email address</a>",
        "<label class=\"nhsuk-label\" for=\"email\">Email address</label>",
        "aria-describedby=\"email-error\"",
        "value=\"a@b &lt;i&gt;\"",
        "A &amp; B Trust",
        "name=\"csrf\" value=\"token\"",
        "id=\"due-day\"",
        "value=\"not\" checked",
        "aria-label=\"Page 3\"",
        "req-1",
        "<h3 class=\"nhsuk-notification-banner__heading\">Saved</h3>",
    ] {
        assert!(html.contains(part), "{part} is missing from\n{html}");
    }
    assert!(
        !html.contains("<script>") && !html.contains("style=") && !html.contains("<style"),
        "inline code\n{html}"
    );
    let empty = pages.render(&Chrome::default(), &samples[0].1).expect("the page renders");
    assert!(!empty.contains("error-summary") && !empty.contains("<title>Error") && empty.contains("Sign in"));
}

#[test]
fn a_good_page_has_no_problems() {
    let Some(pages) = pages(&[("form.html", FORM)]) else { return };
    let check = PageCheck::of::<FormPage>().expect("the samples are structs");
    assert_eq!(check_pages(&pages, &chrome(), &[check]), Vec::<String>::new());
}

#[test]
fn a_misspelt_name_is_a_problem_even_in_a_condition() {
    let misspelt = FORM.replace("{% if pages.items %}", "{% if pagse %}x{% endif %}{% if pages.items %}");
    let Some(pages) = pages(&[("form.html", &misspelt)]) else { return };
    let check = PageCheck::of::<FormPage>().expect("the samples are structs");
    let problems = check_pages(&pages, &chrome(), &[check]);
    assert!(problems.iter().any(|problem| problem.contains("uses pagse")), "{problems:?}");
}

#[test]
fn a_component_refuses_an_argument_it_does_not_know() {
    let wrong = FORM.replace("type=\"email\"", "tpye=\"email\"");
    let Some(pages) = pages(&[("form.html", &wrong)]) else { return };
    let error = pages.render(&chrome(), &FormPage::samples()[0].1).expect_err("unknown argument");
    let error = error.to_string();
    // Where it stands, though the engine has read the main part of the page as a template of its own.
    assert!(error.contains("tpye") && error.contains("main part of form.html:7:"), "{error}");
}

#[test]
fn the_engine_is_shared_by_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Pages>();
    shared::<Assets>();
}
