//! Tables of measures that are no counts: the points reached by sector, the analysis of requirements, and the score of boards.

use std::collections::{BTreeMap, HashMap};

use crate::platform::error::Result;
use crate::platform::ids::OrganisationId;
use crate::publication::answers::Sheet;
use crate::publication::classes::{self, table_fault};
use crate::publication::document::MeasureEntry;
use crate::publication::record::Record;
use crate::statistics::disclosure::DisclosureRules;
use crate::statistics::estimators::{CompositeError, CompositeRule};
use crate::statistics::items::{Item, ItemRules};
use crate::statistics::quartiles::{STEP, middle_from, quarters_from, quartiles};
use crate::statistics::{Dimension, Figure, Measure, MeasureTable, PublishedTable};

/// The median and the quartiles of the points that organisations reached, by sector, with how many there are.
///
/// # Errors
/// When a record lies outside the classifications, which is a fault.
pub fn points_by_sector(
    population: &str,
    records: &[Record],
    points: &HashMap<OrganisationId, u8>,
    rules: &DisclosureRules,
) -> Result<MeasureEntry> {
    let sectors = classes::sectors(records)?;
    let mut of: BTreeMap<&str, Vec<u8>> = BTreeMap::new();
    for record in records {
        if let Some(reached) = points.get(&record.organisation) {
            of.entry(record.sector.as_str()).or_default().push(*reached);
        }
    }
    let everybody: Vec<u8> = of.values().flatten().copied().collect();
    let groups = sectors
        .categories()
        .iter()
        .map(|sector| of.remove(sector.key.as_str()).unwrap_or_default())
        .chain([everybody]);
    let figures = groups.map(|group| quarters(&group, rules)).collect();
    let rows = sectors.categories().iter().map(|one| (one.key.clone(), one.label.clone()));
    let rows = rows.chain([("all".to_owned(), "All organisations".to_owned())]);
    let rows = Dimension::new("sector_or_all", "Sector", rows).map_err(table_fault)?;
    let measures = vec![
        Measure::new("lower_quartile", "Lower quartile", "points"),
        Measure::new("median", "Median", "points"),
        Measure::new("upper_quartile", "Upper quartile", "points"),
        Measure::new("organisations", "Organisations", "organisations"),
    ];
    let table = MeasureTable::new(population, "Points reached by sector", rows, measures, figures)
        .map_err(table_fault)?
        .with_note(format!(
            "Points of 100 that organisations that submitted reached, after review where there was one. Each figure is the \
             mean of the {} organisations around its place, to the nearest {STEP} points, so that it is nobody's own. A \
             median needs {} organisations, quartiles {}.",
            rules.minimum,
            middle_from(rules),
            quarters_from(rules)
        ));
    Ok(MeasureEntry {
        name: "points-by-sector".to_owned(),
        about: "Half of the organisations of a sector reached the median or less; a quarter the lower quartile or less."
            .to_owned(),
        table,
    })
}

fn quarters(group: &[u8], rules: &DisclosureRules) -> Vec<Figure> {
    let size = Figure::count(group.len() as u64);
    let shown = |figure: Option<u8>| figure.map_or(Figure::Withheld, |points| Figure::count(points.into()));
    match quartiles(group, rules) {
        Ok(found) => vec![shown(found.lower), shown(Some(found.middle)), shown(found.upper), size],
        Err(_) if group.is_empty() => {
            vec![Figure::NotAvailable, Figure::NotAvailable, Figure::NotAvailable, size]
        }
        Err(_) => vec![Figure::Withheld, Figure::Withheld, Figure::Withheld, size],
    }
}

/// How hard each requirement is, how well it tells organisations apart, and which contribute little. Shown for requirements
/// of which the protected table of answers shows every figure: a share of a known number is a count. None without
/// submissions.
///
/// # Errors
/// When scores do not fit the edition, which is a fault.
pub fn requirements_analysed(
    population: &str,
    sheet: &Sheet,
    shown: &PublishedTable,
    rules: &DisclosureRules,
) -> Result<Option<MeasureEntry>> {
    if sheet.is_empty() {
        return Ok(None);
    }
    let (found, marks) = (sheet.analysed()?, ItemRules::default());
    let figures = found
        .items()
        .iter()
        .enumerate()
        .map(|(place, item)| {
            let counts = shown.row(place);
            let whole = !counts.is_empty() && counts.iter().all(Option::is_some);
            if whole { item_figures(item, &marks, rules) } else { vec![Figure::Withheld; MEASURES] }
        })
        .collect();
    let measures = vec![
        Measure::new("facility", "Mean score (% of the most)", "percent"),
        Measure::new("top", "At the top (%)", "percent"),
        Measure::new("bottom", "At the bottom (%)", "percent"),
        Measure::new("discrimination", "Goes with the other requirements", "correlation"),
        Measure::new("answered", "Organisations", "organisations"),
        Measure::new("contributes_little", "Contributes little", "words"),
    ];
    let rows = sheet.requirements().clone();
    let table = MeasureTable::new(population, "Requirements analysed", rows, measures, figures)
        .map_err(table_fault)?
        .with_note(format!(
            "The correlation is Pearson's between the score of a requirement and the mean score of the others: 1 where they \
             rise together, 0 where they have nothing to do with each other. A requirement contributes little when at \
             least {}% are at the top or at the bottom, or the correlation is below 0.{:02}. Requirements that fewer than {} \
             organisations answered, or of which the table of answers withholds a figure, are not shown.",
            marks.nearly_all, marks.least_discrimination, rules.small_counts_below
        ));
    Ok(Some(MeasureEntry {
        name: "requirements-analysed".to_owned(),
        about: "How hard each requirement is, and how well it tells organisations that do well elsewhere from others."
            .to_owned(),
        table,
    }))
}

/// Measures of a requirement. Where the table of answers withholds a figure of it, none is shown: how many have a score
/// would tell how many it was not relevant to.
const MEASURES: usize = 6;

fn item_figures(item: &Item, marks: &ItemRules, rules: &DisclosureRules) -> Vec<Figure> {
    let answered = Figure::count(item.answered());
    if item.answered() == 0 {
        let none = || Figure::NotAvailable;
        return vec![none(), none(), none(), none(), answered, none()];
    }
    if item.answered() < rules.small_counts_below {
        let hidden = || Figure::Withheld;
        return vec![hidden(), hidden(), hidden(), hidden(), answered, hidden()];
    }
    let words = item.contributes_little(marks).map_or("No", |why| why.words());
    vec![
        Figure::of(item.facility()),
        Figure::of(item.top()),
        Figure::of(item.bottom()),
        Figure::of(item.discrimination()),
        answered,
        Figure::Value(words.to_owned()),
    ]
}

/// The score of each board in scope; none where there is no board, or the rule gives no points for a status that occurs.
///
/// # Errors
/// Never for sound records; a dimension without categories is a fault.
pub fn composite_by_board(
    population: &str,
    records: &[Record],
    boards: &BTreeMap<OrganisationId, Vec<String>>,
    rule: &CompositeRule,
) -> Result<Option<MeasureEntry>> {
    let mut trusts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for record in records.iter().filter(|record| record.sector.as_str() == "nhs_trust") {
        for board in boards.get(&record.organisation).into_iter().flatten() {
            trusts.entry(board.as_str()).or_default().push(record.standing.as_str());
        }
    }
    let own: Vec<&Record> = records.iter().filter(|record| record.sector.as_str() == "icb").collect();
    if own.is_empty() {
        return Ok(None);
    }
    let mut figures = Vec::with_capacity(own.len());
    for board in &own {
        let of = trusts.get(board.code.as_str()).map(Vec::as_slice).unwrap_or_default();
        let score = match rule.score(board.standing.as_str(), of) {
            Ok(score) => Figure::of(Some(score)),
            Err(CompositeError::NoTrusts) => Figure::NotAvailable,
            Err(CompositeError::UnknownStatus { .. }) => return Ok(None),
        };
        figures.push(vec![score, Figure::count(of.len() as u64)]);
    }
    let rows = own.iter().map(|board| (board.code.clone(), board.name.clone()));
    let rows = Dimension::new("board", "Integrated care board", rows).map_err(table_fault)?;
    let measures =
        vec![Measure::new("score", "Score", "points"), Measure::new("trusts", "Trusts", "organisations")];
    let points: Vec<String> = rule.points.iter().map(|(key, points)| format!("{key} {points}")).collect();
    let table = MeasureTable::new(population, "Score of integrated care boards", rows, measures, figures)
        .map_err(table_fault)?
        .with_note(format!(
            "Half the points of the board's own status now, half the plain mean of its trusts'. A trust that lies in the \
             areas of two boards counts in each. Points: {}.",
            points.join(", ")
        ));
    Ok(Some(MeasureEntry {
        name: "composite-by-board".to_owned(),
        about: "One figure for each board and the trusts in its area, made from what is public of each."
            .to_owned(),
        table,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standards::SectorKey;
    use crate::standards::scoring::GradeKey;

    fn record(number: i64, sector: &str, standing: GradeKey) -> Record {
        Record {
            organisation: OrganisationId::new(number),
            code: format!("Q{number}"),
            name: format!("Organisation {number}"),
            sector: SectorKey::new(sector).unwrap(),
            region: None,
            grade: standing,
            label: String::new(),
            edition: String::new(),
            published_on: None,
            late: false,
            provisional: false,
            challengeable: false,
            standing,
            inherited_from: None,
            filed_by: None,
        }
    }

    fn shown(entry: &MeasureEntry, row: usize) -> Vec<Option<&str>> {
        entry.table.row(row).iter().map(Figure::value).collect()
    }

    #[test]
    fn boards_score_by_their_own_and_their_trusts_status() {
        let records = [
            record(1, "icb", GradeKey::StandardsMet),
            record(2, "icb", GradeKey::StandardsExceeded),
            record(3, "nhs_trust", GradeKey::StandardsMet),
            record(4, "nhs_trust", GradeKey::StandardsExceeded),
        ];
        let boards: BTreeMap<OrganisationId, Vec<String>> =
            [3, 4].map(|trust| (OrganisationId::new(trust), vec!["Q1".to_owned()])).into();
        let rule = CompositeRule::default();
        let found = composite_by_board("p", &records, &boards, &rule).unwrap().unwrap();
        assert_eq!(shown(&found, 0), [Some("1.50"), Some("2")]);
        assert_eq!(shown(&found, 1), [None, Some("0")]);
        let strange =
            [record(1, "icb", GradeKey::Satisfactory), record(3, "nhs_trust", GradeKey::Satisfactory)];
        assert_eq!(composite_by_board("p", &strange, &boards, &rule).unwrap(), None);
        assert_eq!(composite_by_board("p", &[], &boards, &rule).unwrap(), None);
    }

    #[test]
    fn small_sectors_show_how_many_they_are_and_nothing_else() {
        let mut records: Vec<Record> =
            (0..30).map(|number| record(number, "gp", GradeKey::StandardsMet)).collect();
        records.extend((30..36).map(|number| record(number, "csu", GradeKey::StandardsMet)));
        let points = records
            .iter()
            .map(|one| (one.organisation, u8::try_from(one.organisation.get() * 3 % 100).unwrap()))
            .collect();
        let found = points_by_sector("p", &records, &points, &DisclosureRules::default()).unwrap();
        let row = |key: &str| shown(&found, found.table.rows.position(key).unwrap());
        assert_eq!(row("csu"), [None, None, None, Some("6")]);
        assert_eq!(row("gp")[1], Some("45"));
        assert_eq!(row("all")[3], Some("36"));
    }
}
