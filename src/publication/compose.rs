//! Composing a release: lines in, the frozen document out.

use std::collections::BTreeMap;

use super::baseline::{self, OpenSample};
use super::bundle::Inputs;
use super::data;
use super::document::{Document, MeasureEntry, OrganisationsNote, RULES, Rules, SourceNote};
use super::facts::{FactTables, Facts};
use super::guard::{self, AnswerTables, Counting};
use super::prepare_release::{Draft, ReleaseRequest};
use super::public::district;
use super::record::Record;
use super::release::{Source, snapshot_day};
use super::store::{self, CollectionLines};
use super::tables::{self, Answered, Compared};
use crate::platform::canonical::{Hashed, hex};
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{CollectionId, OrganisationId};
use crate::platform::pages::words;
use crate::standards::Edition;
use crate::statistics::disclosure::DisclosureRules;

/// Most characters of a title or a name.
const LONGEST_TITLE: usize = 200;

/// What both kinds of source come to before the tables are made.
struct Gathered {
    kind: &'static str,
    key: String,
    name: String,
    collection: Option<CollectionId>,
    records: Vec<Record>,
    edition: String,
    scoring: String,
    regions: BTreeMap<String, String>,
    earlier: Option<Compared>,
    answers: Option<Answers>,
    as_at: Timestamp,
    /// The sectors of a register in its own words.
    own_sectors: BTreeMap<OrganisationId, String>,
}

/// What only a collection has.
pub(super) struct Answers {
    /// The collection.
    pub collection: CollectionId,
    /// What was asked.
    pub edition: std::sync::Arc<Edition>,
    /// Every submission that counts.
    pub answered: Vec<Answered>,
}

pub(super) fn compose(conn: &mut Conn, request: &ReleaseRequest, now: Timestamp) -> Result<Draft> {
    let gathered = gather(conn, request, now)?;
    let title = title(request, &gathered)?;
    let lead =
        named(&request.lead_statistician, "lead_statistician", "Enter the lead statistician\u{2019}s name")?;
    let contact = contact(&request.contact)?;
    let rules = DisclosureRules::default();
    let key = store::next_key(conn, &request.source)?;
    let population = request.source.as_text();
    let successors = store::successors(conn)?;
    // The score of boards rests on whose area a trust lay in on the day of the figures.
    let boards = store::boards_of_trusts(conn, gathered.as_at.london_day())?;
    let facts = Facts {
        population: &population,
        records: &gathered.records,
        regions: &gathered.regions,
        current: &gathered.edition,
        rules: &rules,
        collected: gathered.answers.is_some(),
        own_sectors: &gathered.own_sectors,
        earlier: gathered.earlier.as_ref(),
        successors: &successors,
        boards: &boards,
    };
    let FactTables { tables: mut all, change, composite } = facts.tables()?;
    let inputs = Inputs::of(&facts, &store::codes(conn)?)?
        .beside(districts(conn, &gathered.records)?, sample(conn, gathered.collection)?);
    let mut notes = notes(&gathered);
    let mut measures: Vec<MeasureEntry> = composite.into_iter().collect();
    let mut made = AnswerTables::default();
    if let Some(answers) = &gathered.answers {
        let of = Counting {
            source: &request.source,
            population: &population,
            answers,
            records: &gathered.records,
            regions: &gathered.regions,
            rules: &rules,
        };
        made = guard::answer_tables(conn, &of)?;
        all.append(&mut made.entries);
        measures.append(&mut made.measures);
        notes.append(&mut made.notes);
    }
    let list =
        data::organisations_csv(Hashed::default(), &gathered.records, &gathered.edition, &gathered.regions)?;
    let document = Document {
        v: 1,
        key,
        title,
        source: source_note(&gathered),
        edition: gathered.edition.clone(),
        as_at: gathered.as_at,
        lead_statistician: lead,
        rules: Rules { publication: RULES.to_owned(), scoring: gathered.scoring.clone(), disclosure: rules },
        headline: tables::headline(&gathered.records, &gathered.edition, gathered.answers.is_some()),
        tables: all,
        measures,
        sections: made.sections,
        change,
        organisations: OrganisationsNote {
            count: gathered.records.len() as u64,
            bytes: Some(list.bytes()),
            sha256: hex(&list.digest()),
        },
        notes,
    };
    let (text, hash) = document.canonical()?;
    Ok(Draft {
        source: request.source.clone(),
        contact,
        collection: gathered.collection,
        content_hash: document.content_hash()?,
        document,
        text,
        hash,
        report: made.report.to_json()?,
        disclosure: made.disclosure.to_json()?,
        answers: answers_of(gathered.answers),
        records: gathered.records,
        paper: None,
        inputs: inputs.to_json()?,
    })
}

/// The first halves of the postcodes of these organisations by their codes, as the register has them now.
fn districts(conn: &mut Conn, records: &[Record]) -> Result<BTreeMap<String, String>> {
    let known = store::postcodes(conn)?;
    let of = |record: &Record| Some((record.code.clone(), district(known.get(&record.organisation)?)?));
    Ok(records.iter().filter_map(of).collect())
}

/// The baselining sample of a collection, where one was drawn.
fn sample(conn: &mut Conn, of: Option<CollectionId>) -> Result<Option<OpenSample>> {
    let Some(collection) = of else { return Ok(None) };
    baseline::drawn_of(conn, collection)?.as_ref().map(OpenSample::of).transpose()
}

/// What is kept of the answers, so that a later release can tell what the difference would give away.
fn answers_of(answers: Option<Answers>) -> Vec<(OrganisationId, Vec<u8>)> {
    let answered = answers.map(|answers| answers.answered).unwrap_or_default();
    answered.into_iter().map(|one| (one.organisation, one.levels)).collect()
}

fn gather(conn: &mut Conn, request: &ReleaseRequest, now: Timestamp) -> Result<Gathered> {
    match &request.source {
        Source::Register(name) => {
            let lines = store::register_lines(conn, name, request.edition.as_deref())?;
            Ok(Gathered {
                kind: "register",
                key: name.clone(),
                name: store::register_name(name),
                collection: None,
                records: lines.records,
                edition: lines.edition,
                scoring: String::new(),
                regions: lines.regions,
                earlier: lines.earlier,
                answers: None,
                own_sectors: lines.own_sectors,
                as_at: snapshot_day(name).map_or(now, crate::platform::clock::Day::start),
            })
        }
        Source::Collection(key) => {
            let CollectionLines { id, name, records, edition, regions, earlier, answered } =
                store::collection_lines(conn, key)?;
            Ok(Gathered {
                kind: "collection",
                key: key.clone(),
                name,
                collection: Some(id),
                records,
                edition: edition.label().to_owned(),
                scoring: edition.rule_set().to_owned(),
                regions,
                earlier,
                answers: Some(Answers { collection: id, edition, answered }),
                own_sectors: BTreeMap::new(),
                as_at: now,
            })
        }
    }
}

fn title(request: &ReleaseRequest, gathered: &Gathered) -> Result<String> {
    match &request.title {
        Some(title) => named(title, "title", "Enter a title"),
        None => Ok(format!("Data security assurance: {}", gathered.name)),
    }
}

/// Whom readers may ask, in one line; it may still be missing.
fn contact(text: &str) -> Result<String> {
    if text.trim().is_empty() {
        return Ok(String::new());
    }
    named(text, "contact", "Enter whom readers may ask")
}

fn named(text: &str, field: &str, missing: &str) -> Result<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() {
        return Err(Error::field(field, missing));
    }
    if text.chars().count() > LONGEST_TITLE {
        return Err(Error::field(field, format!("Use at most {LONGEST_TITLE} characters")));
    }
    Ok(text)
}

fn source_note(gathered: &Gathered) -> SourceNote {
    let count =
        |wanted: &dyn Fn(&Record) -> bool| gathered.records.iter().filter(|one| wanted(one)).count() as u64;
    let mut inputs = BTreeMap::from([
        ("organisations".to_owned(), gathered.records.len() as u64),
        ("with_a_published_grade".to_owned(), count(&Record::is_published)),
        ("without_a_region".to_owned(), count(&|record| record.region.is_none())),
    ]);
    if let Some(answers) = &gathered.answers {
        inputs.insert("submissions".to_owned(), answers.answered.len() as u64);
    }
    SourceNote {
        kind: gathered.kind.to_owned(),
        key: gathered.key.clone(),
        name: gathered.name.clone(),
        inputs,
    }
}

fn notes(gathered: &Gathered) -> Vec<String> {
    let mut notes = Vec::new();
    let unknown = gathered.records.iter().filter(|record| record.region.is_none()).count();
    if unknown > 0 && gathered.kind == "register" {
        notes.push(format!(
            "The register does not name regions. The region is the one that the organisation directory gives; it is \
             not known for {} organisations.",
            words::number(unknown as i128)
        ));
    }
    let provisional = gathered.records.iter().filter(|record| record.provisional).count();
    if provisional > 0 {
        notes.push(if provisional == 1 {
            "1 grade is provisional: it is the organisation\u{2019}s own claim and has not been reviewed yet.".to_owned()
        } else {
            format!(
                "{} grades are provisional: they are the organisations\u{2019} own claims and have not been reviewed yet.",
                words::number(provisional as i128)
            )
        });
    }
    let open = gathered.records.iter().filter(|record| record.challengeable).count();
    if open > 0 {
        notes.push(if open == 1 {
            "1 grade has been decided in review and is provisional until its decision can be challenged no more.".to_owned()
        } else {
            format!(
                "{} grades have been decided in review and are provisional until their decisions can be challenged no \
                 more.",
                words::number(open as i128)
            )
        });
    }
    notes
}
