//! Grades by sector, region and edition, and who was late or is not reviewed yet. All of it is public organisation by
//! organisation, so nothing is suppressed here.

use std::collections::BTreeMap;

use crate::platform::error::Result;
use crate::platform::ids::OrganisationId;
use crate::publication::classes::{self, table_fault};
use crate::publication::document::TableEntry;
use crate::publication::record::Record;
use crate::standards::scoring::GradeKey;
use crate::statistics::disclosure::{DisclosureRules, Sensitivity, protect};
use crate::statistics::{CrossTable, Dimension};

/// What the tables are made from.
pub struct GradeTables<'a> {
    /// The release's population, as a stable key.
    pub population: &'a str,
    /// One line per organisation.
    pub records: &'a [Record],
    /// Region names by code.
    pub regions: &'a BTreeMap<String, String>,
    /// The current edition.
    pub current: &'a str,
    /// Thresholds, recorded even though public facts are not suppressed.
    pub rules: &'a DisclosureRules,
}

impl GradeTables<'_> {
    /// Grade by sector, region and edition, and the status that counts now by sector.
    ///
    /// # Errors
    /// When a record falls outside the classifications, which is a fault.
    pub fn all(&self) -> Result<Vec<TableEntry>> {
        let keys = classes::grade_keys(self.records);
        let grades = classes::grades(&keys)?;
        let sectors = classes::sectors(self.records)?;
        let sector = |record: &Record| record.sector.as_str().to_owned();
        let grade = |record: &Record| record.grade.as_str().to_owned();
        let standing = |record: &Record| classes::standing_key(record, self.current).to_owned();
        Ok(vec![
            self.entry(
                "standing-by-sector",
                "Status now by sector",
                "The status that counts now: of the current edition or later, an organisation's own or, where it \
                 has none, its successor's.",
                (sectors.clone(), &sector),
                (classes::standings(&keys)?, &standing),
            )?,
            self.entry(
                "grade-by-sector",
                "Published grade by sector",
                "The latest grade that each organisation published under its own name, of whatever edition.",
                (sectors, &sector),
                (grades.clone(), &grade),
            )?,
            self.entry(
                "grade-by-region",
                "Published grade by region",
                "The latest grade that each organisation published under its own name, by the region it lies in.",
                (classes::regions(self.records, self.regions)?, &|r| classes::region_key(r).to_owned()),
                (grades.clone(), &grade),
            )?,
            self.entry(
                "grade-by-edition",
                "Published grade by edition",
                "Which edition of the standard the published grades are of. Older editions asked for less.",
                (classes::editions(self.records)?, &|r| classes::edition_key(r).to_owned()),
                (grades, &grade),
            )?,
            self.entry(
                "edition-by-sector",
                "Edition of the published grade by sector",
                "Of which edition the latest published grade is, by sector: how far each kind of organisation lags behind.",
                (classes::sectors(self.records)?, &sector),
                (classes::editions(self.records)?, &|r| classes::edition_key(r).to_owned()),
            )?,
        ])
    }

    fn entry(
        &self,
        name: &str,
        caption: &str,
        about: &str,
        (rows, row): (Dimension, &dyn Fn(&Record) -> String),
        (columns, column): (Dimension, &dyn Fn(&Record) -> String),
    ) -> Result<TableEntry> {
        let pairs = self.records.iter().map(|record| (row(record), column(record)));
        let table = CrossTable::count(self.population, rows, columns, pairs)
            .map_err(table_fault)?
            .with_caption(caption);
        public(name, about, table, self.rules)
    }
}

/// Grade by sector in the words of the register itself, where those are not the sectors of today.
pub fn grade_by_own_sector(
    of: &GradeTables<'_>,
    own: &BTreeMap<OrganisationId, String>,
) -> Result<TableEntry> {
    const UNNAMED: &str = "none";
    let key = |record: &Record| match own.get(&record.organisation).map(String::as_str) {
        None | Some("") => UNNAMED.to_owned(),
        Some(label) => label.to_owned(),
    };
    let mut labels: Vec<(String, String)> =
        own.values().filter(|label| !label.is_empty()).map(|label| (label.clone(), label.clone())).collect();
    labels.sort();
    labels.dedup();
    if of.records.iter().any(|record| key(record) == UNNAMED) || labels.is_empty() {
        labels.push((UNNAMED.to_owned(), "Not named".to_owned()));
    }
    let rows =
        Dimension::new("own_sector", "Sector as the register names it", labels).map_err(table_fault)?;
    let grades = classes::grades(&classes::grade_keys(of.records))?;
    of.entry(
        "grade-by-own-sector",
        "Published grade by sector, as the register named sectors",
        "The grades by the sectors that this register itself used, before they are counted in those of today.",
        (rows, &key),
        (grades, &|record| record.grade.as_str().to_owned()),
    )
}

/// A table of public facts.
pub(super) fn public(
    name: &str,
    about: &str,
    table: CrossTable,
    rules: &DisclosureRules,
) -> Result<TableEntry> {
    let shown = protect(table, Sensitivity::PublicRegister, rules).map_err(|e| {
        crate::platform::error::Error::internal("failed to publish a table of public facts", e)
    })?;
    Ok(TableEntry {
        name: name.to_owned(),
        about: about.to_owned(),
        protected: false,
        table: shown.published(),
    })
}

/// Who submitted on time, late or not at all, by sector.
pub fn late_by_sector(of: &GradeTables<'_>) -> Result<TableEntry> {
    of.entry(
        "late-by-sector",
        "Submissions by sector",
        "Whether returns came before the organisation's deadline, which an extension may have moved.",
        (classes::sectors(of.records)?, &|record| record.sector.as_str().to_owned()),
        (timings()?, &timing),
    )
}

/// Who submitted on time, late or not at all, by region.
pub fn late_by_region(of: &GradeTables<'_>) -> Result<TableEntry> {
    of.entry(
        "late-by-region",
        "Submissions by region",
        "Whether returns came before the organisation\u{2019}s deadline, by the region it lies in.",
        (classes::regions(of.records, of.regions)?, &|record| classes::region_key(record).to_owned()),
        (timings()?, &timing),
    )
}

fn timings() -> Result<Dimension> {
    let columns = [("on_time", "On time"), ("late", "Late"), ("not_submitted", "Not submitted")];
    Dimension::new("timing", "Submission", columns).map_err(table_fault)
}

fn timing(record: &Record) -> String {
    match (record.grade, record.late) {
        (GradeKey::NotPublished, _) => "not_submitted".to_owned(),
        (_, true) => "late".to_owned(),
        (_, false) => "on_time".to_owned(),
    }
}

/// How many grades are final, how many were decided and can still be challenged, and how many are still claims, by sector.
pub fn review_by_sector(of: &GradeTables<'_>) -> Result<TableEntry> {
    let columns = [
        ("final", "Final"),
        ("open_to_challenge", "Decided, open to challenge [p]"),
        ("provisional", "Not reviewed [p]"),
        ("not_submitted", "Not submitted"),
    ];
    let columns = Dimension::new("review", "Grade is", columns).map_err(table_fault)?;
    let key = |record: &Record| {
        let key = match record {
            Record { grade: GradeKey::NotPublished, .. } => "not_submitted",
            Record { provisional: true, .. } => "provisional",
            Record { challengeable: true, .. } => "open_to_challenge",
            _ => "final",
        };
        key.to_owned()
    };
    of.entry(
        "review-by-sector",
        "Final and provisional grades by sector",
        "A grade is final once the central review is finished and the time to challenge its decision has passed. What is \
         marked [p] is provisional: decided and open to challenge, or still the organisation\u{2019}s own claim.",
        (classes::sectors(of.records)?, &|record| record.sector.as_str().to_owned()),
        (columns, &key),
    )
}
