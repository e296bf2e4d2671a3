//! What is public and went into the tables, in a form that holds codes and no numbers of a database.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use crate::platform::canonical;
use crate::platform::clock::Day;
use crate::platform::error::Result;
use crate::platform::ids::OrganisationId;
use crate::publication::baseline::OpenSample;
use crate::publication::facts::Facts;
use crate::publication::record::Record;
use crate::publication::tables::Compared;
use crate::standards::SectorKey;
use crate::standards::scoring::GradeKey;

/// What stands beside the lines of a release. It is taken when the release is prepared, because registers go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inputs {
    /// The version of this shape.
    v: u8,
    /// Region names by code.
    pub regions: BTreeMap<String, String>,
    /// The sectors of a register in its own words, by the organisation's code.
    own_sectors: BTreeMap<String, String>,
    /// The earlier snapshot, where there is one.
    earlier: Option<Earlier>,
    /// The code of who took over, by the code of whom; empty without an earlier snapshot.
    successors: BTreeMap<String, String>,
    /// Codes of the boards in whose areas a trust lies, by the trust's code.
    boards: BTreeMap<String, Vec<String>>,
    /// The first halves of postcodes, by the organisation's code; the search of the site finds by them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    districts: BTreeMap<String, String>,
    /// The baselining sample, where one was drawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<OpenSample>,
}

/// An earlier snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Earlier {
    key: String,
    name: String,
    grades: BTreeMap<String, GradeKey>,
}

/// What a release says about one organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Line {
    code: String,
    name: String,
    sector: SectorKey,
    region: Option<String>,
    grade: GradeKey,
    label: String,
    edition: String,
    published_on: Option<Day>,
    late: bool,
    provisional: bool,
    challengeable: bool,
    standing: GradeKey,
    inherited_from: Option<String>,
    filed_by: Option<String>,
}

/// The inputs with a number for each organisation, as tables are made.
pub(super) struct Numbered {
    pub records: Vec<Record>,
    pub own_sectors: BTreeMap<OrganisationId, String>,
    pub earlier: Option<Compared>,
    pub successors: HashMap<OrganisationId, OrganisationId>,
    pub boards: BTreeMap<OrganisationId, Vec<String>>,
}

impl Inputs {
    /// What these facts rest on beside their lines. `codes` names every organisation.
    ///
    /// # Errors
    /// Never for organisations that are in the register.
    pub fn of(facts: &Facts<'_>, codes: &HashMap<OrganisationId, String>) -> Result<Self> {
        let code = |id: &OrganisationId| codes.get(id).cloned();
        let own_sectors = facts.own_sectors.iter().filter(|(_, label)| !label.is_empty());
        let trusts = facts.records.iter().filter(|record| record.sector.as_str() == "nhs_trust");
        let successors = facts.successors.iter().filter(|_| facts.earlier.is_some());
        Ok(Self {
            v: 1,
            regions: facts.regions.clone(),
            own_sectors: own_sectors.filter_map(|(id, label)| Some((code(id)?, label.clone()))).collect(),
            earlier: facts.earlier.map(|earlier| Earlier {
                key: earlier.key.clone(),
                name: earlier.name.clone(),
                grades: earlier.grades.iter().filter_map(|(id, grade)| Some((code(id)?, *grade))).collect(),
            }),
            successors: successors.filter_map(|(id, heir)| Some((code(id)?, code(heir)?))).collect(),
            boards: trusts
                .filter_map(|trust| {
                    Some((trust.code.clone(), facts.boards.get(&trust.organisation)?.clone()))
                })
                .collect(),
            districts: BTreeMap::new(),
            sample: None,
        })
    }

    /// With what stands beside the facts: where organisations are found, and the sample that estimates rest on.
    #[must_use]
    pub fn beside(self, districts: BTreeMap<String, String>, sample: Option<OpenSample>) -> Self {
        Self { districts, sample, ..self }
    }

    /// The canonical text.
    ///
    /// # Errors
    /// When it does not serialise, which is a fault.
    pub fn to_json(&self) -> Result<String> {
        canonical::to_string(self)
    }

    /// Gives every organisation that occurs a number.
    pub(super) fn numbered(&self, lines: Vec<Line>) -> Numbered {
        let mut codes: BTreeSet<&str> = lines.iter().map(|line| line.code.as_str()).collect();
        codes.extend(self.successors.iter().flat_map(|(of, heir)| [of.as_str(), heir.as_str()]));
        codes.extend(self.earlier.iter().flat_map(|earlier| earlier.grades.keys().map(String::as_str)));
        codes.extend(self.own_sectors.keys().chain(self.boards.keys()).map(String::as_str));
        let numbers: HashMap<String, OrganisationId> = (1_i64..)
            .zip(codes)
            .map(|(number, code)| (code.to_owned(), OrganisationId::new(number)))
            .collect();
        let number = |code: &str| numbers.get(code).copied();
        let own_sectors = self.own_sectors.iter();
        let earlier = self.earlier.as_ref().map(|earlier| Compared {
            key: earlier.key.clone(),
            name: earlier.name.clone(),
            grades: earlier.grades.iter().filter_map(|(code, grade)| Some((number(code)?, *grade))).collect(),
        });
        let successors = self.successors.iter();
        let boards = self.boards.iter();
        Numbered {
            own_sectors: own_sectors
                .filter_map(|(code, label)| Some((number(code)?, label.clone())))
                .collect(),
            successors: successors.filter_map(|(of, heir)| Some((number(of)?, number(heir)?))).collect(),
            boards: boards.filter_map(|(code, of)| Some((number(code)?, of.clone()))).collect(),
            records: lines
                .into_iter()
                .filter_map(|line| {
                    let number = numbers.get(line.code.as_str()).copied()?;
                    Some(line.record(number))
                })
                .collect(),
            earlier,
        }
    }
}

impl Line {
    /// The line of a record.
    pub(super) fn of(record: &Record) -> Self {
        let Record {
            organisation: _,
            code,
            name,
            sector,
            region,
            grade,
            label,
            edition,
            published_on,
            late,
            provisional,
            challengeable,
            standing,
            inherited_from,
            filed_by,
        } = record.clone();
        Self {
            code,
            name,
            sector,
            region,
            grade,
            label,
            edition,
            published_on,
            late,
            provisional,
            challengeable,
            standing,
            inherited_from,
            filed_by,
        }
    }

    fn record(self, organisation: OrganisationId) -> Record {
        Record {
            organisation,
            code: self.code,
            name: self.name,
            sector: self.sector,
            region: self.region,
            grade: self.grade,
            label: self.label,
            edition: self.edition,
            published_on: self.published_on,
            late: self.late,
            provisional: self.provisional,
            challengeable: self.challengeable,
            standing: self.standing,
            inherited_from: self.inherited_from,
            filed_by: self.filed_by,
        }
    }
}
