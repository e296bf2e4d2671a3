//! What the register holds: organisations, what they are to each other, and the statuses published about them.

mod code;

use crate::platform::clock::{Day, Timestamp};
use crate::platform::ids::{ImportRunId, OrganisationId, QuarantineId};

pub use code::OdsCode;

crate::text_enum! {
    /// The kind of organisation, as the programme groups them.
    Sector {
        /// NHS trusts and foundation trusts.
        NhsTrust = "nhs_trust", "NHS trust";
        /// Integrated care boards, and the commissioning groups they followed.
        Icb = "icb", "Integrated care board";
        /// Commissioning support units.
        Csu = "csu", "Commissioning support unit";
        /// Arm's length bodies.
        Alb = "alb", "Arm\u{2019}s length body";
        /// Local authorities.
        LocalAuthority = "local_authority", "Local authority";
        /// General practices.
        Gp = "gp", "General practice";
        /// Community pharmacies.
        Pharmacy = "pharmacy", "Pharmacy";
        /// Dental practices.
        Dentist = "dentist", "Dentist";
        /// Opticians.
        Optician = "optician", "Optician";
        /// Care homes and home care.
        SocialCare = "social_care", "Social care";
        /// Companies that handle health and care data.
        Company = "company", "Company";
        /// Universities, research groups and secondary users of data.
        University = "university", "University";
        /// Charities, other partners, and organisations that have not said.
        Other = "other", "Other";
    }
}

crate::text_enum! {
    /// The meaning of a published label, whatever it was called in its year.
    Grade {
        /// All that is mandatory and more.
        StandardsExceeded = "standards_exceeded", "Standards Exceeded";
        /// All that is mandatory.
        StandardsMet = "standards_met", "Standards Met";
        /// Short of it, with an agreed plan.
        ApproachingStandards = "approaching_standards", "Approaching Standards";
        /// Short of it.
        StandardsNotMet = "standards_not_met", "Standards Not Met";
        /// Level-scored standards: level 2 or better throughout.
        Satisfactory = "satisfactory", "Satisfactory";
        /// Level-scored standards: below level 2 somewhere.
        NotSatisfactory = "not_satisfactory", "Not Satisfactory";
        /// Nothing was published.
        NotPublished = "not_published", "Not Published";
    }
}

crate::text_enum! {
    /// What one organisation is to another.
    RelationKind {
        /// The board in whose area it lies.
        GeographicIcb = "geographic_icb", "Integrated care board area";
        /// A board it is a founding partner of.
        ConstitutionalPartner = "constitutional_partner", "Constitutional partner";
        /// A board that its money is apportioned to.
        Apportionment = "apportionment", "Financial apportionment";
        /// The head office that answers for it.
        HeadOffice = "head_office", "Head office";
        /// Who commissions it.
        Commissioner = "commissioner", "Commissioner";
        /// Who took over from it.
        Successor = "successor", "Successor";
    }
}

crate::text_enum! {
    /// Where a damaged row stands.
    QuarantineState {
        /// Held back until somebody decides.
        Open = "open", "Held back";
        /// Taken in after correction.
        Resolved = "resolved", "Corrected and taken in";
        /// Left out for good, with a reason.
        Dismissed = "dismissed", "Left out";
        /// Taken in; the entry records what was mended or looked odd.
        Noted = "noted", "Taken in with a note";
    }
}

/// An organisation of the register.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Organisation {
    /// Its number here.
    pub id: OrganisationId,
    /// Its code in the national directory.
    pub code: OdsCode,
    /// Its name as last published.
    pub name: String,
    /// Its kind.
    pub sector: Sector,
    /// The region it lies in.
    pub region_code: Option<String>,
    /// The code of the board in whose area it lies.
    pub icb_code: Option<String>,
    /// Its postcode.
    pub postcode: Option<String>,
    /// The day it opened.
    pub opened_on: Option<Day>,
    /// The day it closed.
    pub closed_on: Option<Day>,
    /// Who took over from it.
    pub successor_id: Option<OrganisationId>,
    /// The head office that answers for it.
    pub head_office_id: Option<OrganisationId>,
    /// Where its name and address were last read, such as `register@2022-09-09`.
    pub source: String,
    /// Counts its changes.
    pub version: i64,
}

impl Organisation {
    /// Whether it is open on a day.
    #[must_use]
    pub fn is_open_on(&self, day: Day) -> bool {
        self.opened_on.is_none_or(|opened| opened <= day) && self.closed_on.is_none_or(|closed| closed > day)
    }
}

/// A status as it was published once.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct PublishedStatus {
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// The edition it is about, such as `21/22`; empty where none was named.
    pub edition_label: String,
    /// The words that were printed; empty where the cell was.
    pub label: String,
    /// What the words mean.
    pub grade: Grade,
    /// The day the organisation published.
    pub published_on: Option<Day>,
    /// The publication it stood in, such as `register@2022-09-09`.
    pub source: String,
}

/// What one organisation is to another, as some source said.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Relation {
    /// The organisation it starts from.
    pub organisation_id: OrganisationId,
    /// What the other is to it.
    pub kind: RelationKind,
    /// The other's code; empty where the source gave only a name.
    pub related_code: String,
    /// The other's name in the source; empty where it gave only a code.
    pub related_name: String,
    /// Since when.
    pub starts_on: Option<Day>,
    /// Until when.
    pub ends_on: Option<Day>,
    /// Where it was read.
    pub source: String,
}

/// A row that an import noted or held back.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct QuarantinedRow {
    /// Its number.
    pub id: QuarantineId,
    /// The import that met it first.
    pub import_run_id: ImportRunId,
    /// The format and day of the file, such as `register@2022-09-09`.
    pub format: String,
    /// The row of the file, the header being row 1.
    pub row_number: i64,
    /// The column that was damaged.
    pub column_name: String,
    /// What is wrong.
    pub reason: String,
    /// What was done about it.
    pub action: String,
    /// The whole row as read: JSON `{"cells": [["column", "text"], ...]}`.
    pub raw: String,
    /// Where it stands.
    pub state: QuarantineState,
    /// The corrected cells or the reason for leaving it out, as JSON.
    pub resolution: Option<String>,
    /// When that was decided.
    pub resolved_at: Option<Timestamp>,
    /// Counts its changes; a decision names the one it was made on.
    pub version: i64,
}
