//! What of the queue is wanted and in which order, read from an address. What cannot be read is left aside: an old
//! bookmark still shows a queue.

use serde::{Deserialize, Serialize};

use crate::platform::ids::{CollectionId, OrganisationId, PersonId};
use crate::review::model::ReviewState;
use crate::review::risk::{Band, Bands};

/// The longest text that is searched for, in characters.
const SEARCH_LIMIT: usize = 100;

/// What an address asks for, as raw text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub(in crate::review) struct QueueForm {
    /// Part of an organisation's name or code.
    pub search: String,
    /// A state, `open` (the default) or `all`.
    pub state: String,
    /// A sector key; empty for every sector.
    pub sector: String,
    /// A region code; empty for every region.
    pub region: String,
    /// A collection key, `all`, or empty for the newest.
    pub collection: String,
    /// A grade key; empty for every grade.
    pub grade: String,
    /// `mine`, `unclaimed`, a person's number, or empty for everybody's.
    pub whose: String,
    /// `yes` for overdue ones only.
    pub overdue: String,
    /// A band of risk; empty for every one.
    pub risk: String,
    /// `due` (the default), `risk`, `age`, `organisation` or `queued`.
    pub sort: String,
    /// `asc` or `desc`; empty for the order that puts first what to look at first.
    pub order: String,
    /// The page, from 1.
    pub page: String,
    /// A saved view, whose filter is taken in place of the fields above.
    pub view: String,
}

impl QueueForm {
    /// The fields that say what is wanted: all but the page and the view.
    pub fn pairs(&self) -> Vec<(&'static str, &str)> {
        [
            ("search", self.search.trim()),
            ("state", &self.state),
            ("sector", &self.sector),
            ("region", &self.region),
            ("collection", &self.collection),
            ("grade", &self.grade),
            ("whose", &self.whose),
            ("overdue", &self.overdue),
            ("risk", &self.risk),
            ("sort", &self.sort),
            ("order", &self.order),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .collect()
    }

    /// What is wanted, as the query of an address; empty for what the queue shows by itself.
    pub fn query(&self) -> String {
        // Pairs of strings always encode.
        serde_urlencoded::to_string(self.pairs()).unwrap_or_default()
    }

    /// What a stored query says.
    pub fn from_query(query: &str) -> Self {
        serde_urlencoded::from_str(query).unwrap_or_default()
    }

    /// An address below `/reviews` with this filter and more.
    pub fn address(&self, path: &str, more: &[(&str, String)]) -> String {
        let mut pairs: Vec<(&str, &str)> = self.pairs();
        pairs.extend(more.iter().filter(|(_, value)| !value.is_empty()).map(|(n, v)| (*n, v.as_str())));
        let query = serde_urlencoded::to_string(pairs).unwrap_or_default();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }
}

/// Whose reviews are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::review) enum Whose {
    /// Everybody's.
    #[default]
    All,
    /// One reviewer's.
    Of(PersonId),
    /// Nobody's yet.
    Unclaimed,
}

/// What the list is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::review) enum Sort {
    /// When it is due, soonest first.
    #[default]
    Due,
    /// Its risk, highest first.
    Risk,
    /// How much of its time is used up, most first.
    Age,
    /// The organisation's name.
    Organisation,
    /// When it joined the queue, first come first.
    Queued,
}

impl Sort {
    pub const ALL: [Self; 5] = [Self::Due, Self::Risk, Self::Age, Self::Organisation, Self::Queued];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Risk => "risk",
            Self::Age => "age",
            Self::Organisation => "organisation",
            Self::Queued => "queued",
        }
    }

    pub const fn words(self) -> &'static str {
        match self {
            Self::Due => "When it is due",
            Self::Risk => "Risk",
            Self::Age => "Working days used",
            Self::Organisation => "Organisation",
            Self::Queued => "When it came in",
        }
    }

    /// Whether what comes first by itself is the greatest figure.
    pub const fn falls(self) -> bool {
        matches!(self, Self::Risk | Self::Age)
    }
}

/// What is listed.
#[derive(Debug, Clone, Default)]
pub(in crate::review) struct Filter {
    /// In one collection only.
    pub collection: Option<CollectionId>,
    /// In these states only.
    pub states: Vec<ReviewState>,
    /// Of one sector only.
    pub sector: Option<String>,
    /// Of one region only.
    pub region: Option<String>,
    /// Claiming one grade only.
    pub grade: Option<String>,
    /// Whose.
    pub whose: Whose,
    /// Overdue ones only.
    pub overdue: bool,
    /// Of one band of risk only: the scores from the first on and below the second.
    pub risks: Option<(i64, i64)>,
    /// Of organisations with this in their name or code, in lower case.
    pub search: Option<String>,
    /// In this order.
    pub sort: Sort,
    /// From the greatest down.
    pub descending: bool,
    /// The page, from 1.
    pub page: usize,
    /// Of other organisations only: whoever asks has an interest in these.
    pub without: Vec<OrganisationId>,
}

impl Filter {
    /// What a form asks for; `collections` are those that have reviews (number and key), newest first.
    pub fn read(
        form: &QueueForm,
        collections: &[(CollectionId, String, String)],
        bands: Bands,
        me: PersonId,
    ) -> Self {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let chosen = collections.iter().find(|(_, key, _)| *key == form.collection);
        let collection =
            if form.collection == "all" { None } else { chosen.or(collections.first()).map(|(id, ..)| *id) };
        let states = match form.state.as_str() {
            "all" => ReviewState::ALL.to_vec(),
            text => text.parse().map_or_else(|_| ReviewState::OPEN.to_vec(), |state| vec![state]),
        };
        let sort = Sort::ALL.into_iter().find(|sort| sort.key() == form.sort).unwrap_or_default();
        Self {
            collection,
            states,
            sector: some(&form.sector),
            region: some(&form.region),
            grade: some(&form.grade),
            whose: match form.whose.as_str() {
                "mine" => Whose::Of(me),
                "unclaimed" => Whose::Unclaimed,
                text => text.parse().map_or(Whose::All, |id| Whose::Of(PersonId::new(id))),
            },
            overdue: form.overdue == "yes",
            risks: Band::ALL.into_iter().find(|band| band.key() == form.risk).map(|band| bands.of(band)),
            search: searched(&form.search),
            sort,
            descending: match form.order.as_str() {
                "asc" => false,
                "desc" => true,
                _ => sort.falls(),
            },
            page: form.page.parse().unwrap_or(1).max(1),
            without: Vec::new(),
        }
    }
}

/// A search as names are kept: in lower case, without outer spaces and line breaks. It is compared letter by letter, so
/// no sign in it means anything else than itself.
fn searched(text: &str) -> Option<String> {
    let text: String = text.trim().chars().take(SEARCH_LIMIT).filter(|c| !c.is_control()).collect();
    (!text.is_empty()).then(|| text.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BANDS: Bands = Bands { medium: 200, high: 500 };

    #[test]
    fn what_cannot_be_read_is_left_aside() {
        let form = QueueForm {
            sort: "nonsense".to_owned(),
            page: "0".to_owned(),
            whose: "nobody in particular".to_owned(),
            risk: "dreadful".to_owned(),
            order: "sideways".to_owned(),
            state: "lost".to_owned(),
            ..QueueForm::default()
        };
        let filter = Filter::read(&form, &[], BANDS, PersonId::new(7));
        assert_eq!((filter.sort, filter.page, filter.whose), (Sort::Due, 1, Whose::All));
        assert_eq!((filter.risks, filter.descending, filter.collection), (None, false, None));
        assert_eq!(filter.states, ReviewState::OPEN);
    }

    #[test]
    fn what_is_asked_for_is_read_and_written_alike() {
        let form = QueueForm {
            search: " %_'`& ".to_owned(),
            whose: "12".to_owned(),
            sort: "risk".to_owned(),
            page: "9".to_owned(),
            risk: "medium".to_owned(),
            ..QueueForm::default()
        };
        let again = QueueForm::from_query(&form.query());
        assert_eq!((again.search.as_str(), again.whose.as_str(), again.page.as_str()), ("%_'`&", "12", ""));
        let filter = Filter::read(&form, &[], BANDS, PersonId::new(7));
        assert_eq!((filter.search.as_deref(), filter.risks), (Some("%_'`&"), Some((200, 500))));
        assert_eq!((filter.whose, filter.descending), (Whose::Of(PersonId::new(12)), true));
        assert_eq!(form.address("/reviews", &[("page", "2".to_owned())]).matches("page=").count(), 1);
        assert_eq!(QueueForm::default().address("/reviews", &[]), "/reviews");
    }
}
