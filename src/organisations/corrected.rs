//! Accepted corrections of the register that stand: kept over files that still say the old thing, until the register itself
//! says otherwise.

use std::collections::HashMap;

use diesel::prelude::*;

use super::cells::search_form;
use crate::platform::clock::Day;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::{CorrectionId, OrganisationId};
use crate::schema::{organisation, register_correction};

crate::text_enum! {
    /// Which part of what the register says of an organisation was corrected.
    CorrectedPart {
        /// What it is called.
        Name = "name", "Name";
        /// Whether it is open, or since when it is closed.
        Closing = "closing", "Closing";
        /// Whose site it is.
        HeadOffice = "head_office", "Head office";
    }
}

/// A correction that stands. Nothing (an open site, a site without a head office) is the empty text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stands {
    pub id: i64,
    pub part: CorrectedPart,
    /// What the register was corrected to.
    pub said: String,
    /// What the register said before.
    pub instead_of: String,
    /// The day it was accepted on.
    pub since: Day,
}

/// What a file's word comes to where a correction stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It says the same, and is no later than the correction.
    Agrees,
    /// It still says the old thing, or is no later than the correction: the correction stands.
    Held,
    /// A later file agrees, or says something else again: the register rules.
    Done,
}

impl Stands {
    /// What it comes to that a file of this day says this.
    pub fn against(&self, told: &str, as_of: Day) -> Verdict {
        let same = |one: &str, other: &str| search_form(one) == search_form(other);
        let later = as_of > self.since;
        if told == self.said {
            return if later { Verdict::Done } else { Verdict::Agrees };
        }
        // The same old name in other letters is no news, unless the letters were what was corrected.
        let old = told == self.instead_of || same(told, &self.instead_of) && !same(told, &self.said);
        if old || !later { Verdict::Held } else { Verdict::Done }
    }

    /// What was told about this part, in words.
    pub fn words(&self, told: &str) -> String {
        match (self.part, told) {
            (CorrectedPart::Name, told) => format!("the name \"{told}\""),
            (CorrectedPart::Closing, "") => "that it is open".to_owned(),
            (CorrectedPart::Closing, day) => {
                let day = day.parse::<Day>().map_or_else(|_| day.to_owned(), Day::words);
                format!("that it closed on {day}")
            }
            (CorrectedPart::HeadOffice, "") => "no head office".to_owned(),
            (CorrectedPart::HeadOffice, code) => format!("the head office {code}"),
        }
    }
}

type Row = (OrganisationId, i64, CorrectedPart, String, String, Day);

/// Every correction that stands, by organisation.
pub(super) fn all(conn: &mut Conn) -> Result<HashMap<OrganisationId, Vec<Stands>>> {
    let rows: Vec<Row> = register_correction::table
        .filter(register_correction::done_by.is_null())
        .order(register_correction::id)
        .select((
            register_correction::organisation_id,
            register_correction::id,
            register_correction::part,
            register_correction::said,
            register_correction::instead_of,
            register_correction::since,
        ))
        .load(conn)?;
    let mut all: HashMap<OrganisationId, Vec<Stands>> = HashMap::new();
    for (of, id, part, said, instead_of, since) in rows {
        all.entry(of).or_default().push(Stands { id, part, said, instead_of, since });
    }
    Ok(all)
}

/// A correction that stands, as a list shows it.
#[derive(Debug)]
pub(super) struct Listed {
    /// The code of the organisation that it is about.
    pub code: String,
    /// The request that asked for it.
    pub request: CorrectionId,
    /// What stands.
    pub stands: Stands,
}

/// The most corrections that a list shows.
const LISTED: i64 = 200;

/// The corrections that stand, by the code of their organisation.
pub(super) fn listed(conn: &mut Conn) -> Result<Vec<Listed>> {
    type Row = (String, CorrectionId, i64, CorrectedPart, String, String, Day);
    let rows: Vec<Row> = register_correction::table
        .inner_join(organisation::table.on(organisation::id.eq(register_correction::organisation_id)))
        .filter(register_correction::done_by.is_null())
        .order((organisation::code, register_correction::id))
        .limit(LISTED)
        .select((
            organisation::code,
            register_correction::correction_id,
            register_correction::id,
            register_correction::part,
            register_correction::said,
            register_correction::instead_of,
            register_correction::since,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(code, request, id, part, said, instead_of, since)| {
            let stands = Stands { id, part, said, instead_of, since };
            Listed { code, request, stands }
        })
        .collect())
}

/// Lets a correction stand from this day on. One of the same part that stood before gives way, and what the register said
/// then is still the old thing.
pub(super) fn stand(
    conn: &mut Conn,
    (of, request): (OrganisationId, CorrectionId),
    part: CorrectedPart,
    (said, register): (&str, &str),
    (today, source): (Day, &str),
) -> Result<()> {
    let standing = || {
        register_correction::table
            .filter(register_correction::organisation_id.eq(of))
            .filter(register_correction::part.eq(part))
            .filter(register_correction::done_by.is_null())
    };
    let before: Option<String> = standing().select(register_correction::instead_of).first(conn).optional()?;
    diesel::update(standing()).set(register_correction::done_by.eq(Some(source))).execute(conn)?;
    diesel::insert_into(register_correction::table)
        .values((
            register_correction::organisation_id.eq(of),
            register_correction::correction_id.eq(request),
            register_correction::part.eq(part),
            register_correction::said.eq(said),
            register_correction::instead_of.eq(before.as_deref().unwrap_or(register)),
            register_correction::since.eq(today.to_string()),
        ))
        .execute(conn)?;
    Ok(())
}

/// Ends corrections: the register has spoken in this source.
pub(super) fn end(conn: &mut Conn, which: &[i64], source: &str) -> Result<()> {
    if which.is_empty() {
        return Ok(());
    }
    diesel::update(register_correction::table.filter(register_correction::id.eq_any(which.to_vec())))
        .set(register_correction::done_by.eq(Some(source)))
        .execute(conn)?;
    Ok(())
}

/// Whether the correction of a request stands (`Some(None)`), or which source ended it; none for one that is not kept.
pub(super) fn ended_by(conn: &mut Conn, request: CorrectionId) -> Result<Option<Option<String>>> {
    Ok(register_correction::table
        .filter(register_correction::correction_id.eq(request))
        .select(register_correction::done_by)
        .first(conn)
        .optional()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn a_correction_stands_until_a_later_file_says_something_else() {
        let since = day("2026-11-24");
        let stands = |part, said: &str, instead_of: &str| Stands {
            id: 1,
            part,
            said: said.to_owned(),
            instead_of: instead_of.to_owned(),
            since,
        };
        let name = stands(CorrectedPart::Name, "High Street Shop", "SHOP 2");
        let (before, after) = (day("2026-11-24"), day("2026-11-25"));
        assert_eq!(name.against("Shop 2", before), Verdict::Held);
        assert_eq!(name.against("Shop 2", after), Verdict::Held);
        assert_eq!(name.against("Shop 3", before), Verdict::Held);
        assert_eq!(name.against("Shop 3", after), Verdict::Done);
        assert_eq!(name.against("High Street Shop", before), Verdict::Agrees);
        assert_eq!(name.against("High Street Shop", after), Verdict::Done);
        let letters = stands(CorrectedPart::Name, "McShop", "MCSHOP");
        assert_eq!(letters.against("MCSHOP", after), Verdict::Held);
        assert_eq!(letters.against("Mcshop", after), Verdict::Done);
        let closed = stands(CorrectedPart::Closing, "2026-11-24", "");
        assert_eq!(closed.against("", after), Verdict::Held);
        assert_eq!(closed.against("2026-11-01", after), Verdict::Done);
    }
}
