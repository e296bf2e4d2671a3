//! An organisation's mark: a small drawing for its own website that says in words what its public page says. It is drawn
//! from the page, so the two cannot differ, and a browser asks each time whether it still stands.

use std::sync::Arc;

use super::PublicSite;
use super::body::Body;
use crate::platform::charts::layout::wrap;
use crate::platform::charts::markup::Markup;
use crate::platform::clock::{Day, Timestamp};
use crate::platform::error::{Error, Result};
use crate::publication::pages::{MarkSnippet, OrganisationPage};

/// The drawing's size; the same for every organisation, so that a page that shows it keeps its shape.
const WIDTH: u32 = 400;
const HEIGHT: u32 = 250;
/// Where the words begin, and the pixels that they may take.
const LEFT: &str = "20";
const ROOM: u32 = 364;

/// What is added to the page's address.
const NAME: &str = "mark.svg";

impl PublicSite {
    /// The mark of the organisation with this code, if the current release has it.
    ///
    /// # Errors
    /// [`Error::NotFound`], or when the list of organisations cannot be read.
    pub(in crate::publication) fn mark(&self, code: &str) -> Result<Arc<Body>> {
        let site = self.now();
        let kept = format!("{code}/{NAME}");
        if let Some(body) = site.recent.get(&kept) {
            return Ok(body);
        }
        let as_at = site.current.as_ref().ok_or(Error::NotFound)?.0.as_at;
        let body = Arc::new(Body::drawing(drawn(&self.organisation_page(&site, code)?, as_at)));
        site.recent.put(&kept, &body);
        Ok(body)
    }
}

/// What an organisation puts on its website. The words for those who do not see the drawing name no status: they stand on
/// somebody else's page and would not follow a correction. The link behind them leads to what is true now.
pub(super) fn snippet(portal: &str, code: &str, name: &str) -> MarkSnippet {
    let here = format!("/public/organisations/{code}");
    let alternative =
        format!("Data security assurance of {name}: read the present status on the public record");
    let mut html = Markup::default();
    html.open("a", &[("href", &format!("{portal}{here}"))]);
    let (width, height) = (WIDTH.to_string(), HEIGHT.to_string());
    html.empty(
        "img",
        &[
            ("src", &format!("{portal}{here}/{NAME}")),
            ("alt", &alternative),
            ("width", &width),
            ("height", &height),
        ],
    );
    MarkSnippet {
        href: format!("{here}/{NAME}"),
        alternative,
        width: WIDTH,
        height: HEIGHT,
        html: html.finish(),
    }
}

/// The drawing: nothing but words, a line and a frame, in fonts that every system has.
fn drawn(page: &OrganisationPage, as_at: Timestamp) -> String {
    let lines = lines(page, as_at);
    let title = format!("Data security assurance of {}: {}", page.name, page.status);
    let view = format!("0 0 {WIDTH} {HEIGHT}");
    let (width, height) = (WIDTH.to_string(), HEIGHT.to_string());
    let mut svg = Markup::default();
    svg.open(
        "svg",
        &[
            ("xmlns", "http://www.w3.org/2000/svg"),
            ("width", &width),
            ("height", &height),
            ("viewBox", &view),
            ("role", "img"),
            ("aria-labelledby", "mark-title mark-description"),
            ("font-family", "Arial, Helvetica, sans-serif"),
            ("fill", "#212b32"),
        ],
    );
    svg.text("title", &[("id", "mark-title")], &title);
    svg.text("desc", &[("id", "mark-description")], &format!("{}. {}", lines.join(". "), page.because));
    let (inner_width, inner_height) = ((WIDTH - 2).to_string(), (HEIGHT - 2).to_string());
    svg.empty(
        "rect",
        &[
            ("x", "1"),
            ("y", "1"),
            ("width", &inner_width),
            ("height", &inner_height),
            ("fill", "#ffffff"),
            ("stroke", "#4c6272"),
        ],
    );
    svg.empty(
        "rect",
        &[("x", "1"), ("y", "1"), ("width", "8"), ("height", &inner_height), ("fill", "#005eb8")],
    );
    let mut y = 0;
    let mut write = |svg: &mut Markup, size: u32, weight: &str, text: &str| {
        y += size + 7;
        svg.text(
            "text",
            &[("x", LEFT), ("y", &y.to_string()), ("font-size", &size.to_string()), ("font-weight", weight)],
            text,
        );
    };
    write(&mut svg, 13, "normal", "Data security assurance");
    for line in wrap(&page.name, 16, ROOM, 2) {
        write(&mut svg, 16, "bold", &line);
    }
    for line in wrap(&page.status, 22, ROOM, 1) {
        write(&mut svg, 22, "bold", &line);
    }
    for line in lines.iter().flat_map(|line| wrap(line, 13, ROOM, 2)) {
        write(&mut svg, 13, "normal", &line);
    }
    svg.finish()
}

/// Edition and date, whose word it is, and the day of the figures.
fn lines(page: &OrganisationPage, as_at: Timestamp) -> Vec<String> {
    let mut lines = Vec::new();
    if page.edition.is_empty() {
        lines.push("It has published no grade of its own".to_owned());
    } else {
        let day = page.published_on.parse::<Day>().map(Day::words);
        let on = day.map_or_else(|_| String::new(), |day| format!(", published on {day}"));
        let older = if page.stale { " (older)" } else { "" };
        lines.push(format!("Edition {}{older}{on}", page.edition));
    }
    if let Some(heir) = &page.successor {
        lines.push(format!("The status is that of {}, which took over", heir.text));
    }
    if page.provisional {
        lines.push("Provisional: the organisation\u{2019}s own claim, not reviewed yet".to_owned());
    } else if page.challengeable {
        lines.push("Provisional: reviewed, and can still be challenged".to_owned());
    }
    if page.revised.is_some() {
        lines.push("Revised since the rules were corrected".to_owned());
    }
    lines.push(format!("Code {}. Figures of {}", page.code, as_at.london_day().words()));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::pages::Page as _;

    #[test]
    fn everything_that_the_page_says_fits_into_the_frame() {
        for (name, page) in OrganisationPage::samples() {
            let svg = drawn(&page, Timestamp::from_micros(0));
            let parsed = roxmltree::Document::parse(&svg).unwrap();
            let texts: Vec<_> =
                parsed.descendants().filter(|node| node.tag_name().name() == "text").collect();
            let lowest = texts.iter().filter_map(|node| node.attribute("y")?.parse::<u32>().ok()).max();
            assert!(lowest.is_some_and(|y| y < HEIGHT - 4), "{name}: {lowest:?}");
            let said: String = texts.iter().filter_map(roxmltree::Node::text).collect();
            assert_eq!(said.contains("own claim"), page.provisional, "{name}");
            assert!(svg.contains("Figures of 1 January 1970") && !svg.contains("<b>"), "{name}: {svg}");
            assert!(!svg.contains("href") && !svg.contains("style"), "{name}");
        }
    }

    #[test]
    fn the_words_of_the_snippet_cannot_grow_old_or_break_out() {
        let made = snippet("https://portal.example", "RX1", "A \"B\" <b>");
        assert!(
            made.html.contains("alt=\"Data security assurance of A &quot;B&quot; &lt;b&gt;: read"),
            "{}",
            made.html
        );
        assert!(made.html.contains("src=\"https://portal.example/public/organisations/RX1/mark.svg\""));
        assert!(!made.html.contains("Standards met") && made.html.ends_with("</a>"));
    }
}
