//! Which file this is, and where its columns are: found from the header, or from the shape of a file without one.

use crate::platform::clock::Day;
use crate::platform::error::{Error, Result};

crate::text_enum! {
    /// A kind of file that can be imported.
    Format {
        /// The national register since 2020.
        Register = "register", "National register";
        /// The national register of 2019, with its own column names and sector labels.
        Register2019 = "register-2019", "National register of 2019";
        /// A snapshot of trusts with region and board.
        RegisterTrusts = "register-trusts", "Register snapshot of trusts";
        /// A snapshot of integrated care boards.
        RegisterIcbs = "register-icbs", "Register snapshot of integrated care boards";
        /// The lookup of places to boards to regions.
        Regions = "regions", "Lookup of boards and regions";
        /// The directory's list of trusts: 27 columns without a header.
        OdsTrusts = "ods-trusts", "Directory list of trusts";
        /// The directory's list of pharmacies with their head offices: 27 columns without a header.
        OdsHeadOffices = "ods-head-offices", "Directory list of sites with head offices";
        /// Who took over from whom.
        Successors = "successors", "List of successors";
    }
}

/// What a column means to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Col {
    Code,
    Name,
    Status,
    Published,
    Sector,
    Commissioner,
    Icb,
    IcbName,
    Region,
    RegionName,
    Postcode,
    Opened,
    Closed,
    Parent,
    ParentFrom,
    ParentUntil,
    Successor,
    From,
}

/// A column of a format: meaning, whether the format needs it, the headers it goes by. Headers are compared in lower
/// case with every digit as `#`, since some carry the year.
type Column = (Col, bool, &'static [&'static str]);

const STATUS_COLUMNS: [Column; 5] = [
    (Col::Code, true, &["code"]),
    (Col::Name, true, &["organisation name"]),
    (Col::Status, true, &["status"]),
    (Col::Published, true, &["date of publication"]),
    (Col::Sector, true, &["primary sector"]),
];
const BOARD_NAME: &[&str] = &["integrated care board (where available, from ods)", "integrated care board"];

/// Places (from 0) and names of the columns that the directory's 27-column files have no header for.
const ODS_COLUMNS: [(usize, Col, &str); 10] = [
    (0, Col::Code, "1 code"),
    (1, Col::Name, "2 name"),
    (2, Col::Region, "3 region"),
    (3, Col::Icb, "4 board"),
    (9, Col::Postcode, "10 postcode"),
    (10, Col::Opened, "11 opened"),
    (11, Col::Closed, "12 closed"),
    (14, Col::Parent, "15 head office"),
    (15, Col::ParentFrom, "16 head office from"),
    (16, Col::ParentUntil, "17 head office until"),
];
const ODS_WIDTH: usize = 27;

impl Format {
    /// Whether its rows carry published statuses.
    #[must_use]
    pub const fn is_register(self) -> bool {
        matches!(self, Self::Register | Self::Register2019 | Self::RegisterTrusts | Self::RegisterIcbs)
    }

    /// Whether it says of every organisation if it is closed.
    pub(crate) const fn tells_closing(self) -> bool {
        matches!(self, Self::OdsTrusts | Self::OdsHeadOffices)
    }

    /// Whether its first row is data already.
    pub(crate) const fn is_headerless(self) -> bool {
        matches!(self, Self::OdsTrusts | Self::OdsHeadOffices)
    }

    fn columns(self) -> Vec<Column> {
        let mut columns = STATUS_COLUMNS.to_vec();
        match self {
            Self::Register => {
                columns.push((Col::Commissioner, false, &["commissioner (from ods)"]));
                columns.push((Col::IcbName, false, BOARD_NAME));
            }
            Self::RegisterTrusts => {
                columns.push((Col::Region, true, &["national grouping"]));
                columns.push((Col::Icb, true, &["high level health geography"]));
                columns.push((Col::IcbName, false, BOARD_NAME));
            }
            Self::RegisterIcbs => columns.push((Col::Icb, true, &["icb##cdh"])),
            Self::Register2019 => {
                columns = vec![
                    (Col::Code, true, &["odscode"]),
                    (Col::Name, true, &["organisationname"]),
                    (Col::Status, true, &["publicationstatus"]),
                    (Col::Published, true, &["dateofpublication"]),
                    (Col::Sector, true, &["primarysector"]),
                    (Col::Commissioner, false, &["ccg (from ods and cqc)"]),
                ];
            }
            Self::Regions => {
                columns = vec![
                    (Col::Code, true, &["sicbl##cdh"]),
                    (Col::Name, true, &["sicbl##nm"]),
                    (Col::Icb, true, &["icb##cdh"]),
                    (Col::IcbName, true, &["icb##nm"]),
                    (Col::Region, true, &["nhser##cdh"]),
                    (Col::RegionName, true, &["nhser##nm"]),
                ];
            }
            Self::Successors => {
                columns = vec![
                    (Col::Code, true, &["code"]),
                    (Col::Successor, true, &["successor code"]),
                    (Col::From, false, &["from"]),
                ];
            }
            Self::OdsTrusts | Self::OdsHeadOffices => columns.clear(),
        }
        columns
    }
}

/// Formats with a header, the ones that need the most columns first.
const BY_HEADER: [Format; 6] = [
    Format::RegisterTrusts,
    Format::RegisterIcbs,
    Format::Register,
    Format::Register2019,
    Format::Regions,
    Format::Successors,
];

/// Where the columns of one file are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(crate) format: Format,
    names: Vec<String>,
    places: Vec<(Col, usize)>,
}

impl Layout {
    /// Finds the format of a file from its first two rows, or checks the one that was asked for.
    ///
    /// # Errors
    /// [`Error::Unsupported`] with the columns that are missing or the formats there are.
    pub(crate) fn detect(first: &[String], second: &[String], asked: Option<Format>) -> Result<Self> {
        if let Some(format) = asked {
            return if format.is_headerless() {
                Self::headerless(format, first.len())
            } else {
                Self::with_header(format, first)
            };
        }
        for format in BY_HEADER {
            if missing(format, first).is_empty() {
                return Self::with_header(format, first);
            }
        }
        if let Some(format) =
            headerless_kind(first).filter(|k| second.is_empty() || headerless_kind(second) == Some(*k))
        {
            return Self::headerless(format, first.len());
        }
        Err(Error::Unsupported(format!(
            "the columns are not those of any known file. The first row is: {}. Formats: {}; name one to learn which \
             columns it needs",
            first.iter().take(30).map(|cell| clip(cell)).collect::<Vec<_>>().join(" | "),
            Format::ALL.iter().map(|f| f.as_str()).collect::<Vec<_>>().join(", ")
        )))
    }

    /// The layout of a file with this header.
    pub(crate) fn with_header(format: Format, header: &[String]) -> Result<Self> {
        let absent = missing(format, header);
        if !absent.is_empty() {
            return Err(Error::Unsupported(format!(
                "a file of format {format} needs the columns {}; the first row is: {}",
                absent.join(", "),
                header.iter().take(30).map(|cell| clip(cell)).collect::<Vec<_>>().join(" | ")
            )));
        }
        let mut places = Vec::new();
        for (col, _, aliases) in format.columns() {
            let mut found = header.iter().enumerate().filter(|(_, h)| aliases.contains(&normal(h).as_str()));
            if let Some((place, name)) = found.next() {
                if found.next().is_some() {
                    return Err(Error::Unsupported(format!("the column {} is there twice", name.trim())));
                }
                places.push((col, place));
            }
        }
        Ok(Self { format, names: header.iter().map(|h| h.trim().to_owned()).collect(), places })
    }

    fn headerless(format: Format, width: usize) -> Result<Self> {
        if width != ODS_WIDTH {
            return Err(Error::Unsupported(format!(
                "a file of format {format} has {ODS_WIDTH} columns and no header; the first row has {width}"
            )));
        }
        let mut names: Vec<String> = (1..=ODS_WIDTH).map(|n| n.to_string()).collect();
        let mut places = Vec::new();
        for (place, col, name) in ODS_COLUMNS {
            let is_parent = matches!(col, Col::Parent | Col::ParentFrom | Col::ParentUntil);
            if is_parent && format == Format::OdsTrusts {
                continue;
            }
            places.push((col, place));
            if let Some(slot) = names.get_mut(place) {
                name.clone_into(slot);
            }
        }
        Ok(Self { format, names, places })
    }

    /// The layout of rows kept with their column names, such as quarantined ones.
    pub(crate) fn of_kept(format: Format, names: &[String]) -> Result<Self> {
        if format.is_headerless() {
            Self::headerless(format, ODS_WIDTH)
        } else {
            Self::with_header(format, names)
        }
    }

    /// How many cells a row has.
    pub(crate) fn width(&self) -> usize {
        self.names.len()
    }

    /// The header of every column, or what we call it.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// The header of a place.
    pub(crate) fn name_at(&self, place: usize) -> &str {
        self.names.get(place).map_or("", String::as_str)
    }

    /// The header of a meaning.
    pub(crate) fn name_of(&self, col: Col) -> &str {
        self.place(col).map_or("", |place| self.name_at(place))
    }

    /// Whether the file has this column.
    pub(crate) fn has(&self, col: Col) -> bool {
        self.place(col).is_some()
    }

    /// The cell of a meaning; empty when the file has no such column.
    pub(crate) fn cell<'a>(&self, cells: &'a [String], col: Col) -> &'a str {
        self.place(col).and_then(|place| cells.get(place)).map_or("", String::as_str)
    }

    /// Whether this header is of a column that is read.
    pub(crate) fn reads(&self, name: &str) -> bool {
        self.places.iter().any(|(_, place)| self.name_at(*place) == name)
    }

    /// Headers of the columns that are not read.
    pub(crate) fn unused(&self) -> Vec<String> {
        if self.format.is_headerless() {
            return Vec::new();
        }
        let used = |place| self.places.iter().any(|(_, p)| *p == place);
        self.names
            .iter()
            .enumerate()
            .filter(|(i, n)| !used(*i) && !n.is_empty())
            .map(|(_, n)| n.clone())
            .collect()
    }

    fn place(&self, col: Col) -> Option<usize> {
        self.places.iter().find(|(c, _)| *c == col).map(|(_, place)| *place)
    }
}

/// The needed columns of a format that a header lacks.
fn missing(format: Format, header: &[String]) -> Vec<&'static str> {
    let found: Vec<String> = header.iter().map(|h| normal(h)).collect();
    format
        .columns()
        .into_iter()
        .filter(|(_, needed, aliases)| *needed && !found.iter().any(|h| aliases.contains(&h.as_str())))
        .filter_map(|(_, _, aliases)| aliases.first().copied())
        .collect()
}

/// The columns that a format needs and a kept row has not: it was cut short.
pub(super) fn lacking(format: Format, names: &[String]) -> Vec<String> {
    if format.is_headerless() {
        let all = Layout::headerless(format, ODS_WIDTH).map(|layout| layout.names).unwrap_or_default();
        return all.into_iter().filter(|name| !names.contains(name)).collect();
    }
    missing(format, names).into_iter().map(str::to_owned).collect()
}

fn normal(header: &str) -> String {
    let spaced = header.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    spaced.chars().map(|c| if c.is_ascii_digit() { '#' } else { c }).collect()
}

/// Which of the directory's files a row without header is of: both have a `yyyymmdd` in column 11; pharmacies have a
/// code that begins with F, a status in column 13 and a head office in column 15, trusts have neither.
fn headerless_kind(row: &[String]) -> Option<Format> {
    let cell = |n: usize| row.get(n).map_or("", |c| c.trim());
    if row.len() != ODS_WIDTH || cell(10).len() != 8 || super::super::cells::parse_day(cell(10)).is_err() {
        return None;
    }
    if cell(12).is_empty() && cell(14).is_empty() {
        Some(Format::OdsTrusts)
    } else if cell(0).starts_with(['F', 'f']) && !cell(14).is_empty() {
        Some(Format::OdsHeadOffices)
    } else {
        None
    }
}

fn clip(cell: &str) -> String {
    cell.chars().filter(|c| !c.is_control()).take(40).collect()
}

/// One file as a source of facts: its format and the day it speaks of. Stored as `register@2022-09-09`; sources
/// compare by day first, so that the newest file's name and address of an organisation stay whatever the order of
/// the imports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Source {
    pub(crate) format: Format,
    pub(crate) as_of: Day,
}

impl Source {
    /// Reads the stored form; none for sources that are no import, such as releases.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (format, day) = text.split_once('@')?;
        format.parse().ok().zip(day.parse().ok()).map(|(format, as_of)| Self { format, as_of })
    }

    /// Whether this is at least as new as a stored source. What is no import counts as older.
    pub(crate) fn is_as_new_as(self, stored: &str) -> bool {
        Self::parse(stored).is_none_or(|other| self.key() >= other.key())
    }

    fn key(self) -> (Day, &'static str) {
        (self.as_of, self.format.as_str())
    }
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}@{}", self.format, self.as_of)
    }
}

/// The day in a file's name: `register-2022-09-09.csv`, or the first of the month for `etr-2026-07.csv`. The last
/// one in the name counts.
pub(crate) fn day_in_name(name: &str) -> Option<Day> {
    let bytes = name.as_bytes();
    (0..bytes.len()).rev().find_map(|start| {
        let outside = start == 0 || bytes.get(start - 1).is_none_or(|b| !b.is_ascii_digit());
        let tail = name.get(start..).filter(|_| outside)?;
        tail.get(..10).and_then(|t| t.parse().ok()).or_else(|| {
            let month = tail.get(..7)?;
            let ends = tail.as_bytes().get(7).is_none_or(|b| !b.is_ascii_digit());
            format!("{month}-01").parse().ok().filter(|_| ends)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(text: &str) -> Vec<String> {
        text.split('|').map(str::to_owned).collect()
    }

    #[test]
    fn formats_are_told_by_their_headers_in_any_order() {
        let known = |text: &str| Layout::detect(&row(text), &[], None).map(|l| l.format).ok();
        let register =
            "Code|Organisation Name|Status|Date Of Publication|Primary Sector|Commissioner (From ODS)";
        assert_eq!(known(register), Some(Format::Register));
        assert_eq!(
            known("primary sector|STATUS| Code |Organisation  name|Date of Publication"),
            Some(Format::Register)
        );
        assert_eq!(
            known(
                "|Code|National Grouping|High Level Health Geography|lat|long|Organisation Name|Status|Date Of Publication|Primary Sector"
            ),
            Some(Format::RegisterTrusts)
        );
        assert_eq!(
            known("OrganisationName|ODSCode|PublicationStatus|DateOfPublication|PrimarySector"),
            Some(Format::Register2019)
        );
        assert_eq!(
            known("SICBL24CD|SICBL24CDH|SICBL24NM|ICB24CD|ICB24CDH|ICB24NM|NHSER24CD|NHSER24CDH|NHSER24NM"),
            Some(Format::Regions)
        );
        assert_eq!(known("Code|Organisation Name|Status"), None);
        assert_eq!(known("Code;Organisation Name;Status;Date Of Publication;Primary Sector"), None);
    }

    #[test]
    fn a_column_twice_is_refused_and_a_missing_one_named() {
        let twice = row("Code|Code|Organisation Name|Status|Date Of Publication|Primary Sector");
        assert!(Layout::detect(&twice, &[], None).is_err());
        let missing = Layout::detect(&row("Code|Status"), &[], Some(Format::Register)).unwrap_err();
        assert!(missing.to_string().contains("primary sector"), "{missing}");
    }

    #[test]
    fn days_are_found_in_names() {
        let day = |name: &str| day_in_name(name).map(|d| d.to_string());
        assert_eq!(day("register-2022-09-09.csv").as_deref(), Some("2022-09-09"));
        assert_eq!(day("etr-2026-07.csv").as_deref(), Some("2026-07-01"));
        assert_eq!(day("2019-06-17 copy of 2018.csv").as_deref(), Some("2019-06-17"));
        assert_eq!(day("register.csv"), None);
        assert_eq!(day("12022-09-091.csv"), None);
    }

    #[test]
    fn sources_compare_by_day() {
        let source = Source::parse("register@2022-09-09").unwrap();
        assert!(source.is_as_new_as("register@2022-09-09"));
        assert!(source.is_as_new_as("ods-trusts@2022-09-08"));
        assert!(!source.is_as_new_as("register-2019@2022-09-10"));
        assert!(source.is_as_new_as("anything else"));
        assert_eq!(source.to_string(), "register@2022-09-09");
    }
}
