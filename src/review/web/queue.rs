//! The queue of reviews.

use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};

use crate::identity::Central;
use crate::platform::error::Result;
use crate::platform::http::{Portal, page};
use crate::platform::ids::PersonId;
use crate::review::listing::{self, Choices, Filter, Sort, Whose};
use crate::review::model::ReviewState;
use crate::review::pages::{QueueForm, QueuePage};

/// `GET /reviews`. What the address says that cannot be read is left aside: an old bookmark still shows a queue.
pub(super) async fn list(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    form: Query<QueueForm>,
) -> Result<HttpResponse> {
    let form = form.into_inner();
    let wanted = form.clone();
    let me = central.by.person;
    let (choices, listing, shown) = portal
        .db
        .read(central.reach, move |conn| {
            let choices = listing::choices(conn)?;
            let filter = filter(&wanted, &choices, me);
            let listing = listing::list(conn, &filter)?;
            Ok((choices, listing, filter.page))
        })
        .await?;
    page(&request, &QueuePage::new(&form, &choices, &listing, shown, portal.clock.now()))
}

fn filter(form: &QueueForm, choices: &Choices, me: PersonId) -> Filter {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let chosen = choices.collections.iter().find(|(_, key, _)| *key == form.collection);
    let newest = choices.collections.first();
    let collection = if form.collection == "all" { None } else { chosen.or(newest).map(|(id, ..)| *id) };
    let states = match form.state.as_str() {
        "all" => ReviewState::ALL.to_vec(),
        text => text.parse().map_or_else(|_| ReviewState::OPEN.to_vec(), |state| vec![state]),
    };
    Filter {
        collection,
        states,
        sector: some(&form.sector),
        region: some(&form.region),
        grade: some(&form.grade),
        whose: match form.whose.as_str() {
            "mine" => Whose::Of(me),
            "unclaimed" => Whose::Unclaimed,
            _ => Whose::All,
        },
        sort: match form.sort.as_str() {
            "organisation" => Sort::Organisation,
            "queued" => Sort::Queued,
            _ => Sort::Due,
        },
        page: form.page.parse().unwrap_or(1).clamp(1, 1_000_000),
    }
}
