//! A release for data portals, after DCAT-AP: the dataset, who publishes it and answers for it, what time it is about, and
//! every file as a distribution with its licence, size and checksum.

use super::package::description;
use super::rdf::{Node, Term};
use super::{Address, Format, LICENCE, Made, PUBLISHER};
use crate::platform::canonical::{hex, sha256};
use crate::publication::document::Document;

/// Stem of the files' name.
pub const CATALOGUE: &str = "catalogue";

const ENGLISH: &str = "http://publications.europa.eu/resource/authority/language/ENG";
const HEALTH: &str = "http://publications.europa.eu/resource/authority/data-theme/HEAL";
const PUBLIC: &str = "http://publications.europa.eu/resource/authority/access-right/PUBLIC";
const ENGLAND: &str = "http://statistics.data.gov.uk/id/statistical-geography/E92000001";
const CSVW: &str = "http://www.w3.org/TR/tabular-data-model/";
const MEDIA_TYPES: &str = "https://www.iana.org/assignments/media-types/";

fn iri(address: impl Into<String>) -> Term {
    Term::Iri(address.into())
}

fn words(text: impl Into<String>) -> Term {
    Term::Words(text.into())
}

/// The things that are told of.
pub fn catalogue(document: &Document, at: &Address<'_>, files: &[Made]) -> Vec<Node> {
    let mut all: Vec<Node> = files.iter().map(|file| distribution(at, file)).collect();
    all.push(organisations(document, at));
    let distributions: Vec<Term> = all.iter().filter_map(|one| one.address.clone()).map(iri).collect();
    let day = document.as_at.london_day().to_string();
    let moment = |at: crate::platform::clock::Timestamp| Term::Typed(at.rfc3339(), "xsd:dateTime");
    let period = Node::of(
        "dct:PeriodOfTime",
        vec![
            ("dcat:startDate", Term::Typed(day.clone(), "xsd:date")),
            ("dcat:endDate", Term::Typed(day, "xsd:date")),
        ],
    );
    let contact = Node::of(
        "vcard:Organization",
        vec![
            ("vcard:fn", words(format!("{PUBLISHER}: {}", document.lead_statistician))),
            ("vcard:hasURL", iri(format!("{}/help", at.portal))),
        ],
    );
    let mut properties = vec![
        ("dct:title", words(&document.title)),
        ("dct:description", words(description(document))),
        ("dct:identifier", Term::Typed(document.key.clone(), "xsd:string")),
        ("dct:publisher", iri(publisher(at))),
        ("dcat:contactPoint", Term::Node(contact)),
        ("dct:license", iri(LICENCE.address)),
        ("dct:accessRights", iri(PUBLIC)),
        ("dct:issued", moment(at.issued)),
        ("dct:modified", moment(at.issued)),
        ("dct:language", iri(ENGLISH)),
        ("dct:spatial", iri(ENGLAND)),
        ("dct:temporal", Term::Node(period)),
        ("dcat:theme", iri(HEALTH)),
        ("dcat:landingPage", iri(at.release)),
        ("dct:provenance", Term::Node(provenance(document))),
    ];
    properties
        .extend(["data security", "assurance", "health and care"].map(|word| ("dcat:keyword", words(word))));
    properties.extend(distributions.into_iter().map(|one| ("dcat:distribution", one)));
    let dataset =
        Node { address: Some(format!("{}#dataset", at.release)), class: "dcat:Dataset", properties };
    let agent = Node {
        address: Some(publisher(at)),
        class: "foaf:Agent",
        properties: vec![("foaf:name", words(PUBLISHER)), ("foaf:homepage", iri(format!("{}/", at.portal)))],
    };
    [dataset, agent].into_iter().chain(all).collect()
}

fn publisher(at: &Address<'_>) -> String {
    format!("{}/#publisher", at.portal)
}

fn provenance(document: &Document) -> Node {
    let text = format!("Made from {} by the rules {}.", document.source.name, document.rules.publication);
    Node::of("dct:ProvenanceStatement", vec![("dct:description", words(text))])
}

fn distribution(at: &Address<'_>, file: &Made) -> Node {
    let size = Some(file.bytes.len() as u64);
    let hash = hex(&sha256(&file.bytes));
    let mut node = one_file(at, &file.name, &file.title, file.format, size, hash);
    if file.shape.is_some() {
        node.properties.push(("dct:conformsTo", iri(CSVW)));
    }
    node
}

fn organisations(document: &Document, at: &Address<'_>) -> Node {
    let note = &document.organisations;
    let (name, title) = ("organisations.csv", "List of organisations");
    one_file(at, name, title, Format::Csv, note.bytes, note.sha256.clone())
}

fn one_file(
    at: &Address<'_>,
    name: &str,
    title: &str,
    format: Format,
    bytes: Option<u64>,
    sha256: String,
) -> Node {
    let checksum = Node::of(
        "spdx:Checksum",
        vec![
            ("spdx:algorithm", iri("http://spdx.org/rdf/terms#checksumAlgorithm_sha256")),
            ("spdx:checksumValue", Term::Typed(sha256, "xsd:hexBinary")),
        ],
    );
    let mut properties = vec![
        ("dct:title", words(format!("{title} ({})", format.words()))),
        ("dcat:accessURL", iri(at.release)),
        ("dcat:downloadURL", iri(format!("{}/{name}", at.release))),
        ("dcat:mediaType", iri(format!("{MEDIA_TYPES}{}", format.plain_media_type()))),
        ("dct:license", iri(LICENCE.address)),
        ("dct:issued", Term::Typed(at.issued.rfc3339(), "xsd:dateTime")),
        ("spdx:checksum", Term::Node(checksum)),
    ];
    properties.extend(
        bytes.map(|bytes| ("dcat:byteSize", Term::Typed(bytes.to_string(), "xsd:nonNegativeInteger"))),
    );
    Node {
        address: Some(format!("{}/{name}#distribution", at.release)),
        class: "dcat:Distribution",
        properties,
    }
}
