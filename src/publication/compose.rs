//! Composing a release: lines in, the frozen document out.

use std::collections::BTreeMap;

use super::answers::{Kind, Sheet};
use super::baseline;
use super::data;
use super::document::{
    Change, Document, MeasureEntry, OrganisationsNote, RULES, RequirementSection, Rules, SourceNote,
    TableEntry,
};
use super::prepare_release::{Draft, ReleaseRequest};
use super::record::Record;
use super::release::{Source, snapshot_day};
use super::report::{Report, Withheld};
use super::store::{self, CollectionLines};
use super::tables::{self, Compared, GradeTables};
use crate::platform::canonical::{Hashed, hex};
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{CollectionId, OrganisationId};
use crate::platform::pages::words;
use crate::review;
use crate::standards::Edition;
use crate::standing;
use crate::statistics::disclosure::DisclosureRules;
use crate::statistics::estimators::CompositeRule;

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
}

/// What only a collection has.
struct Answers {
    collection: CollectionId,
    edition: std::sync::Arc<Edition>,
    whose: Vec<OrganisationId>,
    levels: Vec<Vec<u8>>,
    settled_at: Vec<Timestamp>,
}

pub(super) fn compose(conn: &mut Conn, request: &ReleaseRequest, now: Timestamp) -> Result<Draft> {
    let gathered = gather(conn, request, now)?;
    let title = title(request, &gathered)?;
    let lead =
        named(&request.lead_statistician, "lead_statistician", "Enter the lead statistician\u{2019}s name")?;
    let rules = DisclosureRules::default();
    let key = store::next_key(conn, &request.source)?;
    let population = request.source.as_text();
    let grades = GradeTables {
        population: &population,
        records: &gathered.records,
        regions: &gathered.regions,
        current: &gathered.edition,
        rules: &rules,
    };
    let mut all = grades.all()?;
    let change = compared(conn, &gathered, &population, &rules, &mut all)?;
    let mut report = Report::default();
    let mut notes = notes(&gathered);
    let mut sections = Vec::new();
    let mut measures = composite(conn, &gathered, &population)?;
    if let Some(answers) = &gathered.answers {
        all.push(tables::late_by_sector(&grades)?);
        all.push(tables::late_by_region(&grades)?);
        all.push(tables::review_by_sector(&grades)?);
        let parts = Parts {
            tables: &mut all,
            measures: &mut measures,
            sections: &mut sections,
            report: &mut report,
            notes: &mut notes,
        };
        add_answers(conn, request, (&gathered, answers), &population, &rules, parts)?;
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
        sections,
        change,
        organisations: OrganisationsNote {
            count: gathered.records.len() as u64,
            sha256: hex(&list.digest()),
        },
        notes,
    };
    let (text, hash) = document.canonical()?;
    Ok(Draft {
        source: request.source.clone(),
        collection: gathered.collection,
        content_hash: document.content_hash()?,
        document,
        text,
        hash,
        report: report.to_json()?,
        records: gathered.records,
    })
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
                as_at: snapshot_day(name).map_or(now, crate::platform::clock::Day::start),
            })
        }
        Source::Collection(key) => {
            let CollectionLines { id, name, records, edition, regions, earlier, whose, levels, settled_at } =
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
                answers: Some(Answers { collection: id, edition, whose, levels, settled_at }),
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

fn compared(
    conn: &mut Conn,
    gathered: &Gathered,
    population: &str,
    rules: &DisclosureRules,
    all: &mut Vec<TableEntry>,
) -> Result<Option<Change>> {
    let Some(earlier) = &gathered.earlier else { return Ok(None) };
    let (change, entry) =
        tables::compare(population, &gathered.records, earlier, &store::successors(conn)?, rules)?;
    all.push(entry);
    Ok(Some(change))
}

/// The score of boards, from what is public of each.
fn composite(conn: &mut Conn, gathered: &Gathered, population: &str) -> Result<Vec<MeasureEntry>> {
    let boards = store::boards_of_trusts(conn, gathered.as_at.london_day())?;
    let rule = CompositeRule::default();
    Ok(tables::composite_by_board(population, &gathered.records, &boards, &rule)?.into_iter().collect())
}

/// What a release is filled with while it is composed.
struct Parts<'a> {
    tables: &'a mut Vec<TableEntry>,
    measures: &'a mut Vec<MeasureEntry>,
    sections: &'a mut Vec<RequirementSection>,
    report: &'a mut Report,
    notes: &'a mut Vec<String>,
}

/// Adds the answers by requirement, unless a reader could take an earlier release away from this one and learn the
/// answers of the few organisations that changed in between.
fn add_answers(
    conn: &mut Conn,
    request: &ReleaseRequest,
    (gathered, answers): (&Gathered, &Answers),
    population: &str,
    rules: &DisclosureRules,
    parts: Parts<'_>,
) -> Result<()> {
    let Parts { tables: all, measures, sections, report, notes } = parts;
    if answers.edition.requirements().is_empty() {
        return Ok(());
    }
    for earlier in store::all_releases(conn)? {
        if earlier.published_at.is_none() || earlier.source != request.source {
            continue;
        }
        let changed = answers.settled_at.iter().filter(|at| **at > earlier.as_at).count() as u64;
        if (1..rules.minimum).contains(&changed) {
            report.held_back = Some(format!(
                "Answers by requirement are left out: {changed} organisations changed since release {}, fewer than \
                 the minimum of {}, so the difference between the two would tell their answers.",
                earlier.key, rules.minimum
            ));
            notes.push(format!(
                "Answers by requirement are not repeated, because too few organisations changed since release {}. \
                 The figures there still hold.",
                earlier.key
            ));
            return Ok(());
        }
    }
    let scope: Vec<Kind> = gathered.records.iter().map(Kind::from).collect();
    let mut sheet = Sheet::of(&answers.edition, &scope, &gathered.regions)?;
    for (whose, levels) in answers.whose.iter().zip(&answers.levels) {
        sheet.put(*whose, levels)?;
    }
    measured(conn, (gathered, answers), &sheet, population, rules, measures)?;
    if let Some(found) = tables::level_distribution(population, &sheet, rules)? {
        report.withheld = Withheld::all(&found.decisions);
        report.cost = Some(found.decisions.cost().into());
        *sections = found.sections;
        all.push(found.entry);
    }
    let reviewed = review::consistency::calibration_of(conn, answers.collection)?;
    if let Some((entry, decisions)) =
        tables::claims_after_review(population, &answers.edition, &reviewed.counts, rules)?
    {
        report.withheld.extend(Withheld::all(&decisions));
        all.push(entry);
    }
    Ok(())
}

/// The tables of measures that rest on answers.
fn measured(
    conn: &mut Conn,
    (gathered, answers): (&Gathered, &Answers),
    sheet: &Sheet,
    population: &str,
    rules: &DisclosureRules,
    measures: &mut Vec<MeasureEntry>,
) -> Result<()> {
    let points = answers
        .whose
        .iter()
        .zip(&answers.levels)
        .filter_map(|(whose, levels)| Some((*whose, standing::points(levels, answers.edition.scheme())?)))
        .collect();
    measures.push(tables::points_by_sector(population, &gathered.records, &points, rules)?);
    measures.extend(tables::requirements_analysed(population, sheet, rules)?);
    let Some(drawn) = baseline::drawn_of(conn, answers.collection)? else { return Ok(()) };
    let of = baseline::Responses::of(&drawn, &gathered.records)?;
    let [share, mean] =
        baseline::estimates(population, &of, &gathered.records, &gathered.regions, &points, rules)?;
    let entry = |name: &str, about: &str, table| MeasureEntry {
        name: name.to_owned(),
        about: about.to_owned(),
        table,
    };
    measures.extend([
        entry(
            "baseline-response",
            "How many organisations of each kind were drawn for the baselining sample, and how many responded.",
            baseline::response(population, &drawn, &of)?,
        ),
        entry("baseline-meeting", "What the baselining sample says of all organisations in scope.", share),
        entry("baseline-points", "What the baselining sample says of all organisations in scope.", mean),
    ]);
    Ok(())
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
        inputs.insert("submissions".to_owned(), answers.levels.len() as u64);
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
