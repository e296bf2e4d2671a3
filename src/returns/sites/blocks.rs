//! What still blocks a return that covers sites, site by site: what the head office is not asked itself, and answers of
//! their own that are not complete.

use std::collections::{BTreeSet, HashMap};

use super::arrangement::{Arrangement, Askings};
use super::exception_href;
use super::model::{Entry, Exception};
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::AnswerId;
use crate::platform::pages::{Aside, Link};
use crate::returns::model::{AnswerState, SiteBlock, Standing, StoredAnswer};
use crate::returns::readiness::{Attachment as _, Line, lines, read_value, standing};
use crate::returns::store::{self as returns, Found};
use crate::standards::Asked;

/// What is listed beside a page; the rest is behind one link.
const BESIDE: usize = 5;

/// Everything that blocks, by site and then in edition order. What blocks the head office's own return is not said again
/// for each site.
pub(super) fn blocks(
    found: &Found,
    lines: &[Line<'_>],
    arrangement: &Arrangement,
    now: Timestamp,
) -> Result<Vec<SiteBlock>> {
    let by_site = arrangement.by_site();
    let mut askings = Askings::new(&found.edition);
    let mut wanting: HashMap<(String, String), Vec<usize>> = HashMap::new();
    let mut found_blocks = Vec::new();
    for entry in arrangement.included() {
        let asked = askings.of(&entry.sector, &entry.profile)?;
        let key = (entry.sector.clone(), entry.profile.clone());
        let wanted = wanting.entry(key).or_insert_with(|| gaps(lines, asked));
        let mut answered = BTreeSet::new();
        let mut reasons: Vec<(usize, String)> = Vec::new();
        for exception in by_site.get(&entry.id).into_iter().flatten() {
            let Some(position) = found.edition.position_of(exception.requirement) else { continue };
            let counts = asked.get(position).copied().unwrap_or(Asked::NotAsked);
            if counts == Asked::NotAsked {
                continue;
            }
            answered.insert(position);
            let Some(line) = lines.get(position) else { continue };
            if let Some(reason) = fault(line, exception, counts, arrangement, now)? {
                reasons.push((position, reason.to_owned()));
            }
        }
        for position in wanted.iter().filter(|position| !answered.contains(position)) {
            reasons.push((*position, words_of_gap(lines.get(*position)).to_owned()));
        }
        reasons.sort();
        for (position, reason) in reasons {
            found_blocks.push(block(found, entry, lines, position, reason)?);
        }
    }
    Ok(found_blocks)
}

/// What sites of one sector are asked and the head office neither answers nor has to.
fn gaps(lines: &[Line<'_>], asked: &[Asked]) -> Vec<usize> {
    let both = lines.iter().zip(asked).enumerate();
    both.filter(|(_, (line, asked))| {
        **asked == Asked::Mandatory && line.asked != Asked::Mandatory && !line.is_settled()
    })
    .map(|(position, _)| position)
    .collect()
}

fn words_of_gap(line: Option<&Line<'_>>) -> &'static str {
    match line {
        Some(line) if line.asked == Asked::NotAsked => {
            "Your head office is not asked this, so the site needs an answer of its own."
        }
        _ => "It is optional for your head office and has no answer, but the site must answer it.",
    }
}

/// What is wrong with an answer of a site's own at this moment.
fn fault(
    line: &Line<'_>,
    exception: &Exception,
    asked: Asked,
    arrangement: &Arrangement,
    now: Timestamp,
) -> Result<Option<&'static str>> {
    let files = arrangement.files_of(exception.id);
    let worst = files.iter().map(|file| file.fault(now.london_day())).max().unwrap_or_default();
    let answer = StoredAnswer {
        id: AnswerId::new(exception.id.get()),
        requirement: exception.requirement,
        value: exception.value.clone(),
        comment: exception.comment.clone(),
        state: AnswerState::Confirmed,
        version: exception.version,
        carried_from: None,
        updated_at: exception.updated_at,
        updated_by: exception.updated_by,
    };
    let own = Line {
        requirement: line.requirement,
        id: line.id,
        asked,
        answer: Some(&answer),
        value: read_value(line.requirement, &exception.value)?,
        files: files.len(),
        excuse: None,
        fault: worst,
        evident: false,
    };
    Ok(own.reason())
}

fn block(
    found: &Found,
    entry: &Entry,
    lines: &[Line<'_>],
    position: usize,
    reason: String,
) -> Result<SiteBlock> {
    let line = lines.get(position).ok_or_else(|| Error::broken("a requirement has no place"))?;
    let requirement = line.requirement.code.to_string();
    Ok(SiteBlock {
        code: entry.code.clone(),
        name: entry.name.clone(),
        href: exception_href(&found.code, &found.collection.key, &entry.code, &requirement),
        requirement,
        reason,
    })
}

/// What blocks the sites of a return as it is stored now; none where it covers none.
fn site_blocks(
    conn: &mut Conn,
    found: &Found,
    lines: &[Line<'_>],
    now: Timestamp,
) -> Result<Option<Vec<SiteBlock>>> {
    Arrangement::load(conn, found, now)?.map(|of| blocks(found, lines, &of, now)).transpose()
}

/// Where the return stands now, with what its sites still need: exactly what keeps it from being marked ready.
///
/// # Errors
/// When the database cannot be asked, or something stored cannot be read.
pub fn whole_standing(
    conn: &mut Conn,
    found: &Found,
    lines: &[Line<'_>],
    now: Timestamp,
) -> Result<Standing> {
    Ok(Standing { sites: site_blocks(conn, found, lines, now)?, ..standing(found, lines, now) })
}

/// Refuses a return in which something still blocks a site.
pub(in crate::returns) fn sites_must_be_settled(
    conn: &mut Conn,
    found: &Found,
    lines: &[Line<'_>],
    now: Timestamp,
) -> Result<()> {
    let blocks = site_blocks(conn, found, lines, now)?.unwrap_or_default();
    let Some(first) = blocks.first() else { return Ok(()) };
    Err(Error::Refused(format!(
        "The return is not ready: {} still to be given for your sites, the first of them {} for {} ({}).",
        super::arrangement::counted(blocks.len(), "answer is", "answers are"),
        first.requirement,
        first.name,
        first.code
    )))
}

/// What blocks the sites, as it stands beside a page of a return in which nothing else blocks; none where nothing does.
pub(in crate::returns) fn aside(conn: &mut Conn, found: &Found, now: Timestamp) -> Result<Option<Aside>> {
    let Some(arrangement) = Arrangement::load(conn, found, now)? else { return Ok(None) };
    let (answers, files) = (returns::answers(conn, found.id)?, returns::held(conn, found.id)?);
    let all = blocks(found, &lines(found, &answers, &files, now)?, &arrangement, now)?;
    if all.is_empty() {
        return Ok(None);
    }
    let link = |block: &SiteBlock| {
        Link::new(format!("{} for {} ({})", block.requirement, block.name, block.code), block.href.clone())
    };
    let href = super::sites_href(&found.code, &found.collection.key);
    Ok(Some(Aside {
        summary: format!(
            "{} still to be given for your sites",
            super::arrangement::counted(all.len(), "answer is", "answers are")
        ),
        links: all.iter().take(BESIDE).map(link).collect(),
        more: Link::new(format!("All {}, by site", all.len()), href),
    }))
}
