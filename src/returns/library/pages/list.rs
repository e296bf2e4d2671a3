//! The library: search, filter, one page of the list.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{warning, way};
use crate::platform::clock::Day;
use crate::platform::ids::{PersonId, PieceId};
use crate::platform::pages::{Choice, Field, Link, Page, Pagination, Tag, words};
use crate::returns::library::model::{ScanState, Show, Sort};
use crate::returns::library::store::{Piece, Version, Wanted};
use crate::returns::library::{library_href, piece_href};

/// Pieces on one page of the list.
const PAGE_SIZE: i64 = 50;

/// What was asked for in the address, as raw text.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::returns::library) struct ListForm {
    words: String,
    show: String,
    sort: String,
    page: String,
}

impl ListForm {
    /// What this asks for on a day; a filter that is none is left aside.
    pub fn wanted(&self, today: Day) -> Wanted {
        Wanted {
            words: self.words.chars().take(200).collect(),
            show: self.show.parse().unwrap_or(Show::All),
            sort: self.sort.parse().unwrap_or(Sort::Title),
            page: self.page.parse().unwrap_or(1),
            size: PAGE_SIZE,
            today,
        }
    }

    fn address(&self, code: &str, page: u64) -> String {
        let page = page.to_string();
        let pairs =
            [("words", self.words.as_str()), ("show", &self.show), ("sort", &self.sort), ("page", &page)];
        let said: Vec<_> = pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        // Pairs of strings always encode.
        format!("{}?{}", library_href(code), serde_urlencoded::to_string(said).unwrap_or_default())
    }
}

/// One piece as the list needs it.
#[derive(Debug)]
pub(in crate::returns::library) struct Row<'a> {
    pub piece: &'a Piece,
    pub newest: Option<&'a Version>,
    /// Answers it stands beside.
    pub uses: i64,
}

#[derive(Debug, Serialize)]
struct Item {
    title: String,
    href: String,
    about: String,
    tag: Tag,
    until: String,
    owner: String,
    uses: String,
}

/// The list.
#[derive(Debug, Serialize)]
pub(in crate::returns::library) struct LibraryPage {
    href: String,
    /// Empty when the person may not add anything.
    add_href: String,
    words: Field,
    show: Field,
    shows: Vec<Choice>,
    sort: Field,
    sorts: Vec<Choice>,
    caption: String,
    items: Vec<Item>,
    pages: Pagination,
    /// Whether nothing is there at all, rather than nothing that was asked for.
    bare: bool,
    #[serde(skip)]
    way: Vec<Link>,
}

impl LibraryPage {
    /// A page of the library of the organisation with this code and name.
    pub fn new(
        (code, name): (&str, &str),
        (form, wanted): (&ListForm, &Wanted),
        (rows, total): (&[Row<'_>], i64),
        names: &BTreeMap<PersonId, String>,
        may_add: bool,
    ) -> Self {
        let mut way = way(code, name);
        way.truncate(2);
        let href = library_href(code);
        let unsigned = |number: i64| u64::try_from(number).unwrap_or_default();
        Self {
            add_href: if may_add { format!("{href}/new") } else { String::new() },
            href,
            words: Field::new("words", "Title or tag").value(&form.words),
            show: Field::new("show", "Show").value(wanted.show.as_str()),
            shows: Show::ALL.iter().map(|show| Choice::new(show.as_str(), show.words())).collect(),
            sort: Field::new("sort", "Order").value(wanted.sort.as_str()),
            sorts: Sort::ALL.iter().map(|sort| Choice::new(sort.as_str(), sort.words())).collect(),
            caption: match total {
                1 => "1 piece of evidence".to_owned(),
                many => format!("{} pieces of evidence", words::number(i128::from(many))),
            },
            items: rows.iter().map(|row| item(code, row, names, wanted.today)).collect(),
            pages: Pagination::new(
                unsigned(wanted.page.max(1)),
                unsigned(total),
                unsigned(wanted.size),
                |page| form.address(code, page),
            ),
            bare: total == 0 && form.words.is_empty() && wanted.show == Show::All,
            way,
        }
    }
}

fn item(code: &str, row: &Row<'_>, names: &BTreeMap<PersonId, String>, today: Day) -> Item {
    let Row { piece, newest, uses } = row;
    let scan = newest.map_or(ScanState::NotScanned, |version| version.scan);
    let kind = match newest {
        Some(Version { link: Some(_), .. }) => "Web link",
        _ => "File",
    };
    let mut about = vec![kind.to_owned(), piece.classification.words().to_owned()];
    about.extend(piece.tags.iter().cloned());
    Item {
        title: piece.title.clone(),
        href: piece_href(code, piece.id),
        about: about.join(", "),
        tag: warning(piece.removed_at.is_some(), scan, piece.valid_to, today)
            .unwrap_or_else(|| Tag::new("Current", "green")),
        until: piece.valid_to.map_or_else(|| "No last day".to_owned(), Day::words),
        owner: piece.owner.and_then(|owner| names.get(&owner)).map_or("Nobody", String::as_str).to_owned(),
        uses: match uses {
            0 => "Not used".to_owned(),
            1 => "1 place".to_owned(),
            many => format!("{} places", words::number(i128::from(*many))),
        },
    }
}

impl Page for LibraryPage {
    const TEMPLATE: &'static str = "returns/library/list.html";

    fn title(&self) -> String {
        "Evidence library".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let (piece, version) = (super::sample::piece(), super::sample::version(1));
        let names = BTreeMap::from([(PersonId::new(3), "Ada Example".to_owned())]);
        let pieces: Vec<Piece> = (1..=50).map(|id| Piece { id: PieceId::new(id), ..piece.clone() }).collect();
        let rows: Vec<Row<'_>> =
            pieces.iter().map(|piece| Row { piece, newest: Some(&version), uses: 3 }).collect();
        let page = |form: &ListForm, rows: &[Row<'_>], total| {
            let wanted = form.wanted(super::sample::today());
            Self::new(("ZZ001", "Example Trust"), (form, &wanted), (rows, total), &names, true)
        };
        let form = ListForm {
            words: "policy".to_owned(),
            show: "soon".to_owned(),
            sort: "until".to_owned(),
            page: "2".to_owned(),
        };
        vec![
            ("empty", page(&ListForm::default(), &[], 0)),
            ("nothing found", page(&form, &[], 0)),
            ("typical", page(&ListForm::default(), rows.get(..1).unwrap_or_default(), 1)),
            ("long", page(&form, &rows, 4321)),
        ]
    }
}
