//! The figures people ask for first, each with its denominator.

use crate::publication::document::Headline;
use crate::publication::record::Record;
use crate::standards::scoring::GradeKey;
use crate::statistics::estimators::percentage;

/// Counts the headline. `tells_lateness` is false for registers, which do not say when a deadline was.
pub fn headline(records: &[Record], current: &str, tells_lateness: bool) -> Headline {
    let count =
        |wanted: &dyn Fn(&Record) -> bool| records.iter().filter(|record| wanted(record)).count() as u64;
    let share = |part: u64, of: u64| percentage(part, of, 1).map(|percent| percent.to_string());
    let in_scope = records.len() as u64;
    let published = count(&Record::is_published);
    let meeting = count(&Record::meets);
    Headline {
        in_scope,
        published,
        published_share: share(published, in_scope),
        meeting,
        meeting_share: share(meeting, in_scope),
        older: count(&|record| record.standing == GradeKey::NotPublished && record.is_stale(current)),
        inherited: count(&|record| record.inherited_from.is_some()),
        provisional: count(&|record| record.provisional),
        challengeable: count(&|record| record.challengeable),
        late: tells_lateness.then(|| count(&|record| record.late)),
    }
}
