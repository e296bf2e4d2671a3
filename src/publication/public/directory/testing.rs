//! Organisations for the tests of the list.

use std::collections::BTreeMap;

use super::{Directory, Gathering};
use crate::platform::ids::OrganisationId;
use crate::publication::bundle::Districts;
use crate::publication::record::Record;
use crate::publication::store::HistoryLine;
use crate::standards::SectorKey;
use crate::standards::scoring::GradeKey;

/// Lines of a release with everybody's history, as a list.
pub(super) fn directory_of(
    records: &[Record],
    history: Vec<HistoryLine>,
    regions: BTreeMap<String, String>,
) -> Directory {
    let mut gathered = Gathering::begin(regions, Districts::default());
    gathered.add(records, history, &BTreeMap::new()).unwrap();
    gathered.finish().unwrap()
}

/// One organisation with everything that a line of a release says.
pub(super) fn record(n: i64, code: &str, name: &str, sector: &str) -> Record {
    Record {
        organisation: OrganisationId::new(n),
        code: code.into(),
        name: name.into(),
        sector: SectorKey::new(sector).unwrap(),
        region: (n % 2 == 0).then(|| "Y56".to_owned()),
        grade: GradeKey::StandardsMet,
        label: "Standards Met".into(),
        edition: "21/22".into(),
        published_on: "2022-06-30".parse().ok(),
        late: false,
        provisional: n == 3,
        challengeable: n == 4,
        standing: if n == 1 { GradeKey::NotPublished } else { GradeKey::StandardsMet },
        inherited_from: None,
        filed_by: None,
    }
}
