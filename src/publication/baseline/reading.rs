//! What the pages of baselining read, each in one go and after the permit to read it.

use super::draw::allotment;
use super::figures::{PointsOf, Responses};
use super::model::DrawnStratum;
use super::pages::Scene;
use super::{store, tables};
use crate::collections::{self, Collection};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::publication::document::MeasureEntry;
use crate::publication::pages::{FigureView, figure_of_measures};
use crate::publication::store::{collection_lines, region_names};
use crate::standing;
use crate::statistics::disclosure::DisclosureRules;

/// The collection of this key.
pub(super) fn found(conn: &mut Conn, year: &str) -> Result<Collection> {
    collections::collection_by_key(conn, year)?.ok_or(Error::NotFound)
}

/// A collection's sample as it stands.
pub(super) fn gathered(conn: &mut Conn, year: &str) -> Result<Scene> {
    let collection = found(conn, year)?;
    let plan = store::plan(conn, collection.id)?;
    let drawn = store::drawn(conn, collection.id)?;
    let mut problem = String::new();
    let mut figures = Vec::new();
    let strata = match (&drawn, &plan) {
        (Some(drawn), _) => {
            if collection.state != collections::CollectionState::Planned {
                figures = estimated(conn, &collection.key, drawn)?;
            }
            drawn.strata()?
        }
        (None, Some((plan, _))) => match allotment(conn, collection.id, plan) {
            Ok(found) => found.strata,
            Err(Error::Refused(text)) => {
                problem = text;
                Vec::<DrawnStratum>::new()
            }
            Err(other) => return Err(other),
        },
        (None, None) => Vec::new(),
    };
    let drawn_at = drawn.map(|drawn| drawn.drawn_at.london_words());
    Ok(Scene { collection, plan, strata, problem, drawn_at, figures })
}

/// Response and estimates as they stand now.
fn estimated(conn: &mut Conn, key: &str, drawn: &store::Drawn) -> Result<Vec<FigureView>> {
    let lines = collection_lines(conn, key)?;
    let regions = region_names(conn)?;
    let points: PointsOf = lines
        .answered
        .iter()
        .filter_map(|one| Some((one.organisation, standing::points(&one.levels, lines.edition.scheme())?)))
        .collect();
    let of = Responses::of(drawn, &lines.records)?;
    let population = format!("collection:{key}");
    let rules = DisclosureRules::default();
    let [share, mean] = tables::estimates(&population, &of, &lines.records, &regions, &points, &rules)?;
    let entry = |name: &str, table| MeasureEntry { name: name.to_owned(), about: String::new(), table };
    let all = [
        entry("baseline-response", tables::response(&population, drawn, &of)?),
        entry("baseline-meeting", share),
        entry("baseline-points", mean),
    ];
    Ok(all.iter().map(|entry| figure_of_measures(entry, "")).collect())
}
