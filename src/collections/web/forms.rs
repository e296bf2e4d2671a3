//! The forms of collections: raw strings as posted, parsed into commands. Times are those of London.

use std::collections::BTreeMap;

use crate::collections::extend::Extension;
use crate::collections::model::{CollectionKey, Windows, WindowsProblem};
use crate::collections::plan::Plan;
use crate::platform::clock::{Timestamp, parse_london};
use crate::platform::error::FieldError;
use crate::platform::http::Fields;
use crate::platform::ids::EditionId;
use crate::platform::pages::FormErrors;
use crate::standards::{Edition, SectorKey};

/// The choice of a sector that is in scope where the edition has no profiles.
pub(crate) const WITHOUT_PROFILE: &str = "in";

/// A day and a time of day as typed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Moment {
    pub day: String,
    pub month: String,
    pub year: String,
    pub time: String,
}

impl Moment {
    pub(in crate::collections) fn read(fields: &Fields, name: &str) -> Self {
        let part = |part: &str| fields.text(&format!("{name}-{part}"));
        Self { day: part("day"), month: part("month"), year: part("year"), time: part("time") }
    }

    pub(in crate::collections) fn at(time: &str) -> Self {
        Self { time: time.to_owned(), ..Self::default() }
    }

    /// A moment as its parts would be typed.
    pub(in crate::collections) fn of(moment: Timestamp) -> Self {
        let (day, time) = (moment.london_day().date(), moment.london_time());
        Self {
            day: day.day().to_string(),
            month: day.month().to_string(),
            year: day.year().to_string(),
            time,
        }
    }

    fn is_blank(&self) -> bool {
        self.day.is_empty() && self.month.is_empty() && self.year.is_empty()
    }

    /// The moment, or an error beside the wrong control.
    pub(in crate::collections) fn parse(
        &self,
        name: &str,
        what: &str,
        errors: &mut FormErrors,
    ) -> Option<Timestamp> {
        if self.is_blank() {
            errors.add_at(name, format!("{name}-day"), format!("Enter the date {what}"));
            return None;
        }
        let number = |text: &str, most: u16| text.parse::<u16>().ok().filter(|n| (1..=most).contains(n));
        let parts = (number(&self.day, 31), number(&self.month, 12), number(&self.year, 9999));
        let (Some(day), Some(month), Some(year)) = parts else {
            let wrong = match parts {
                (None, ..) => "day",
                (_, None, _) => "month",
                _ => "year",
            };
            errors.add_at(name, format!("{name}-{wrong}"), format!("Enter a real date {what}"));
            return None;
        };
        let clock = self.time.trim();
        let clock = if clock.len() == 4 { format!("0{clock}") } else { clock.to_owned() };
        if parse_london(&format!("2026-01-01 {clock}")).is_err() || clock.len() != 5 {
            let field = format!("{name}-time");
            errors.add(field, format!("Enter the time {what} as hours and minutes, such as 09:30"));
            return None;
        }
        let moment = parse_london(&format!("{year:04}-{month:02}-{day:02} {clock}"));
        if moment.is_err() {
            errors.add_at(name, format!("{name}-day"), format!("Enter a real date {what}"));
        }
        moment.ok()
    }
}

/// A planned collection as typed.
#[derive(Debug, Clone, Default)]
pub(crate) struct PlanForm {
    pub key: String,
    pub name: String,
    pub year_label: String,
    pub opens: Moment,
    pub interim: Moment,
    pub deadline: Moment,
    pub closes: Moment,
    /// By sector: nothing when out of scope, otherwise a profile's key or [`WITHOUT_PROFILE`].
    pub scope: BTreeMap<&'static str, String>,
}

impl PlanForm {
    /// The form before anything was typed: usual times of day, and the edition's own profiles by sector.
    pub(super) fn fresh(edition: &Edition) -> Self {
        let scope = SectorKey::all()
            .map(|sector| {
                let usual = edition.default_profile(sector).map(|profile| profile.key.to_string());
                (sector.as_str(), usual.unwrap_or_default())
            })
            .collect();
        Self {
            year_label: edition.label().to_owned(),
            opens: Moment::at("09:00"),
            interim: Moment::at("12:00"),
            deadline: Moment::at("12:00"),
            closes: Moment::at("12:00"),
            scope,
            ..Self::default()
        }
    }

    pub(super) fn read(fields: &Fields) -> Self {
        let scope = SectorKey::all()
            .map(|sector| (sector.as_str(), fields.text(&format!("scope-{sector}"))))
            .collect();
        Self {
            key: fields.text("key"),
            name: fields.text("name"),
            year_label: fields.text("year_label"),
            opens: Moment::read(fields, "opens"),
            interim: Moment::read(fields, "interim"),
            deadline: Moment::read(fields, "deadline"),
            closes: Moment::read(fields, "closes"),
            scope,
        }
    }

    pub(super) fn parse(&self, edition: EditionId, document: &Edition) -> Result<Plan, FormErrors> {
        let mut errors = FormErrors::new();
        let key = CollectionKey::new(&self.key).map_err(|message| errors.add("key", message)).ok();
        words(&mut errors, "name", &self.name, 100, "Enter a name, such as Annual collection 2026");
        words(
            &mut errors,
            "year_label",
            &self.year_label,
            20,
            "Enter the label of the year, such as 2026/27",
        );
        let windows = self.windows(&mut errors);
        let scope = self.scope(document, &mut errors);
        let plan = match (key, windows) {
            (Some(key), Some(windows)) => Some(Plan {
                edition,
                key,
                name: self.name.clone(),
                year_label: self.year_label.clone(),
                windows,
                scope,
            }),
            _ => None,
        };
        errors.into_result(plan)
    }

    fn windows(&self, errors: &mut FormErrors) -> Option<Windows> {
        let opens = self.opens.parse("opens", "on which it opens", errors);
        let interim = if self.interim.is_blank() {
            None
        } else {
            self.interim.parse("interim", "by which the interim return is due", errors)
        };
        let deadline = self.deadline.parse("deadline", "of the deadline", errors);
        let closes = self.closes.parse("closes", "on which it closes", errors);
        match Windows::new(opens?, interim, deadline?, closes?) {
            Ok(windows) => Some(windows),
            Err(problems) => {
                for problem in problems {
                    let (field, message) = match problem {
                        WindowsProblem::Interim => {
                            ("interim", "The interim date must be between the opening and the deadline")
                        }
                        WindowsProblem::Deadline => ("deadline", "The deadline must be after the opening"),
                        WindowsProblem::Close => ("closes", "The close must not be before the deadline"),
                    };
                    errors.add_at(field, format!("{field}-day"), message);
                }
                None
            }
        }
    }

    fn scope(&self, document: &Edition, errors: &mut FormErrors) -> BTreeMap<SectorKey, String> {
        let mut scope = BTreeMap::new();
        for sector in SectorKey::all() {
            let chosen = self.scope.get(sector.as_str()).map_or("", String::as_str);
            let without = chosen == WITHOUT_PROFILE && document.profiles().is_empty();
            if chosen.is_empty() {
                continue;
            }
            if without || document.profile(chosen).is_some() {
                scope.insert(sector, if without { String::new() } else { chosen.to_owned() });
            } else {
                errors.add(format!("scope-{sector}"), "Choose one of the profiles in the list");
            }
        }
        if scope.is_empty() {
            errors.add_at("scope", "scope-nhs_trust", "Choose at least one kind of organisation");
        }
        scope
    }
}

/// A text that must be there and fit.
pub(in crate::collections) fn words(
    errors: &mut FormErrors,
    field: &str,
    text: &str,
    most: usize,
    missing: &str,
) {
    if text.is_empty() {
        errors.add(field, missing);
    } else if text.chars().count() > most {
        errors.add(field, format!("Use at most {most} characters"));
    }
}

/// An extension as typed.
#[derive(Debug, Clone, Default)]
pub(crate) struct ExtensionForm {
    pub organisation: String,
    pub until: Moment,
    pub reason: String,
}

impl ExtensionForm {
    pub(super) fn read(fields: &Fields) -> Self {
        Self {
            organisation: fields.text("organisation").to_uppercase(),
            until: Moment::read(fields, "until"),
            reason: fields.text("reason"),
        }
    }

    pub(super) fn parse(&self) -> Result<Extension, FormErrors> {
        let mut errors = FormErrors::new();
        words(&mut errors, "organisation", &self.organisation, 23, "Enter the organisation's code");
        let until = self.until.parse("until", "until which the organisation has time", &mut errors);
        words(&mut errors, "reason", &self.reason, 2000, "Enter the reason for the extension");
        let command = until.map(|until| Extension {
            organisation: self.organisation.clone(),
            until,
            reason: self.reason.clone(),
        });
        errors.into_result(command)
    }
}

/// What a verb found wrong, beside the control of the same name.
pub(in crate::collections) fn errors_of(list: &[FieldError]) -> FormErrors {
    FormErrors::found(list, &[("until", "until-day"), ("scope", "scope-nhs_trust")])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(day: &str, month: &str, year: &str, time: &str) -> Moment {
        Moment { day: day.into(), month: month.into(), year: year.into(), time: time.into() }
    }

    #[test]
    fn times_are_londons() {
        let mut errors = FormErrors::new();
        let summer = typed("30", "6", "2026", "12:00").parse("closes", "", &mut errors).unwrap();
        assert_eq!(summer.rfc3339(), "2026-06-30T11:00:00Z");
        assert!(typed("5", "1", "2026", "9:30").parse("closes", "", &mut errors).is_some());
        assert!(errors.is_empty());
    }

    #[test]
    fn each_wrong_part_is_named() {
        for (moment, control) in [
            (typed("", "", "", "12:00"), "#opens-day"),
            (typed("31", "2", "2026", "12:00"), "#opens-day"),
            (typed("1", "13", "2026", "12:00"), "#opens-month"),
            (typed("1", "1", "soon", "12:00"), "#opens-year"),
            (typed("1", "1", "2026", "noon"), "#opens-time"),
            (typed("1", "1", "2026", "25:00"), "#opens-time"),
        ] {
            let mut errors = FormErrors::new();
            assert!(moment.parse("opens", "on which it opens", &mut errors).is_none());
            assert_eq!(errors.summary().items[0].href, control, "{moment:?}");
        }
    }
}
