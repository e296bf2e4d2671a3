//! Organisation pages: rendered from the list in memory when somebody asks, and the recent ones kept packed.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use super::body::Body;
use super::directory::{Directory, Entry};
use super::timeline::timeline;
use super::{PublicSite, Site, mark, notices};
use crate::corrections::RevisedGrade;
use crate::platform::error::{Error, Result};
use crate::platform::pages::Link;
use crate::publication::document::Document;
use crate::publication::pages::{FigureView, MarkSnippet, OrganisationPage, SearchRow};
use crate::publication::record::Record;
use crate::publication::release::ReleaseSummary;
use crate::standards::scoring::GradeKey;

/// Pages in each of the two generations that are kept; a page weighs about 10 kB in all its forms.
const GENERATION: usize = 500;

/// Pages asked for lately, in two generations: when the younger is full it becomes the older, so what is asked for
/// again and again stays and nothing grows without end.
#[derive(Debug, Default)]
pub(in crate::publication) struct Recent(Mutex<Generations>);

#[derive(Debug, Default)]
struct Generations {
    young: HashMap<String, Arc<Body>>,
    old: HashMap<String, Arc<Body>>,
}

impl Recent {
    pub(super) fn get(&self, code: &str) -> Option<Arc<Body>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(body) = kept.young.get(code) {
            return Some(Arc::clone(body));
        }
        let body = kept.old.get(code).map(Arc::clone)?;
        kept.put(code, &body);
        Some(body)
    }

    pub(super) fn put(&self, code: &str, body: &Arc<Body>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).put(code, body);
    }
}

impl Generations {
    fn put(&mut self, code: &str, body: &Arc<Body>) {
        if self.young.len() >= GENERATION {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(code.to_owned(), Arc::clone(body));
    }
}

impl PublicSite {
    /// The page of the organisation with this code, if the current release has it.
    ///
    /// # Errors
    /// [`Error::NotFound`], or when the page cannot be rendered.
    pub(in crate::publication) fn organisation(&self, code: &str) -> Result<Arc<Body>> {
        let site = self.now();
        if let Some(body) = site.recent.get(code) {
            return Ok(body);
        }
        let page = self.organisation_page(&site, code)?;
        let address = format!("/public/organisations/{}", page.code);
        let html = self
            .pages()
            .render(&self.surroundings(&address, &page.name), &page)
            .map_err(|e| Error::internal("failed to render an organisation's page", e))?;
        let body = Arc::new(Body::html(html));
        site.recent.put(code, &body);
        Ok(body)
    }

    /// What the page of the organisation with this code says.
    pub(super) fn organisation_page(&self, site: &Site, code: &str) -> Result<OrganisationPage> {
        let current = site.current.as_ref().ok_or(Error::NotFound)?;
        let directory = self.directory(site)?;
        let entry = directory.by_code(code).ok_or(Error::NotFound)?;
        let mark = mark::snippet(&self.shared.address, &entry.record.code, &entry.record.name);
        Ok(page_of(site, &directory, (entry, mark), &current.0, &current.1))
    }
}

fn page_of(
    site: &Site,
    directory: &Directory,
    (entry, mark): (Entry, MarkSnippet),
    release: &ReleaseSummary,
    document: &Document,
) -> OrganisationPage {
    let Entry { record, region_name, history } = entry;
    let stale = record.is_stale(&document.edition);
    let revised = revision_of(&record, &site.revised);
    let timeline = timeline(site, history, revised.filter(|_| record.inherited_from.is_none()));
    let successor = record.inherited_from.as_deref().map(|code| {
        let name = directory.by_code(code).map_or_else(|| code.to_owned(), |heir| heir.record.name);
        Link::new(name, format!("/public/organisations/{code}"))
    });
    OrganisationPage {
        sector: record.sector.label().to_owned(),
        region: region_name.unwrap_or_default(),
        status: revised_words(&record, revised, stale),
        colour: colour(revised_standing(&record, revised), stale).to_owned(),
        revised: revised.map(notices::revision),
        because: because(&record, stale, document.source.kind == "collection").to_owned(),
        successor,
        edition: if record.is_published() { record.edition.clone() } else { String::new() },
        published_as: record.label.clone(),
        published_on: record.published_on.map(|day| day.to_string()).unwrap_or_default(),
        stale,
        provisional: record.provisional,
        challengeable: record.challengeable,
        late: record.late,
        filed_by: record.filed_by.unwrap_or_default(),
        timeline,
        current_edition: document.edition.clone(),
        mark,
        release_title: release.title.clone(),
        release_address: release.address(),
        code: record.code,
        name: record.name,
    }
}

/// An organisation in a list, as its grade counts now.
pub(in crate::publication) fn revised_row(
    record: &Record,
    edition: &str,
    all: &BTreeMap<String, RevisedGrade>,
) -> SearchRow {
    let stale = record.is_stale(edition);
    let revised = revision_of(record, all);
    SearchRow {
        href: format!("/public/organisations/{}", record.code),
        sector: record.sector.label().to_owned(),
        status: revised_words(record, revised, stale),
        colour: colour(revised_standing(record, revised), stale).to_owned(),
        revised: revised.is_some(),
        code: record.code.clone(),
        name: record.name.clone(),
    }
}

/// A figure of the current release with links to its table in the release, which stays, and to the rules. `table` is the id
/// of the table's figure on the release's page.
pub(super) fn sourced(figure: FigureView, release: &ReleaseSummary, table: &str) -> FigureView {
    figure.with_sources(vec![
        Link::new("The table in its release", format!("{}#{table}-heading", release.address())),
        Link::new("The rules it is made by", "/public/methodology"),
    ])
}

/// How the standing that a record carries was revised since it was published: its own, or that of the organisation whose
/// standing it carries.
pub(in crate::publication) fn revision_of<'a>(
    record: &Record,
    all: &'a BTreeMap<String, RevisedGrade>,
) -> Option<&'a RevisedGrade> {
    let whose = record.inherited_from.as_ref().unwrap_or(&record.code);
    all.get(whose).filter(|one| GradeKey::parse(&one.old) == Some(record.standing))
}

/// The standing that counts since the rules were corrected: what is shown of a record, and what finds it.
pub(in crate::publication) fn revised_standing(record: &Record, revised: Option<&RevisedGrade>) -> GradeKey {
    revised.and_then(|one| GradeKey::parse(&one.new)).unwrap_or(record.standing)
}

/// What the tag says, since the rules were corrected.
pub(in crate::publication) fn revised_words(
    record: &Record,
    revised: Option<&RevisedGrade>,
    stale: bool,
) -> String {
    let standing = revised_standing(record, revised);
    let words = if standing == record.standing { status_words(record, stale) } else { standing.label() };
    words.to_owned()
}

/// What the tag says.
pub(in crate::publication) fn status_words(record: &Record, stale: bool) -> &'static str {
    if record.standing == GradeKey::NotPublished && stale {
        "Older edition only"
    } else {
        record.standing.label()
    }
}

/// The tag's colour; the words say the same.
pub(in crate::publication) const fn colour(standing: GradeKey, stale: bool) -> &'static str {
    match standing {
        GradeKey::StandardsExceeded | GradeKey::StandardsMet | GradeKey::Satisfactory => "green",
        GradeKey::ApproachingStandards => "yellow",
        GradeKey::StandardsNotMet | GradeKey::NotSatisfactory => "red",
        GradeKey::NotPublished if stale => "orange",
        GradeKey::NotPublished => "grey",
    }
}

fn because(record: &Record, stale: bool, reviewed: bool) -> &'static str {
    match (record.standing, record.inherited_from.is_some(), stale) {
        (_, true, true) => {
            "Its own grade is of an older edition, so the status of the organisation that took over from it counts."
        }
        (_, true, false) => {
            "It has published nothing for the current edition, so the status of the organisation that took over from \
             it counts."
        }
        (GradeKey::NotPublished, _, true) => {
            "It has published a grade only for an older edition. It does not count as meeting the standards now."
        }
        (GradeKey::NotPublished, ..) => "It has published nothing.",
        _ if reviewed && record.provisional => {
            "This is what it says of itself for the current edition. The central review is not finished."
        }
        _ if reviewed && record.challengeable => {
            "This is the grade after the central review of its return for the current edition. It is provisional until \
             the time to challenge the decision has passed."
        }
        _ if reviewed => "This is the grade after the central review of its return for the current edition.",
        _ => "It published this itself for the current edition.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_kept_are_bounded_and_what_is_asked_again_stays() {
        let recent = Recent::default();
        let body = Arc::new(Body::html("x".into()));
        recent.put("wanted", &body);
        for n in 0..GENERATION * 3 {
            recent.put(&n.to_string(), &body);
            assert!(recent.get("wanted").is_some(), "{n}");
            let kept = recent.0.lock().unwrap();
            assert!(kept.young.len() <= GENERATION && kept.old.len() <= GENERATION);
        }
        assert!(recent.get("0").is_none());
    }
}
