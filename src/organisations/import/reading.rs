//! One row of a file turned into facts about organisations, with a note of everything that was mended and a reason
//! for everything that cannot be taken.

use std::cell::RefCell;
use std::collections::HashMap;

use super::file::{Encoding, RawRow};
use super::layout::{Col, Format, Layout, Source};
use crate::organisations::cells::{clean_name, parse_day};
use crate::organisations::code::{CodeReading, read_code};
use crate::organisations::labels::Labels;
use crate::organisations::model::{Grade, OdsCode, RelationKind, Sector};
use crate::platform::clock::Day;

/// Something about one column of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Note {
    pub(crate) column: String,
    pub(crate) reason: String,
    pub(crate) action: String,
}

/// What a row says about one organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Facts {
    pub(crate) code: OdsCode,
    pub(crate) name: Option<String>,
    pub(crate) sector: Option<Sector>,
    /// The sector when the organisation is new and the file does not say.
    pub(crate) default_sector: Sector,
    pub(crate) region: Option<String>,
    pub(crate) icb: Option<String>,
    pub(crate) postcode: Option<String>,
    pub(crate) opened: Option<Day>,
    pub(crate) closed: Option<Day>,
    pub(crate) status: Option<StatusFact>,
    pub(crate) relations: Vec<RelationFact>,
}

/// A published status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StatusFact {
    pub(crate) edition: String,
    pub(crate) label: String,
    pub(crate) grade: Grade,
    pub(crate) published_on: Option<Day>,
    /// The sector in the words of this file.
    pub(crate) sector_label: String,
}

/// What another organisation is to this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RelationFact {
    pub(crate) kind: RelationKind,
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) starts_on: Option<Day>,
    pub(crate) ends_on: Option<Day>,
}

/// A row as understood.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    /// Organisations; the one the row is about comes last. Empty when the row is held back.
    pub(crate) facts: Vec<Facts>,
    /// A region's code and, where the file gives it, its name.
    pub(crate) region: Option<(String, Option<String>)>,
    /// What was mended or looks odd.
    pub(crate) notes: Vec<Note>,
    /// Why the row cannot be taken; empty when it can.
    pub(crate) faults: Vec<Note>,
}

/// Edition, label as printed and grade of a status text, or why it has none.
type StatusMeaning = Result<(String, String, Grade), String>;

/// Reads rows of one file.
pub(crate) struct Reader<'a> {
    pub(crate) layout: &'a Layout,
    pub(crate) labels: &'a Labels,
    pub(crate) source: Source,
    /// The edition of statuses that name none.
    pub(crate) edition: Option<&'a str>,
    seen: RefCell<HashMap<String, StatusMeaning>>,
}

impl Reading {
    fn note(&mut self, column: &str, reason: impl Into<String>, action: impl Into<String>) {
        self.notes.push(Note { column: column.to_owned(), reason: reason.into(), action: action.into() });
    }

    fn fault(&mut self, column: &str, reason: impl Into<String>, proposal: Option<String>) {
        let action = proposal.map_or_else(|| "held back".to_owned(), |p| format!("held back; {p}"));
        self.faults.push(Note { column: column.to_owned(), reason: reason.into(), action });
    }
}

impl<'a> Reader<'a> {
    pub(crate) fn new(
        layout: &'a Layout,
        labels: &'a Labels,
        source: Source,
        edition: Option<&'a str>,
    ) -> Self {
        Self { layout, labels, source, edition, seen: RefCell::default() }
    }

    /// Understands one row.
    pub(crate) fn read(&self, row: &RawRow) -> Reading {
        let mut reading = Reading::default();
        if row.cells.len() != self.layout.width() {
            reading.fault(
                "(row)",
                format!("has {} cells where the file has {} columns", row.cells.len(), self.layout.width()),
                None,
            );
            return reading;
        }
        for (place, encoding) in &row.foreign {
            let column = self.layout.name_at(*place);
            match encoding {
                Encoding::Unknown => {
                    reading.fault(column, "bytes that are neither UTF-8 nor Windows-1252", None);
                }
                Encoding::Windows1252 | Encoding::Utf8 => {
                    reading.note(column, "not UTF-8", "read as Windows-1252");
                }
            }
        }
        if let Some(facts) = self.facts(&row.cells, &mut reading)
            && reading.faults.is_empty()
        {
            if self.layout.format == Format::Regions {
                reading.facts.extend(self.board(&row.cells, &facts, &mut reading.notes));
            }
            reading.facts.push(facts);
        }
        reading
    }

    fn facts(&self, cells: &[String], reading: &mut Reading) -> Option<Facts> {
        let name = self.name(cells, reading);
        let code = self.code(cells, Col::Code, name.as_deref().unwrap_or_default(), reading);
        let region = self.short_code(cells, Col::Region, reading);
        let icb = self.short_code(cells, Col::Icb, reading);
        let sector = self.sector(cells, reading);
        let status = self.status(cells, reading);
        let opened = self.day(cells, Col::Opened, reading);
        let closed = self.day(cells, Col::Closed, reading);
        if opened.zip(closed).is_some_and(|(o, c)| o > c) {
            reading.note(self.layout.name_of(Col::Closed), "closed before it opened", "kept as it stands");
        }
        let code = code?;
        let mut relations = Vec::new();
        relations.extend(self.commissioner(cells, reading));
        relations.extend(self.board_relation(cells, icb.as_deref(), &code, reading));
        relations.extend(self.dated(cells, Col::Parent, RelationKind::HeadOffice, &code, reading));
        relations.extend(self.dated(cells, Col::Successor, RelationKind::Successor, &code, reading));
        if let Some(code) = &region {
            let name = self.layout.cell(cells, Col::RegionName).trim();
            reading.region = Some((code.clone(), (!name.is_empty()).then(|| name.to_owned())));
        }
        Some(Facts {
            code,
            name,
            sector,
            default_sector: self.default_sector(),
            region,
            icb,
            postcode: self.postcode(cells, reading),
            opened,
            closed,
            status,
            relations,
        })
    }

    /// The board of a region lookup's row as an organisation of its own.
    fn board(&self, cells: &[String], place: &Facts, notes: &mut Vec<Note>) -> Option<Facts> {
        let code = OdsCode::parse(place.icb.as_deref()?).ok()?;
        let name = match clean_name(self.layout.cell(cells, Col::IcbName)) {
            Ok(clean) => clean.name,
            Err(reason) => {
                notes.push(Note {
                    column: self.layout.name_of(Col::IcbName).to_owned(),
                    reason,
                    action: "the board was not added".to_owned(),
                });
                return None;
            }
        };
        Some(Facts {
            code,
            name: Some(name),
            sector: None,
            default_sector: Sector::Icb,
            region: place.region.clone(),
            icb: None,
            postcode: None,
            opened: None,
            closed: None,
            status: None,
            relations: Vec::new(),
        })
    }

    fn default_sector(&self) -> Sector {
        match self.layout.format {
            Format::OdsTrusts => Sector::NhsTrust,
            Format::OdsHeadOffices => Sector::Pharmacy,
            Format::Regions => Sector::Icb,
            Format::Register
            | Format::Register2019
            | Format::RegisterTrusts
            | Format::RegisterIcbs
            | Format::Successors => Sector::Other,
        }
    }

    fn code(&self, cells: &[String], col: Col, name: &str, reading: &mut Reading) -> Option<OdsCode> {
        let column = self.layout.name_of(col);
        match read_code(self.layout.cell(cells, col), name) {
            CodeReading::Clean(code) => Some(code),
            CodeReading::Repaired(code, how) => {
                reading.note(column, how, "repaired");
                Some(code)
            }
            CodeReading::Suspicious(code, why) => {
                reading.note(column, why, "kept");
                Some(code)
            }
            CodeReading::Damaged(reason, proposal) => {
                reading.fault(column, reason, proposal);
                None
            }
        }
    }

    fn name(&self, cells: &[String], reading: &mut Reading) -> Option<String> {
        if !self.layout.has(Col::Name) {
            return None;
        }
        let column = self.layout.name_of(Col::Name);
        let text = self.layout.cell(cells, Col::Name);
        match clean_name(text) {
            Ok(clean) => {
                if !clean.notes.is_empty() {
                    let action = if clean.name == text { "kept" } else { "repaired" };
                    reading.note(column, clean.notes.join("; "), action);
                }
                Some(clean.name)
            }
            Err(reason) => {
                reading.fault(column, reason, None);
                None
            }
        }
    }

    fn sector(&self, cells: &[String], reading: &mut Reading) -> Option<Sector> {
        if !self.layout.has(Col::Sector) {
            return None;
        }
        let label = self.layout.cell(cells, Col::Sector);
        let found = self.labels.sector(label);
        if found.is_none() {
            reading.fault(
                self.layout.name_of(Col::Sector),
                format!("unknown sector \"{}\"", label.trim()),
                None,
            );
        }
        found
    }

    fn status(&self, cells: &[String], reading: &mut Reading) -> Option<StatusFact> {
        if !self.layout.has(Col::Status) {
            return None;
        }
        let text = self.layout.cell(cells, Col::Status);
        let column = self.layout.name_of(Col::Status);
        let found = {
            let mut seen = self.seen.borrow_mut();
            match seen.get(text) {
                Some(found) => found.clone(),
                None => {
                    let found = self.understand(text);
                    // A hostile file could make every status different; only so many are worth remembering.
                    if seen.len() < 1000 {
                        seen.insert(text.to_owned(), found.clone());
                    }
                    found
                }
            }
        };
        let published_on = self.published(cells, reading);
        let (edition, label, grade) = match found {
            Ok(found) => found,
            Err(reason) => {
                reading.fault(column, reason, None);
                return None;
            }
        };
        let has_date = !self.layout.cell(cells, Col::Published).trim().is_empty();
        if (grade == Grade::NotPublished) == has_date {
            let what =
                if has_date { "not published, yet with a date" } else { "published, yet without a date" };
            reading.note(column, what, "kept");
        }
        let sector_label =
            self.layout.cell(cells, Col::Sector).split_whitespace().collect::<Vec<_>>().join(" ");
        Some(StatusFact { edition, label, grade, published_on, sector_label })
    }

    /// Edition, label as printed, and grade of a status text.
    fn understand(&self, text: &str) -> StatusMeaning {
        let (edition, label) = split_status(text.trim());
        let (grade, _) =
            self.labels.grade(label).ok_or_else(|| format!("unknown status \"{}\"", text.trim()))?;
        let edition = match (edition, grade) {
            (Some(edition), _) => edition,
            (None, Grade::NotPublished) => String::new(),
            (None, _) => self
                .edition
                .or_else(|| self.labels.unlabelled_edition(self.layout.format.as_str()))
                .ok_or("the status names no edition; say at the import which edition such statuses are of")?
                .to_owned(),
        };
        Ok((edition, label.to_owned(), grade))
    }

    fn published(&self, cells: &[String], reading: &mut Reading) -> Option<Day> {
        let text = self.layout.cell(cells, Col::Published);
        if self.labels.is_date_phrase(text) {
            let column = self.layout.name_of(Col::Published);
            reading.note(column, format!("\"{}\" in place of a date", text.trim()), "taken without a date");
            return None;
        }
        let day = self.day(cells, Col::Published, reading)?;
        if day > self.source.as_of {
            reading.note(self.layout.name_of(Col::Published), "later than the file itself", "kept");
        }
        Some(day)
    }

    fn day(&self, cells: &[String], col: Col, reading: &mut Reading) -> Option<Day> {
        let text = self.layout.cell(cells, col);
        if text.trim().is_empty() {
            return None;
        }
        parse_day(text).map_err(|reason| reading.fault(self.layout.name_of(col), reason, None)).ok()
    }

    /// A region's or board's code. They are only used to group by, so an odd one is left out, not the whole row.
    fn short_code(&self, cells: &[String], col: Col, reading: &mut Reading) -> Option<String> {
        let text = self.layout.cell(cells, col).trim();
        if text.is_empty() {
            return None;
        }
        let upper = text.to_ascii_uppercase();
        if (2..=10).contains(&upper.len()) && upper.bytes().all(|b| b.is_ascii_alphanumeric()) {
            Some(upper)
        } else {
            reading.note(self.layout.name_of(col), "not a code of a region or board", "left empty");
            None
        }
    }

    fn postcode(&self, cells: &[String], reading: &mut Reading) -> Option<String> {
        let text = self.layout.cell(cells, Col::Postcode).trim();
        if text.is_empty() {
            return None;
        }
        if text.len() <= 10 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b' ') {
            return Some(text.to_ascii_uppercase());
        }
        reading.note(self.layout.name_of(Col::Postcode), "not a postcode", "left empty");
        None
    }

    fn commissioner(&self, cells: &[String], reading: &mut Reading) -> Option<RelationFact> {
        let (code, name) = self.related_name(cells, Col::Commissioner, reading)?;
        Some(RelationFact { kind: RelationKind::Commissioner, code, name, starts_on: None, ends_on: None })
    }

    fn board_relation(
        &self,
        cells: &[String],
        icb: Option<&str>,
        own: &OdsCode,
        reading: &mut Reading,
    ) -> Option<RelationFact> {
        let named = self.related_name(cells, Col::IcbName, reading);
        let (code, name) = match (icb, named) {
            (Some(code), named) => (code.to_owned(), named.map(|(_, name)| name).unwrap_or_default()),
            (None, Some(named)) => named,
            (None, None) => return None,
        };
        (code != own.as_str()).then_some(RelationFact {
            kind: RelationKind::GeographicIcb,
            code,
            name,
            starts_on: None,
            ends_on: None,
        })
    }

    /// A related organisation given by name, with its code where the name holds one: `NHS SOMEWHERE ICB - 00X (CCG)`.
    fn related_name(&self, cells: &[String], col: Col, reading: &mut Reading) -> Option<(String, String)> {
        let text = self.layout.cell(cells, col);
        if text.trim().is_empty() {
            return None;
        }
        match clean_name(text) {
            Ok(clean) => {
                let code = clean
                    .name
                    .strip_suffix(" (CCG)")
                    .and_then(|rest| rest.rsplit_once(" - "))
                    .and_then(|(_, code)| OdsCode::parse(code).ok())
                    .map(|code| code.as_str().to_owned())
                    .unwrap_or_default();
                Some((code, clean.name))
            }
            Err(reason) => {
                reading.note(self.layout.name_of(col), reason, "left empty");
                None
            }
        }
    }

    fn dated(
        &self,
        cells: &[String],
        col: Col,
        kind: RelationKind,
        own: &OdsCode,
        reading: &mut Reading,
    ) -> Option<RelationFact> {
        if self.layout.cell(cells, col).trim().is_empty() {
            if kind == RelationKind::Successor && self.layout.has(col) {
                reading.fault(self.layout.name_of(col), "the successor is missing", None);
            }
            return None;
        }
        let code = self.code(cells, col, "", reading)?;
        let from = if kind == RelationKind::Successor { Col::From } else { Col::ParentFrom };
        let starts_on = self.day(cells, from, reading);
        let ends_on =
            if kind == RelationKind::Successor { None } else { self.day(cells, Col::ParentUntil, reading) };
        if code == *own {
            reading.fault(self.layout.name_of(col), "an organisation cannot be related to itself", None);
            return None;
        }
        Some(RelationFact { kind, code: code.as_str().to_owned(), name: String::new(), starts_on, ends_on })
    }
}

/// Splits `21/22 Standards Met` or `Standards Met (19-20)` into edition and label.
fn split_status(text: &str) -> (Option<String>, &str) {
    if let Some((edition, label)) = text.split_once(' ')
        && let Some(edition) = edition.split_once('/').and_then(years)
    {
        return (Some(edition), label.trim());
    }
    if let Some((label, edition)) = text.strip_suffix(')').and_then(|rest| rest.rsplit_once('('))
        && let Some(edition) = edition.split_once('-').and_then(years)
    {
        return (Some(edition), label.trim());
    }
    (None, text)
}

/// `21/22` from its two halves when the second year follows the first.
fn years((first, second): (&str, &str)) -> Option<String> {
    let number =
        |s: &str| s.parse::<u8>().ok().filter(|_| s.len() == 2 && s.bytes().all(|b| b.is_ascii_digit()));
    let (a, b) = (number(first)?, number(second)?);
    ((a + 1) % 100 == b).then(|| format!("{first}/{second}"))
}

#[cfg(test)]
mod tests {
    use super::split_status;

    #[test]
    fn statuses_are_split_into_edition_and_label() {
        let split = |t| {
            let (e, l) = split_status(t);
            (e.unwrap_or_default(), l.to_owned())
        };
        assert_eq!(split("21/22 Standards Met"), ("21/22".to_owned(), "Standards Met".to_owned()));
        assert_eq!(split("Standards Met (19-20)"), ("19/20".to_owned(), "Standards Met".to_owned()));
        assert_eq!(split("99/00 Entry Level"), ("99/00".to_owned(), "Entry Level".to_owned()));
        let plan = "Standards not fully met (plan agreed)";
        assert_eq!(split(plan), (String::new(), plan.to_owned()));
        assert_eq!(split("21/23 Standards Met"), (String::new(), "21/23 Standards Met".to_owned()));
        assert_eq!(split(""), (String::new(), String::new()));
    }
}
