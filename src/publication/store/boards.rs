//! Which board's area each trust lies in, who took over from whom, postcodes and codes.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;

use crate::platform::clock::Day;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::OrganisationId;
use crate::schema::{organisation, relation};

/// Codes of the boards in whose areas trusts lie on a day. A trust without a dated relation lies where the register's own
/// column says.
pub(in crate::publication) fn boards_of_trusts(
    conn: &mut Conn,
    day: Day,
) -> Result<BTreeMap<OrganisationId, Vec<String>>> {
    let mut found: BTreeMap<OrganisationId, Vec<String>> = BTreeMap::new();
    let rows: Vec<(OrganisationId, String, Option<Day>, Option<Day>)> = relation::table
        .inner_join(organisation::table.on(organisation::id.eq(relation::organisation_id)))
        .filter(organisation::sector.eq("nhs_trust"))
        .filter(relation::kind.eq("geographic_icb"))
        .order((relation::organisation_id, relation::related_code))
        .select((relation::organisation_id, relation::related_code, relation::starts_on, relation::ends_on))
        .load(conn)?;
    for (trust, board, starts, ends) in rows {
        if starts.is_none_or(|at| at <= day) && ends.is_none_or(|at| at > day) {
            let boards = found.entry(trust).or_default();
            if boards.last() != Some(&board) {
                boards.push(board);
            }
        }
    }
    let columns: Vec<(OrganisationId, String)> = organisation::table
        .filter(organisation::sector.eq("nhs_trust"))
        .filter(organisation::icb_code.is_not_null())
        .select((organisation::id, organisation::icb_code.assume_not_null()))
        .load(conn)?;
    for (trust, board) in columns {
        found.entry(trust).or_insert_with(|| vec![board]);
    }
    Ok(found)
}

/// Who took over from each organisation that names a successor.
pub(in crate::publication) fn successors(conn: &mut Conn) -> Result<HashMap<OrganisationId, OrganisationId>> {
    Ok(organisation::table
        .filter(organisation::successor_id.is_not_null())
        .select((organisation::id, organisation::successor_id.assume_not_null()))
        .load::<(OrganisationId, OrganisationId)>(conn)?
        .into_iter()
        .collect())
}

/// Postcodes of organisations, where they are known.
pub(in crate::publication) fn postcodes(conn: &mut Conn) -> Result<HashMap<OrganisationId, String>> {
    Ok(organisation::table
        .filter(organisation::postcode.is_not_null())
        .select((organisation::id, organisation::postcode.assume_not_null()))
        .load::<(OrganisationId, String)>(conn)?
        .into_iter()
        .collect())
}

/// The code of every organisation.
pub(in crate::publication) fn codes(conn: &mut Conn) -> Result<HashMap<OrganisationId, String>> {
    Ok(organisation::table
        .select((organisation::id, organisation::code))
        .load::<(OrganisationId, String)>(conn)?
        .into_iter()
        .collect())
}
