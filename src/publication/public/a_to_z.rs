//! The pages of every organisation from A to Z, made from the list in memory when somebody asks.

use std::collections::BTreeMap;

use super::PublicSite;
use super::body::Body;
use super::directory::Directory;
use crate::platform::error::{Error, Result};
use crate::platform::pages::{Link, Page};
use crate::publication::pages::{AToZPage, AToZPartPage};

/// Where the letters are.
const LETTERS: &str = "/public/a-to-z";
/// Organisations on one page.
const PAGE: usize = 250;
/// Names that begin with no letter.
const OTHERS: &str = "other";

/// Places in the list by the letter that the name begins with, in the order of names.
fn letters(directory: &Directory) -> BTreeMap<String, Vec<usize>> {
    let mut found: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for place in 0..directory.count() {
        let first = directory.name_at(place).chars().find(char::is_ascii_alphanumeric);
        let letter = match first {
            Some(letter) if letter.is_ascii_alphabetic() => letter.to_ascii_lowercase().to_string(),
            _ => OTHERS.to_owned(),
        };
        found.entry(letter).or_default().push(place);
    }
    found
}

fn words(letter: &str) -> String {
    if letter == OTHERS { "Other names".to_owned() } else { letter.to_uppercase() }
}

fn address(letter: &str, page: usize) -> String {
    if page == 1 { format!("{LETTERS}/{letter}") } else { format!("{LETTERS}/{letter}-{page}") }
}

/// The addresses of all these pages.
pub(super) fn addresses(directory: &Directory) -> Vec<String> {
    let of_letter = |(letter, places): (&String, &Vec<usize>)| {
        let letter = letter.clone();
        (1..=places.len().div_ceil(PAGE).max(1)).map(move |page| address(&letter, page))
    };
    std::iter::once(LETTERS.to_owned()).chain(letters(directory).iter().flat_map(of_letter)).collect()
}

impl PublicSite {
    /// The letters, each with its pages.
    ///
    /// # Errors
    /// When the list cannot be read or the page cannot be rendered.
    pub(in crate::publication) fn a_to_z(&self) -> Result<Body> {
        let directory = self.directory(&self.now())?;
        let rows = letters(&directory)
            .into_iter()
            .map(|(letter, places)| {
                let last = places.len().div_ceil(PAGE).max(1);
                let pages = (1..=last).map(|page| Link::new(page.to_string(), address(&letter, page)));
                (words(&letter), places.len() as u64, pages.collect())
            })
            .collect();
        self.body(LETTERS, &AToZPage { rows })
    }

    /// One page of one letter, such as `a` or `a-2`; none where there is none.
    ///
    /// # Errors
    /// As [`PublicSite::a_to_z`].
    pub(in crate::publication) fn a_to_z_part(&self, part: &str) -> Result<Option<Body>> {
        let (letter, page) = match part.split_once('-') {
            None => (part, Some(1)),
            // One address for each page.
            Some((letter, number)) => {
                (letter, number.parse().ok().filter(|n: &usize| *n > 1 && n.to_string() == number))
            }
        };
        let Some(page) = page else { return Ok(None) };
        let directory = self.directory(&self.now())?;
        let all = letters(&directory);
        let Some(places) = all.get(letter) else { return Ok(None) };
        let Some(some) = places.chunks(PAGE).nth(page - 1) else { return Ok(None) };
        let rows = some
            .iter()
            .filter_map(|place| directory.entry(*place))
            .map(|entry| {
                let address = format!("/public/organisations/{}", entry.record.code);
                (Link::new(entry.record.name, address), entry.record.code)
            })
            .collect();
        let last = places.len().div_ceil(PAGE);
        let beside = |there: bool, number: usize| if there { address(letter, number) } else { String::new() };
        let content = AToZPartPage {
            letter: words(letter),
            page: page as u64,
            last: last as u64,
            rows,
            previous: beside(page > 1, page.saturating_sub(1)),
            next: beside(page < last, page + 1),
        };
        self.body(&address(letter, page), &content).map(Some)
    }

    fn body<P: Page>(&self, address: &str, page: &P) -> Result<Body> {
        let html = self
            .pages()
            .render(&self.surroundings(address, &page.title()), page)
            .map_err(|e| Error::internal(format!("failed to render {}", P::TEMPLATE), e))?;
        Ok(Body::html(html))
    }
}
