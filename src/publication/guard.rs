//! Answers by requirement under guard: what earlier releases showed, whether anything may be said at all, and the report
//! for the statistician.

use std::collections::BTreeMap;

use super::answers::{Kind, Sheet};
use super::compose::Answers;
use super::disclosure_report::{DisclosureReport, TableReport};
use super::document::{Document, MeasureEntry, RequirementSection, TableEntry};
use super::measured;
use super::record::Record;
use super::release::{ReleaseSummary, Source};
use super::report::{Report, Withheld};
use super::store;
use super::tables::{self, Against, EarlierAnswers};
use super::together;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::review;
use crate::statistics::disclosure::{DisclosureRules, Protected};

/// The table whose figures of different releases tell of the same answers.
const ANSWERS: &str = "answers-by-requirement";

/// What the tables of answers are made from.
pub(super) struct Counting<'a> {
    /// Where the figures come from.
    pub source: &'a Source,
    /// The release's population, as a stable key.
    pub population: &'a str,
    /// The submissions that count.
    pub answers: &'a Answers,
    /// One line per organisation in scope.
    pub records: &'a [Record],
    /// Region names by code.
    pub regions: &'a BTreeMap<String, String>,
    /// The thresholds.
    pub rules: &'a DisclosureRules,
}

impl Counting<'_> {
    /// Every submission as a row.
    fn sheet(&self) -> Result<Sheet> {
        let scope: Vec<Kind> = self.records.iter().map(Kind::from).collect();
        let mut sheet = Sheet::of(&self.answers.edition, &scope, self.regions)?;
        for one in &self.answers.answered {
            sheet.put(one.organisation, &one.levels)?;
        }
        Ok(sheet)
    }
}

/// What a release says about answers, with the reports on it.
#[derive(Debug, Default)]
pub(super) struct AnswerTables {
    /// The tables, in reading order.
    pub entries: Vec<TableEntry>,
    /// The tables of measures that rest on answers, in reading order.
    pub measures: Vec<MeasureEntry>,
    /// Sections of the requirements table.
    pub sections: Vec<RequirementSection>,
    /// Notes for readers.
    pub notes: Vec<String>,
    /// The short report.
    pub report: Report,
    /// The long one.
    pub disclosure: DisclosureReport,
    /// What was decided on each table, for a look at all of them together.
    decisions: Vec<Protected>,
}

/// Makes the tables of answers, unless a reader could take an earlier release away from this one and learn the answers of
/// the few organisations that changed in between.
///
/// # Errors
/// When the database cannot be asked, or the figures cannot be protected.
pub(super) fn answer_tables(conn: &mut Conn, of: &Counting<'_>) -> Result<AnswerTables> {
    let public = earlier_releases(conn, of.source)?;
    let earlier = earlier_answers(conn, &public)?;
    let mut made = AnswerTables::default();
    made.disclosure.rules = *of.rules;
    made.disclosure.earlier = earlier.iter().map(|one| one.key.clone()).collect();
    if of.answers.edition.requirements().is_empty() {
        return Ok(made);
    }
    if let Some((key, changed)) = too_few_changed(&public, &earlier, of.answers, of.rules) {
        hold_back(&mut made, &key, changed, of.rules);
        return Ok(made);
    }
    let sheet = of.sheet()?;
    let against = Against { answered: &of.answers.answered, earlier: &earlier };
    if let Some(found) = tables::level_distribution(of.population, &sheet, &against, of.rules)? {
        let decisions = &found.guarded.decisions;
        made.report.withheld = Withheld::all(decisions);
        made.report.cost = Some(decisions.cost().into());
        made.disclosure.tables.push(TableReport::of(&found.entry.name, decisions, Some(&found.guarded)));
        made.sections = found.sections;
        made.entries.push(found.entry);
        made.decisions.push(found.guarded.decisions);
    }
    let shown = made.entries.first().map(|entry| &entry.table);
    made.measures = measured::resting_on_answers(conn, of, &sheet, shown)?;
    add_claims(conn, of, &mut made)?;
    Ok(made)
}

/// Says why nothing is said: the difference to an earlier release would be the answers of a few.
fn hold_back(made: &mut AnswerTables, key: &str, changed: u64, rules: &DisclosureRules) {
    let why = format!(
        "Answers by requirement are left out: {changed} organisations changed since release {key}, fewer than the \
         minimum of {}, so the difference between the two would tell their answers.",
        rules.minimum
    );
    made.disclosure.left_out.push(why.clone());
    made.report.held_back = Some(why);
    made.notes.push(format!(
        "Answers by requirement are not repeated, because too few organisations changed since release {key}. The \
         figures there still hold."
    ));
}

/// What became of claims in review. Few organisations whose final grade does not meet the standard are named in the
/// register, and a finding of "lower" is mostly theirs: then the table is left out.
fn add_claims(conn: &mut Conn, of: &Counting<'_>, made: &mut AnswerTables) -> Result<()> {
    let (answers, rules) = (of.answers, of.rules);
    let short = answers.answered.iter().filter(|one| !super::record::meets(one.grade)).count() as u64;
    if (1..rules.minimum).contains(&short) {
        made.disclosure.left_out.push(format!(
            "What became of claims in review is left out: {short} organisations do not meet the standard, fewer than the \
             minimum of {}, and they are named in the register.",
            rules.minimum
        ));
        return Ok(());
    }
    let reviewed = review::consistency::calibration_of(conn, answers.collection)?;
    let found = tables::claims_after_review(of.population, &answers.edition, &reviewed.counts, rules)?;
    if let Some((entry, decisions)) = found {
        if !together::may_join(&made.decisions, &decisions, rules, &mut made.disclosure)? {
            return Ok(());
        }
        made.report.withheld.extend(Withheld::all(&decisions));
        made.disclosure.tables.push(TableReport::of(&entry.name, &decisions, None));
        made.entries.push(entry);
        made.decisions.push(decisions);
    }
    Ok(())
}

/// The public releases of the same source.
fn earlier_releases(conn: &mut Conn, source: &Source) -> Result<Vec<ReleaseSummary>> {
    let all = store::all_releases(conn)?;
    Ok(all.into_iter().filter(|one| one.published_at.is_some() && one.source == *source).collect())
}

/// A public release of the same source that shows answers and was not public yet when the figures of this one were taken:
/// nobody has looked at what the difference of the two tells.
///
/// # Errors
/// When the database cannot be asked.
pub(super) fn not_reckoned_with(
    conn: &mut Conn,
    found: &ReleaseSummary,
    document: &Document,
) -> Result<Option<String>> {
    if document.table(ANSWERS).is_none() {
        return Ok(None);
    }
    let report = store::disclosure_of(conn, found.id)?;
    let report = report.map(|text| DisclosureReport::read(&text)).transpose()?.unwrap_or_default();
    for other in earlier_releases(conn, &found.source)? {
        if other.id == found.id || report.earlier.contains(&other.key) {
            continue;
        }
        if Document::read(&store::document_of(conn, other.id)?)?.table(ANSWERS).is_some() {
            return Ok(Some(other.key));
        }
    }
    Ok(None)
}

/// Those that show answers, with what they were counted from.
fn earlier_answers(conn: &mut Conn, public: &[ReleaseSummary]) -> Result<Vec<EarlierAnswers>> {
    let mut found = Vec::new();
    for release in public {
        let document = Document::read(&store::document_of(conn, release.id)?)?;
        let Some(entry) = document.table(ANSWERS) else { continue };
        let records = store::rows_of(conn, release.id)?;
        found.push(EarlierAnswers {
            key: release.key.clone(),
            table: entry.table.clone(),
            answers: store::answers_of(conn, release.id)?,
            facts: records.into_iter().map(|one| (one.organisation, (one.sector, one.grade))).collect(),
        });
    }
    Ok(found)
}

/// The release since which at least one but fewer than the minimum changed, with their number. Dates tell of a change
/// even where the answers stayed as they were.
fn too_few_changed(
    public: &[ReleaseSummary],
    earlier: &[EarlierAnswers],
    answers: &Answers,
    rules: &DisclosureRules,
) -> Option<(String, u64)> {
    public.iter().find_map(|release| {
        let dated = answers.answered.iter().filter(|one| one.settled_at > release.as_at).count() as u64;
        let shown = earlier.iter().find(|one| one.key == release.key);
        let changed = shown.map_or(dated, |one| one.changed(&answers.answered).max(dated));
        (1..rules.minimum).contains(&changed).then(|| (release.key.clone(), changed))
    })
}
