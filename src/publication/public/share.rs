//! The picture that stands beside a link where somebody shares a page: the release's title, its headline figure with the
//! denominator, and the day of the figures, so that a copy that others keep says of when it is.

use super::body::Body;
use crate::platform::error::Result;
use crate::platform::pages::words::number;
use crate::platform::picture::{At, Colour, Picture, letters_in, line_of, wrapped};
use crate::publication::document::Document;

/// The picture of the newest release.
pub(super) const NEWEST: &str = "/public/share.png";
/// The addresses of releases.
const RELEASES: &str = "/public/releases/";

/// The size that those who show such pictures ask for.
const WIDTH: usize = 1200;
const HEIGHT: usize = 630;
/// Where words begin.
const LEFT: usize = 60;
/// The height of the band at the top.
const BAND: usize = 110;
/// The sizes of a point of a letter.
const SMALL: usize = 4;
const TITLE: usize = 6;
const LARGE: usize = 20;

const SERVICE: &str = "Data security assurance";

/// The address of the picture that goes with the page at this address.
pub(super) fn beside(path: &str) -> String {
    match path.strip_prefix(RELEASES) {
        Some(key) if !key.is_empty() && !key.contains('/') => format!("{path}/share.png"),
        _ => NEWEST.to_owned(),
    }
}

/// The picture before anything is published.
///
/// # Errors
/// When it cannot be packed, which is a fault.
pub(super) fn before() -> Result<Body> {
    let mut picture = ground();
    picture.words("How well health and care", At(LEFT, 220), TITLE, Colour::Ink);
    picture.words("organisations protect data", At(LEFT, 220 + line_of(TITLE)), TITLE, Colour::Ink);
    Ok(Body::picture(picture.png()?))
}

/// The picture of a release.
///
/// # Errors
/// As [`before`].
pub(super) fn picture(document: &Document) -> Result<Body> {
    Ok(Body::picture(drawn(document).png()?))
}

fn drawn(document: &Document) -> Picture {
    let headline = &document.headline;
    let mut picture = ground();
    let room = WIDTH - 2 * LEFT;
    let mut top = BAND + 40;
    for line in wrapped(&document.title, letters_in(room, TITLE), 2) {
        picture.words(&line, At(LEFT, top), TITLE, Colour::Ink);
        top += line_of(TITLE);
    }
    let (figure, words) = match &headline.meeting_share {
        Some(share) => (
            format!("{share}%"),
            format!(
                "{} of {} organisations meet the standard",
                number(headline.meeting.into()),
                number(headline.in_scope.into())
            ),
        ),
        None => ("-".to_owned(), "no organisations in scope".to_owned()),
    };
    picture.words(&figure, At(LEFT, 310), LARGE, Colour::Blue);
    for (place, line) in wrapped(&words, letters_in(room, SMALL), 2).iter().enumerate() {
        picture.words(line, At(LEFT, 475 + place * line_of(SMALL)), SMALL, Colour::Ink);
    }
    let day = format!("As at {}", document.as_at.london_day().words());
    let day = if document.is_provisional() { format!("{day}. Provisional") } else { day };
    picture.words(&day, At(LEFT, 575), SMALL, Colour::Ink);
    picture
}

/// The band with the service's name, and a line above the day.
fn ground() -> Picture {
    let mut picture = Picture::new(WIDTH, HEIGHT);
    picture.fill(At(0, 0), WIDTH, BAND, Colour::Blue);
    picture.words(SERVICE, At(LEFT, 34), TITLE, Colour::White);
    picture.fill(At(LEFT, 555), WIDTH - 2 * LEFT, 4, Colour::Pale);
    picture
}
