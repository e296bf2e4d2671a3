//! Every chart on typical, withheld, empty and hostile input: well-formed, accessible, without inline style, and as
//! drawn when it was last looked at (snapshots).

use rust_decimal::Decimal;

use super::*;
use crate::statistics::estimators::wilson_95;
use crate::statistics::published::PublishedTable;
use crate::statistics::{CrossTable, Dimension, Margins};

const HOSTILE: &str = "</text><script>alert(1)</script> & \"quoted\" 'name' =cmd|' /C calc'!A0 \u{0}\u{202e}";

fn grades() -> Dimension {
    let grades = [
        ("standards_exceeded", "Standards exceeded"),
        ("standards_met", "Standards met"),
        ("approaching_standards", "Approaching standards"),
        ("standards_not_met", "Standards not met"),
        ("not_published", "Not published"),
    ];
    Dimension::new("grade", "Grade", grades).unwrap()
}

fn grades_by_sector(labels: [&str; 4]) -> PublishedTable {
    let keys = ["nhs_trust", "gp", "pharmacy", "csu"];
    let sectors = Dimension::new("sector", "Sector", keys.into_iter().zip(labels)).unwrap();
    let counts = vec![
        31, 120, 30, 25, 5, //
        12, 5_800, 0, 310, 791, //
        2, 9_950, 40, 1_500, 1_231, //
        0, 0, 0, 0, 0,
    ];
    PublishedTable::of_public_facts(&CrossTable::from_counts("p", sectors, grades(), counts).unwrap())
}

const SECTORS: [&str; 4] = ["NHS trusts", "General practices", "Pharmacies", "Commissioning support units"];

fn stacked(table: &PublishedTable, canvas: Canvas) -> Chart {
    let spec =
        StackedBars { id: "by-sector", title: "Grades by sector, 2025-26", counted: "organisations", table };
    stacked_bars(&spec, canvas).unwrap()
}

fn some_withheld() -> PublishedTable {
    let mut table = grades_by_sector(SECTORS);
    for index in [2, 3, 10, 11, 12, 13, 14] {
        table.cells[index] = None;
    }
    table
}

fn percent(tenths: i64) -> Figure {
    Figure::Known(Decimal::new(tenths, 1))
}

fn plain_bars(labels: [&'static str; 4], canvas: Canvas) -> Chart {
    let figures = [percent(1_000), percent(432), Figure::Suppressed, Figure::NotAvailable];
    let list: Vec<Bar<'_>> = labels
        .iter()
        .zip(figures)
        .map(|(label, figure)| Bar { label, figure, of: Some(12_723), status: "" })
        .collect();
    let spec = Bars {
        id: "published",
        title: "Organisations that published in time",
        heading: "Sector",
        measure: "Published in time",
        unit: Unit::Percent,
        bars: &list,
        denominator: "Base: organisations in scope.",
    };
    bars(&spec, canvas).unwrap()
}

fn trends(periods: &[&str], canvas: Canvas) -> Chart {
    let figures = |start: i64, step: i64| -> Vec<Figure> {
        (0..periods.len()).map(|year| percent((start + step * year as i64).clamp(0, 1_000))).collect()
    };
    let (mut met, exceeded, not_met) = (figures(520, 60), figures(118, 9), figures(125, 4));
    if met.len() > 4 {
        met[2] = Figure::NotAvailable;
        met[3] = Figure::Suppressed;
    }
    let series = [
        TrendSeries { label: "Standards met", figures: &met },
        TrendSeries { label: "Standards exceeded", figures: &exceeded },
        TrendSeries { label: "Standards not met", figures: &not_met },
    ];
    let spec = Trend {
        id: "trend",
        title: "Grades of NHS trusts over the years",
        heading: "Year",
        unit: Unit::Percent,
        periods,
        series: &series,
        denominator: "Base: NHS trusts that published in each year.",
    };
    trend(&spec, canvas).unwrap()
}

fn tiles() -> Chart {
    let list = [
        Tile { region: "Y56", figure: percent(812) },
        Tile { region: "Y58", figure: percent(250) },
        Tile { region: "Y59", figure: percent(499) },
        Tile { region: "Y60", figure: percent(500) },
        Tile { region: "Y61", figure: Figure::Suppressed },
        Tile { region: "Y63", figure: percent(61) },
    ];
    let limits = [25, 50, 75].map(Decimal::from);
    let spec = RegionTiles {
        id: "regions",
        title: "Organisations that met the standards, by region",
        measure: "Met or exceeded",
        unit: Unit::Percent,
        limits: &limits,
        tiles: &list,
        denominator: "Base: organisations that published.",
    };
    region_tiles(&spec).unwrap()
}

fn estimates(labels: [&'static str; 4], canvas: Canvas) -> Chart {
    let found = [wilson_95(81, 263, 1), wilson_95(0, 20, 1), None, wilson_95(148, 148, 1)];
    let rows: Vec<IntervalRow<'_>> =
        labels.iter().zip(found).map(|(label, interval)| IntervalRow { label, interval }).collect();
    let spec = Intervals {
        id: "survived",
        title: "Claims that survived review",
        heading: "Section",
        measure: "Claims confirmed",
        rows: &rows,
        denominator: "Base: sampled answers with a decision.",
    };
    intervals(&spec, canvas).unwrap()
}

/// All charts, with names that are plain or hostile.
fn all(labels: [&'static str; 4], canvas: Canvas) -> Vec<Chart> {
    let mut withheld = grades_by_sector(labels);
    withheld.cells[1] = None;
    withheld.cells[3] = None;
    vec![
        stacked(&withheld, canvas),
        plain_bars(labels, canvas),
        trends(&["2021-22", "2022-23", "2023-24", "2024-25", "2025-26"], canvas),
        tiles(),
        estimates(labels, canvas),
    ]
}

#[test]
fn every_chart_is_well_formed_named_described_and_free_of_style_and_script() {
    let long: &'static str = Box::leak("Ab ".repeat(56).into_boxed_str());
    let word: &'static str = Box::leak("W".repeat(167).into_boxed_str());
    for labels in [SECTORS, [HOSTILE, long, word, ""]] {
        for canvas in [Canvas::Fluid, Canvas::Fixed(640)] {
            for chart in all(labels, canvas) {
                let document =
                    roxmltree::Document::parse(&chart.svg).unwrap_or_else(|e| panic!("{e}: {}", chart.svg));
                let root = document.root_element();
                assert_eq!((root.tag_name().name(), root.attribute("role")), ("svg", Some("img")));
                let named = root.attribute("aria-labelledby").unwrap();
                let mut ids: Vec<&str> =
                    document.descendants().filter_map(|node| node.attribute("id")).collect();
                assert!(named.split(' ').all(|id| ids.contains(&id)), "{named}");
                ids.sort_unstable();
                let before = ids.len();
                ids.dedup();
                assert_eq!(before, ids.len(), "repeated ids");
                for node in document.descendants() {
                    assert!(!["script", "style", "foreignObject", "a"].contains(&node.tag_name().name()));
                    for attribute in node.attributes() {
                        assert!(attribute.name() != "style" && !attribute.name().starts_with("on"));
                        if let Some(reference) = attribute.value().strip_prefix("url(#") {
                            let id = reference.trim_end_matches(')');
                            assert!(ids.contains(&id), "{id} is not defined");
                        }
                    }
                }
                let texts: Vec<&str> = document
                    .descendants()
                    .filter(|node| node.has_tag_name("title"))
                    .filter_map(|n| n.text())
                    .collect();
                assert_eq!(texts, [chart.table.caption.as_str()]);
            }
        }
    }
}

#[test]
fn every_table_is_rectangular_and_says_what_is_withheld() {
    for chart in all(SECTORS, Canvas::Fluid) {
        let table = &chart.table;
        assert!(!table.denominator.is_empty());
        assert!(table.rows.iter().all(|row| row.cells.len() + 1 == table.headers.len()), "{table:?}");
        assert!(table.has_suppressed && chart.svg.contains("uppressed"), "{}", chart.id);
    }
    // The full name stands in the table even where the drawing had to shorten it.
    let chart = plain_bars([HOSTILE, "b", "c", "d"], Canvas::Fluid);
    assert_eq!(chart.table.rows[0].heading, HOSTILE);
    assert!(!chart.svg.contains("<script"));
}

#[test]
fn withheld_figures_never_show_through_the_drawing() {
    // Two cells withheld: the drawing has one part for both, whose size is their public sum.
    let table = some_withheld();
    let chart = stacked(&table, Canvas::Fluid);
    let document = roxmltree::Document::parse(&chart.svg).unwrap();
    let widths: Vec<&str> = document
        .descendants()
        .filter(|node| node.attribute("class") == Some("chart-bar chart-suppressed"))
        .filter_map(|node| node.attribute("width"))
        .collect();
    assert_eq!(widths, ["26.07%", "100%"], "55 of 211 in the first bar, all of the third");
    let cells = &chart.table.rows[0].cells;
    assert_eq!((cells[4].text.as_str(), cells[5].text.as_str()), (SUPPRESSED, SUPPRESSED));
}

#[test]
fn bars_fill_their_width_exactly() {
    let chart = stacked(&grades_by_sector(SECTORS), Canvas::Fluid);
    let document = roxmltree::Document::parse(&chart.svg).unwrap();
    let mut rows: std::collections::BTreeMap<String, Decimal> = std::collections::BTreeMap::new();
    for bar in document
        .descendants()
        .filter(|node| node.attribute("class").is_some_and(|c| c.starts_with("chart-bar chart-s")))
    {
        let width: Decimal = bar.attribute("width").unwrap().trim_end_matches('%').parse().unwrap();
        *rows.entry(bar.attribute("y").unwrap().to_owned()).or_default() += width;
    }
    assert_eq!(rows.len(), 3);
    assert!(rows.values().all(|sum| *sum == Decimal::ONE_HUNDRED), "{rows:?}");
}

#[test]
fn empty_input_draws_an_empty_chart() {
    let none: [Bar<'_>; 0] = [];
    let spec = Bars {
        id: "none",
        title: "Nothing",
        heading: "Sector",
        measure: "Published",
        unit: Unit::Count,
        bars: &none,
        denominator: "Base: none.",
    };
    assert!(roxmltree::Document::parse(&bars(&spec, Canvas::Fluid).unwrap().svg).is_ok());
    for periods in [&[][..], &["2025-26"], &["2024-25", "2025-26"]] {
        assert!(roxmltree::Document::parse(&trends(periods, Canvas::Fluid).svg).is_ok());
    }
    let sectors = Dimension::new("sector", "Sector", [("gp", "General practices")]).unwrap();
    let table =
        CrossTable::from_counts("p", sectors, grades(), vec![0; 5]).unwrap().with_margins(Margins::Rows);
    let chart = stacked(&PublishedTable::of_public_facts(&table), Canvas::Fluid);
    assert!(chart.svg.contains("chart-empty") && chart.svg.contains(">0 organisations<"));
}

#[test]
fn unusable_input_is_refused() {
    let table = grades_by_sector(SECTORS);
    for id in ["", "1a", "A", "a b", "a\"", "a'><script>"] {
        let spec = StackedBars { id, title: "t", counted: "organisations", table: &table };
        assert_eq!(stacked_bars(&spec, Canvas::Fluid), Err(ChartError::Id { id: id.to_owned() }));
    }
    let wide = Dimension::new("g", "G", (0..7).map(|index| (index.to_string(), String::new()))).unwrap();
    let table = CrossTable::from_counts("p", grades(), wide, vec![1; 35]).unwrap();
    let table = PublishedTable::of_public_facts(&table);
    let spec = StackedBars { id: "a", title: "t", counted: "organisations", table: &table };
    assert!(matches!(stacked_bars(&spec, Canvas::Fluid), Err(ChartError::TooManySeries { found: 7, .. })));
    let series = [TrendSeries { label: "a", figures: &[Figure::NotAvailable] }];
    let spec = Trend {
        id: "a",
        title: "t",
        heading: "Year",
        unit: Unit::Count,
        periods: &["1", "2"],
        series: &series,
        denominator: "",
    };
    assert!(matches!(
        trend(&spec, Canvas::Fluid),
        Err(ChartError::WrongLength { found: 1, expected: 2, .. })
    ));
    let tile = [Tile { region: "Y57", figure: Figure::NotAvailable }];
    let limits = [Decimal::ONE];
    let spec = RegionTiles {
        id: "a",
        title: "t",
        measure: "m",
        unit: Unit::Count,
        limits: &limits,
        tiles: &tile,
        denominator: "",
    };
    assert_eq!(region_tiles(&spec), Err(ChartError::UnknownRegion { region: "Y57".into() }));
    let spec = RegionTiles { limits: &[], tiles: &[], ..spec };
    assert!(matches!(region_tiles(&spec), Err(ChartError::WrongLength { .. })));
}

#[test]
fn charts_are_light() {
    for chart in all(SECTORS, Canvas::Fluid) {
        assert!(chart.svg.len() < 12_000, "{} has {} bytes", chart.id, chart.svg.len());
    }
}

#[test]
fn charts_look_as_they_did() {
    let five = ["2021-22", "2022-23", "2023-24", "2024-25", "2025-26"];
    let readable = |chart: &Chart| chart.svg.replace("><", ">\n<");
    insta::assert_snapshot!("stacked", readable(&stacked(&some_withheld(), Canvas::Fluid)));
    insta::assert_snapshot!(
        "stacked_fixed",
        readable(&stacked(&grades_by_sector(SECTORS), Canvas::Fixed(640)))
    );
    insta::assert_snapshot!("bars", readable(&plain_bars(SECTORS, Canvas::Fluid)));
    let hostile =
        [HOSTILE, "The Northern and Western Foundation Trust for Everybody Who Lives There", "c", "d"];
    insta::assert_snapshot!("bars_hostile", readable(&plain_bars(hostile, Canvas::Fluid)));
    insta::assert_snapshot!("trend", readable(&trends(&five, Canvas::Fluid)));
    insta::assert_snapshot!("slope", readable(&trends(&five[..2], Canvas::Fluid)));
    insta::assert_snapshot!("tiles", readable(&tiles()));
    insta::assert_snapshot!("intervals", readable(&estimates(SECTORS, Canvas::Fluid)));
    insta::assert_json_snapshot!("stacked_table", stacked(&some_withheld(), Canvas::Fluid).table);
}
