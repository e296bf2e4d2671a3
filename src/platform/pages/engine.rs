//! The template engine with the design system's components: read once at start, then shared by every request.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use rust_embed::RustEmbed;
use tera::{Context, Kwargs, State, Tera, Value};

use super::chrome::Framed;
use super::error::explain;
use super::frame::Frames;
use super::{Chrome, Page, PagesError, filters, markup, rows, tasks};
use crate::platform::assets::Assets;

/// Every template, embedded in a release build; a debug build reads the folder when it starts.
#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/templates"]
#[include = "*.html"]
#[exclude = "node_modules/*"]
struct Templates;

/// The names a template may use beside its page's fields.
pub(super) const GIVEN: [&str; 6] = ["chrome", "frame", "title", "has_errors", "breadcrumbs", "back"];

/// How the names of templates end that say the same to everybody: they are written once, at start.
const FIXED: &str = ".fixed.html";

/// The source of a template: one that is part of the program is kept there alone.
type Text = Cow<'static, str>;

/// Room for most pages without growing, in bytes.
const USUAL_SIZE: usize = 32 * 1024;

/// The engine: cheap to share, safe to use from every thread.
#[derive(Debug)]
pub struct Pages {
    tera: Tera,
    frames: Frames,
    sources: BTreeMap<String, Text>,
}

impl Pages {
    /// Reads every template.
    ///
    /// # Errors
    /// [`PagesError::Templates`] with the place, when one does not parse or names what does not exist.
    pub fn new(assets: &Assets) -> Result<Self, PagesError> {
        Self::with_templates(assets, embedded()?)
    }

    /// As [`Pages::new`], with these (name, source) instead of the embedded templates.
    ///
    /// # Errors
    /// As [`Pages::new`].
    pub fn with_templates(assets: &Assets, templates: Vec<(String, Text)>) -> Result<Self, PagesError> {
        let mut tera = Tera::new();
        tera.set_escape_fn(super::escape::escape);
        filters::register(&mut tera)?;
        markup::register(&mut tera);
        rows::register(&mut tera);
        tasks::register(&mut tera);
        let urls: BTreeMap<String, Value> = assets
            .names()
            .filter_map(|name| Some((name.to_owned(), Value::safe_string(assets.asset_url(name)?))))
            .collect();
        tera.register_function("asset", move |kwargs: Kwargs, _: &State| -> tera::TeraResult<Value> {
            let name = kwargs.must_get::<&str>("name")?;
            urls.get(name).cloned().ok_or_else(|| tera::Error::message(format!("there is no asset {name}")))
        });
        let fixed: Arc<OnceLock<BTreeMap<String, Value>>> = Arc::default();
        let found = Arc::clone(&fixed);
        tera.register_function("fixed", move |kwargs: Kwargs, _: &State| -> tera::TeraResult<Value> {
            let name = kwargs.must_get::<&str>("name")?;
            let text = found.get().and_then(|fixed| fixed.get(name)).cloned();
            text.ok_or_else(|| tera::Error::message(format!("there is no fixed template {name}")))
        });
        let sources: BTreeMap<String, Text> = templates.iter().cloned().collect();
        tera.add_raw_templates(apart(templates)).map_err(|error| PagesError::Templates(explain(&error)))?;
        let mut texts = BTreeMap::new();
        for name in sources.keys().filter(|name| name.ends_with(FIXED)) {
            let text =
                tera.render(name, &Context::new()).map_err(|error| PagesError::Templates(explain(&error)))?;
            texts.insert(name.clone(), Value::safe_string(&text));
        }
        fixed.get_or_init(|| texts);
        // What was read lies among what reading it took, and has room to grow. A copy lies together and has none.
        let tera = tera.clone();
        Ok(Self { tera, frames: Frames::default(), sources })
    }

    /// The page as HTML.
    ///
    /// # Errors
    /// [`PagesError::Render`] with the place in the template.
    pub fn render<P: Page>(&self, chrome: &Chrome, page: &P) -> Result<String, PagesError> {
        let failed =
            |error: &tera::Error| PagesError::Render { template: P::TEMPLATE, reason: explain(error) };
        let mut context = Context::from_serialize(page).map_err(|error| failed(&error))?;
        context.insert_value("title", Value::from(page.title()));
        context.insert_value("has_errors", Value::from(page.has_errors()));
        context.insert("breadcrumbs", &page.breadcrumbs());
        context.insert("back", &page.back());
        context.insert("frame", &self.frames.of(&self.tera, chrome).map_err(|error| failed(&error))?);
        context.insert("chrome", &Framed(chrome));
        let mut html = Vec::with_capacity(USUAL_SIZE);
        self.tera.render_to(P::TEMPLATE, &context, &mut html).map_err(|error| failed(&error))?;
        String::from_utf8(html).map_err(|error| failed(&error.into()))
    }

    /// One component by itself, for the tests of the components: `body` is trusted markup.
    ///
    /// # Errors
    /// [`PagesError::Render`] when an argument is missing, unknown or of another type.
    pub fn component(
        &self,
        name: &str,
        arguments: &Context,
        body: Option<&str>,
    ) -> Result<String, PagesError> {
        self.tera
            .render_component(name, arguments, body, true)
            .map_err(|error| PagesError::Render { template: "component", reason: explain(&error) })
    }

    pub(super) fn tera(&self) -> &Tera {
        &self.tera
    }

    pub(super) fn source(&self, template: &str) -> &str {
        self.sources.get(template).map_or("", AsRef::as_ref)
    }
}

/// What begins the main part of a page, and what ends it.
const BEGINS: &str = "{% block main %}";
const ENDS: &str = "{% endblock";

/// The templates with the main part of every page in a template of its own, which the page includes: the engine keeps twice
/// what stands in a block itself. Lines keep their numbers, for what is said of mistakes.
fn apart(templates: Vec<(String, Text)>) -> Vec<(String, Text)> {
    let mut made = Vec::with_capacity(2 * templates.len());
    for (name, source) in templates {
        match source.split_once(BEGINS).and_then(|(before, rest)| Some((before, rest.split_once(ENDS)?))) {
            Some((before, (main, after))) if before.contains("{% extends ") => {
                let part = format!("main part of {name}");
                let above = "\n".repeat(before.matches('\n').count());
                let page = format!("{before}{BEGINS}{{% include \"{part}\" %}}{ENDS}{after}");
                made.extend([(name, page.into()), (part, format!("{{#{above}#}}{main}").into())]);
            }
            _ => made.push((name, source)),
        }
    }
    made
}

/// Every embedded template as (name, source).
pub(super) fn embedded() -> Result<Vec<(String, Text)>, PagesError> {
    let no_text = |name: &str| PagesError::Templates(format!("{name} is not UTF-8"));
    Templates::iter()
        .map(|name| {
            let source = match Templates::get(&name).map_or(Cow::Borrowed(&[][..]), |file| file.data) {
                Cow::Borrowed(bytes) => {
                    Cow::Borrowed(std::str::from_utf8(bytes).map_err(|_| no_text(&name))?)
                }
                Cow::Owned(bytes) => Cow::Owned(String::from_utf8(bytes).map_err(|_| no_text(&name))?),
            };
            Ok((name.into_owned(), source))
        })
        .collect()
}
