//! The register for the central team: search, filter, one page of the list.

use serde::{Deserialize, Serialize};

use crate::organisations::model::{Organisation, Sector};
use crate::organisations::store::{Paged, Region, SearchFilter};
use crate::platform::clock::Day;
use crate::platform::pages::{Cell, Choice, Field, Link, Page, Pagination, words};

/// What was asked for in the address, as raw text.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::organisations) struct SearchForm {
    words: String,
    sector: String,
    region: String,
    page: String,
}

impl SearchForm {
    /// The filter this means; a sector that is none is left aside.
    pub fn filter(&self) -> SearchFilter {
        SearchFilter {
            text: self.words.chars().take(200).collect(),
            sector: self.sector.parse().ok(),
            region: (!self.region.is_empty()).then(|| self.region.clone()),
        }
    }

    pub fn page(&self) -> i64 {
        self.page.parse().unwrap_or(1)
    }

    fn address(&self, page: u64) -> String {
        let page = page.to_string();
        let pairs = [
            ("words", self.words.as_str()),
            ("sector", &self.sector),
            ("region", &self.region),
            ("page", &page),
        ];
        let said: Vec<_> = pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        // Pairs of strings always encode.
        format!("/organisations?{}", serde_urlencoded::to_string(said).unwrap_or_default())
    }
}

/// The list.
#[derive(Debug, Serialize)]
pub(in crate::organisations) struct SearchPage {
    words: Field,
    sector: Field,
    sectors: Vec<Choice>,
    region: Field,
    regions: Vec<Choice>,
    caption: String,
    rows: Vec<Vec<Cell>>,
    pages: Pagination,
}

impl SearchPage {
    pub fn new(form: &SearchForm, regions: &[Region], found: &Paged<Organisation>, today: Day) -> Self {
        let unsigned = |number: i64| u64::try_from(number).unwrap_or_default();
        let any = |words: &str| std::iter::once(Choice::new("", words));
        Self {
            words: Field::new("words", "Name or code").value(&form.words),
            sector: Field::new("sector", "Sector").value(&form.sector),
            sectors: any("Every sector")
                .chain(Sector::ALL.iter().map(|sector| Choice::new(sector.as_str(), sector.words())))
                .collect(),
            region: Field::new("region", "Region").value(&form.region),
            regions: any("Every region")
                .chain(regions.iter().map(|region| Choice::new(&region.code, &region.name)))
                .collect(),
            caption: match found.total {
                1 => "1 organisation".to_owned(),
                many => format!("{} organisations", words::number(i128::from(many))),
            },
            rows: found.items.iter().map(|organisation| cells(organisation, regions, today)).collect(),
            pages: Pagination::new(
                unsigned(found.page.number()),
                unsigned(found.total),
                unsigned(found.page.limit()),
                |page| form.address(page),
            ),
        }
    }
}

fn cells(organisation: &Organisation, regions: &[Region], today: Day) -> Vec<Cell> {
    let region = organisation.region_code.as_ref();
    let region = region.and_then(|code| regions.iter().find(|region| region.code == *code));
    let open = match (organisation.is_open_on(today), organisation.closed_on) {
        (true, _) => "Open".to_owned(),
        (false, Some(day)) if day <= today => format!("Closed {}", day.words()),
        (false, _) => "Not open yet".to_owned(),
    };
    vec![
        Cell::link(&organisation.name, format!("/organisations/{}/record", organisation.code)),
        Cell::text(organisation.code.as_str()),
        Cell::text(organisation.sector.words()),
        Cell::text(region.map_or("No region", |region| region.name.as_str())),
        Cell::text(open),
    ]
}

impl Page for SearchPage {
    const TEMPLATE: &'static str = "organisations/search.html";

    fn title(&self) -> String {
        "Organisations".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Home", "/home")]
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let today = crate::platform::clock::Timestamp::from_micros(1_780_000_000_000_000).london_day();
        let Some(code) = crate::organisations::OdsCode::strict("ZZ001") else { return Vec::new() };
        let organisation = || Organisation {
            id: crate::platform::ids::OrganisationId::new(1),
            code: code.clone(),
            name: "Fenwick & Marsh Trust".to_owned(),
            sector: Sector::NhsTrust,
            region_code: Some("Y56".to_owned()),
            icb_code: None,
            postcode: None,
            opened_on: None,
            closed_on: Some(today),
            successor_id: None,
            head_office_id: None,
            source: "register@2026-05-01".to_owned(),
            version: 1,
        };
        let regions = [Region { code: "Y56".to_owned(), name: "London".to_owned() }];
        let list = |rows: usize, total| Paged {
            items: (0..rows).map(|_| organisation()).collect(),
            total,
            page: crate::organisations::Page::new(2, 50),
        };
        let form = SearchForm { words: "marsh".to_owned(), ..SearchForm::default() };
        vec![
            ("empty", Self::new(&SearchForm::default(), &[], &list(0, 0), today)),
            ("typical", Self::new(&form, &regions, &list(1, 1), today)),
            ("long", Self::new(&form, &regions, &list(50, 64_201), today)),
        ]
    }
}
