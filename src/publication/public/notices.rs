//! What the public site says of corrections of rules: the list of notices, each notice, and which published figures and
//! grades are revised by them.

use std::collections::BTreeMap;

use super::Issued;
use crate::corrections::{Notice, RevisedGrade};
use crate::platform::error::{Error, Result};
use crate::platform::pages::Link;
use crate::platform::pages::words::number;
use crate::publication::classes::{self, table_fault};
use crate::publication::pages::{NoticeCount, NoticePage, NoticeRow, NoticeRule, NoticesPage, Revision};
use crate::publication::release::Source;
use crate::standards::scoring::GradeKey;
use crate::statistics::CrossTable;
use crate::statistics::disclosure::{DisclosureRules, Sensitivity, protect};

/// Where the notices are.
pub(super) const NOTICES: &str = "/public/corrections";

/// The address of a notice.
pub(super) fn address(notice: &Notice) -> String {
    format!("{NOTICES}/{}", notice.id)
}

fn title(notice: &Notice) -> String {
    format!("Correction {} of the rules of {}", notice.number, notice.edition_name)
}

/// A notice as a link.
pub(super) fn link(notice: &Notice) -> Link {
    Link::new(title(notice), address(notice))
}

/// The list.
pub(super) fn list(notices: &[Notice]) -> NoticesPage {
    let row = |notice: &Notice| NoticeRow {
        title: title(notice),
        href: address(notice),
        since: notice.since.micros(),
    };
    NoticesPage { notices: notices.iter().map(row).collect() }
}

/// Whether a release rests on rules that this notice corrects.
fn revises(notice: &Notice, (release, document): &Issued) -> bool {
    matches!(release.source, Source::Collection(_))
        && release.as_at < notice.since
        && notice.collections.contains(&document.source.key)
}

/// The notices that revise a release, as links.
pub(super) fn of_release(notices: &[Notice], issued: &Issued) -> Vec<Link> {
    notices.iter().filter(|notice| revises(notice, issued)).map(link).collect()
}

/// One notice.
///
/// # Errors
/// When its counts cannot be protected.
pub(super) fn page(notice: &Notice, issued: &[Issued], rules: &DisclosureRules) -> Result<NoticePage> {
    let (counts, withheld) = counts(notice, rules)?;
    let rule = |one: &crate::standards::correcting::RuleDifference| NoticeRule {
        about: one.about.clone(),
        before: one.before.clone(),
        after: one.after.clone(),
    };
    Ok(NoticePage {
        heading: title(notice),
        since: notice.since.micros(),
        old_rules: notice.earlier_rule_set.clone(),
        new_rules: notice.rule_set.clone(),
        reason: notice.reason.clone(),
        rules: notice.differences.iter().map(rule).collect(),
        counts,
        withheld,
        releases: issued
            .iter()
            .filter(|one| revises(notice, one))
            .map(|(release, _)| Link::new(release.title.clone(), release.address()))
            .collect(),
    })
}

/// Organisations by old and new grade, with the rule for small groups applied: what is withheld cannot be worked out from
/// the rest.
fn counts(notice: &Notice, rules: &DisclosureRules) -> Result<(Vec<NoticeCount>, bool)> {
    let mut all: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for group in &notice.groups {
        *all.entry((&group.old, &group.new)).or_default() += u64::try_from(group.count).unwrap_or_default();
    }
    let keys: Vec<GradeKey> = GradeKey::ALL
        .into_iter()
        .filter(|grade| all.keys().any(|(old, new)| *old == grade.as_str() || *new == grade.as_str()))
        .collect();
    if keys.is_empty() {
        return Ok((Vec::new(), false));
    }
    let (earlier, now) = (classes::earlier_grades(&keys)?, classes::grades(&keys)?);
    let cells = keys
        .iter()
        .flat_map(|old| keys.iter().map(move |new| (old.as_str(), new.as_str())))
        .map(|pair| all.get(&pair).copied().unwrap_or_default())
        .collect();
    let population = format!("correction:{}", notice.id);
    let table = CrossTable::from_counts(population, earlier, now, cells).map_err(table_fault)?;
    let shown = protect(table, Sensitivity::Security, rules)
        .map_err(|e| Error::internal("failed to protect the counts of a correction", e))?
        .published();
    let mut rows = Vec::new();
    let mut withheld = false;
    for (r, old) in keys.iter().enumerate() {
        for (c, new) in keys.iter().enumerate() {
            let count = match shown.at(r, c) {
                Some(0) => continue,
                Some(count) => number(i128::from(count)),
                None => {
                    withheld = true;
                    "withheld".to_owned()
                }
            };
            rows.push(NoticeCount { old: old.label().to_owned(), new: new.label().to_owned(), count });
        }
    }
    Ok((rows, withheld))
}

/// How a published grade was revised, as its page says it.
pub(super) fn revision(of: &RevisedGrade) -> Revision {
    let words =
        |key: &str| GradeKey::parse(key).map_or_else(|| key.to_owned(), |grade| grade.label().to_owned());
    Revision { old: words(&of.old), new: words(&of.new), href: format!("{NOTICES}/{}", of.notice) }
}
