//! An organisation's certificates, each with whether it counts today and why not.

use serde::Serialize;

use super::{list_href, way};
use crate::certificates::model::{Certificate, CertificateState};
use crate::certificates::scope::{ScopeTest, ServiceName};
use crate::platform::clock::Day;
use crate::platform::pages::{Link, Page, Tag};

/// One certificate of the list.
#[derive(Debug, Serialize)]
struct Item {
    name: String,
    number: String,
    body: String,
    dates: String,
    tag: Tag,
    /// Why it does not count; empty when it does.
    why: String,
    covers: String,
    left_out: Vec<String>,
    /// Empty when it cannot be changed.
    href: String,
}

/// The list.
#[derive(Debug, Serialize)]
pub(in crate::certificates) struct ListPage {
    organisation: String,
    items: Vec<Item>,
    services: Vec<String>,
    /// Empty when this person may not change anything.
    new_href: String,
    services_href: String,
    #[serde(skip)]
    way: Vec<Link>,
}

impl ListPage {
    /// The list on this day.
    pub(in crate::certificates) fn new(
        (code, name): (&str, &str),
        certificates: &[Certificate],
        services: &[ServiceName],
        today: Day,
        may_change: bool,
    ) -> Self {
        let href = list_href(code);
        let offered = |more: String| if may_change { format!("{href}/{more}") } else { String::new() };
        Self {
            organisation: name.to_owned(),
            items: certificates
                .iter()
                .map(|certificate| {
                    let may = certificate.state() == CertificateState::Standing;
                    let own = if may { offered(certificate.id.to_string()) } else { String::new() };
                    item(certificate, services, today, own)
                })
                .collect(),
            services: services.iter().map(|service| service.name.clone()).collect(),
            new_href: offered("new".to_owned()),
            services_href: offered("services".to_owned()),
            way: way(code, name),
        }
    }
}

fn item(certificate: &Certificate, services: &[ServiceName], today: Day, href: String) -> Item {
    let shortfall = certificate.counts_on(today, ScopeTest::Any, services);
    let tag = match (&shortfall, certificate.state()) {
        (_, CertificateState::Withdrawn) => Tag::new("Withdrawn", "grey"),
        (None, _) => Tag::new("Counts", "green"),
        (Some(_), _) => Tag::new("Does not count", "orange"),
    };
    Item {
        name: certificate.name(),
        number: certificate.number.clone(),
        body: if certificate.accreditation.is_empty() {
            certificate.body.clone()
        } else {
            format!("{}, accredited: {}", certificate.body, certificate.accreditation)
        },
        dates: format!("{} to {}", certificate.valid_from.words(), certificate.valid_to.words()),
        tag,
        why: shortfall
            .map(|why| format!("It does not count today because {}.", why.words()))
            .unwrap_or_default(),
        covers: certificate.scope.words(services),
        left_out: certificate.scope.left_out(services),
        href,
    }
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "certificates/list.html";

    fn title(&self) -> String {
        format!("Certificates of {}", self.organisation)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let bare = |may| {
            Self::new(
                ("ZZ001", "Example Trust"),
                &[],
                &[],
                Day::from(jiff::civil::Date::constant(2026, 1, 13)),
                may,
            )
        };
        let item = |tag, why: &str| Item {
            name: "ISO/IEC 27001 (2022 edition)".to_owned(),
            number: "IS 123456".to_owned(),
            body: "Example Assurance, accredited: 0001".to_owned(),
            dates: "4 May 2024 to 3 May 2027".to_owned(),
            tag,
            why: why.to_owned(),
            covers: "5 of 7 services".to_owned(),
            left_out: vec!["Pharmacy".to_owned(), "Estates".to_owned()],
            href: "/organisations/ZZ001/certificates/7".to_owned(),
        };
        let mut typical = bare(true);
        typical.services = vec!["Pharmacy".to_owned(), "Estates".to_owned()];
        typical.items = vec![
            item(Tag::new("Counts", "green"), ""),
            item(
                Tag::new("Does not count", "orange"),
                "It does not count today because it lapsed after 3 May 2027.",
            ),
        ];
        vec![("empty", bare(false)), ("may add", bare(true)), ("typical", typical)]
    }
}
