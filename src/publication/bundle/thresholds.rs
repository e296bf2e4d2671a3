//! Measures that rest on what is not public: that each is shown only where the thresholds allow it, and that its figures can
//! stand beside each other.

use rust_decimal::Decimal;

use super::verified::Mismatch;
use crate::publication::document::{Document, MeasureEntry};
use crate::statistics::disclosure::DisclosureRules;
use crate::statistics::quartiles::{middle_from, quarters_from};
use crate::statistics::{Figure, PublishedTable};

/// The figures of one row by the key of their measure.
struct Row<'a> {
    entry: &'a MeasureEntry,
    key: &'a str,
    figures: &'a [Figure],
}

impl Row<'_> {
    fn figure(&self, measure: &str) -> Option<&Figure> {
        let place = self.entry.table.measures.iter().position(|one| one.key == measure)?;
        self.figures.get(place)
    }

    fn number(&self, measure: &str) -> Option<Decimal> {
        self.figure(measure)?.value()?.parse().ok()
    }

    /// Those of these measures that are shown all the same.
    fn shown(&self, measures: &[&str], rule: &str) -> Vec<Mismatch> {
        let all = measures.iter().filter_map(|measure| {
            let value = self.figure(measure)?.value()?;
            Some(Mismatch::at(&self.entry.name, self.key, measure, rule, value))
        });
        all.collect()
    }

    /// Neighbours of these measures that are not in their order.
    fn order(&self, measures: &[&str]) -> Vec<Mismatch> {
        let all = measures.windows(2).filter_map(|pair| {
            let [first, second] = pair else { return None };
            let (low, high) = (self.number(first)?, self.number(second)?);
            (low > high).then(|| {
                Mismatch::at(&self.entry.name, self.key, second, format!("{low} or more"), high.to_string())
            })
        });
        all.collect()
    }
}

fn rows(entry: &MeasureEntry) -> impl Iterator<Item = Row<'_>> {
    let keys = entry.table.rows.categories().iter().enumerate();
    keys.map(move |(place, row)| Row { entry, key: &row.key, figures: entry.table.row(place) })
}

/// Everything that does not hold of one table of measures.
pub(super) fn check(entry: &MeasureEntry, document: &Document) -> Vec<Mismatch> {
    let rules = &document.rules.disclosure;
    match entry.name.as_str() {
        "points-by-sector" => points(entry, rules),
        "requirements-analysed" => {
            let answers = document.table("answers-by-requirement").map(|answers| &answers.table);
            analysed(entry, answers, rules)
        }
        _ => rows(entry).flat_map(|row| estimated(&row, rules)).collect(),
    }
}

/// Medians need so many, quartiles more; and the sectors are everybody.
fn points(entry: &MeasureEntry, rules: &DisclosureRules) -> Vec<Mismatch> {
    let mut found = Vec::new();
    let (mut sum, mut all) = (Decimal::ZERO, None);
    for row in rows(entry) {
        let Some(size) = row.number("organisations") else {
            let what = row.figure("organisations").map_or("nothing", Figure::status);
            found.push(Mismatch::at(&entry.name, row.key, "organisations", "a number", what));
            continue;
        };
        if row.key == "all" {
            all = Some(size);
        } else {
            sum += size;
        }
        if size < Decimal::from(middle_from(rules)) {
            found.extend(row.shown(&["median"], &format!("withheld among {size}")));
        }
        if size < Decimal::from(quarters_from(rules)) {
            let rule = format!("withheld among {size}");
            found.extend(row.shown(&["lower_quartile", "upper_quartile"], &rule));
        }
        found.extend(row.order(&["lower_quartile", "median", "upper_quartile"]));
    }
    if let Some(all) = all.filter(|all| *all != sum) {
        found.push(Mismatch::at(&entry.name, "all", "organisations", sum.to_string(), all.to_string()));
    }
    found
}

/// A share of a known number is a count: it is shown only where the table of answers shows the counts.
fn analysed(
    entry: &MeasureEntry,
    answers: Option<&PublishedTable>,
    rules: &DisclosureRules,
) -> Vec<Mismatch> {
    let shares = ["facility", "top", "bottom", "discrimination", "contributes_little"];
    let mut found = Vec::new();
    for row in rows(entry) {
        let place = answers.and_then(|table| Some((table, table.rows.position(row.key)?)));
        let counts = place.map(|(table, place)| table.row(place)).unwrap_or_default();
        let whole = !counts.is_empty() && counts.iter().all(Option::is_some);
        if !whole {
            let rule = "withheld, as the table of answers withholds a figure";
            found.extend(row.shown(&[&shares[..], &["answered"]].concat(), rule));
            continue;
        }
        let answered = row.number("answered").unwrap_or_default();
        let total: u64 = counts.iter().flatten().sum();
        if answered > Decimal::from(total) {
            let most = format!("at most {total}");
            found.push(Mismatch::at(&entry.name, row.key, "answered", most, answered.to_string()));
        }
        if answered < Decimal::from(rules.small_counts_below) {
            found.extend(row.shown(&shares, &format!("withheld among {answered}")));
        }
        for share in ["facility", "top", "bottom"] {
            let value =
                row.number(share).filter(|value| !(Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(value));
            let wrong =
                |value: Decimal| Mismatch::at(&entry.name, row.key, share, "0 to 100", value.to_string());
            found.extend(value.map(wrong));
        }
    }
    found
}

/// An estimate lies within its interval, and a mean of points of few is withheld.
fn estimated(row: &Row<'_>, rules: &DisclosureRules) -> Vec<Mismatch> {
    let mut found = row.order(&["low", "estimate", "high"]);
    let responses = row.number("responses").filter(|_| row.entry.name == "baseline-points");
    if let Some(responses) = responses.filter(|count| *count < Decimal::from(quarters_from(rules))) {
        let of_points = ["estimate", "low", "high", "design_effect", "effective_size"];
        found.extend(row.shown(&of_points, &format!("withheld among {responses}")));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::{Dimension, Measure, MeasureTable};

    fn entry(name: &str, measures: &[&str], rows: &[(&str, &[&str])]) -> MeasureEntry {
        let keys = rows.iter().map(|(key, _)| ((*key).to_owned(), (*key).to_owned()));
        let dimension = Dimension::new("row", "Row", keys).unwrap();
        let measures = measures.iter().map(|key| Measure::new(key, key, "points")).collect();
        let figure = |text: &&str| match *text {
            "c" => Figure::Withheld,
            "x" => Figure::NotAvailable,
            value => Figure::Value(value.to_owned()),
        };
        let figures = rows.iter().map(|(_, row)| row.iter().map(figure).collect()).collect();
        let table = MeasureTable::new("p", "Caption", dimension, measures, figures).unwrap();
        MeasureEntry { name: name.to_owned(), about: String::new(), table }
    }

    #[test]
    fn quartiles_of_few_are_named() {
        let measures = ["lower_quartile", "median", "upper_quartile", "organisations"];
        let of = |rows: &[(&str, &[&str])]| {
            points(&entry("points-by-sector", &measures, rows), &DisclosureRules::default())
        };
        let good: [(&str, &[&str]); 3] = [
            ("gp", &["40", "50", "60", "30"]),
            ("icb", &["c", "c", "c", "6"]),
            ("all", &["40", "50", "60", "36"]),
        ];
        assert_eq!(of(&good), []);
        let few = of(&[("gp", &["c", "50", "60", "15"]), ("all", &["c", "50", "c", "15"])]);
        assert_eq!((few.len(), few[0].column.as_str()), (1, "upper_quartile"));
        let order = of(&[("gp", &["55", "50", "60", "30"]), ("all", &["40", "50", "60", "31"])]);
        assert_eq!(order.len(), 2, "{order:?}");
        assert_eq!((order[1].row.as_str(), order[1].expected.as_str()), ("all", "30"));
    }

    #[test]
    fn a_mean_of_few_and_an_estimate_outside_its_interval_are_named() {
        let measures = ["estimate", "low", "high", "responses"];
        let of = |name: &str, row: &[&str]| {
            let entry = entry(name, &measures, &[("all", row)]);
            let rules = DisclosureRules::default();
            rows(&entry).flat_map(|row| estimated(&row, &rules)).collect::<Vec<_>>()
        };
        assert_eq!(of("baseline-points", &["50", "45", "55", "21"]), []);
        assert_eq!(of("baseline-points", &["50", "45", "55", "20"]).len(), 3);
        assert_eq!(of("other", &["50", "51", "55", "20"]).len(), 1);
        assert_eq!(of("other", &["x", "x", "x", "0"]), []);
    }
}
