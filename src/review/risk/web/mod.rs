//! Risk in the browser: why a case stands where it stands, the weights, and the signals.

mod file;
mod signals;
mod weights;

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::pages::WhyPage;
use super::reading;
use crate::identity::Central;
use crate::platform::error::Result;
use crate::platform::http::{Portal, Routes, page, resource};
use crate::platform::ids::ReviewId;

/// The addresses of risk; before those of one review, whose number could stand in their place.
pub(in crate::review) fn routes(routes: &mut Routes) {
    routes
        .service(resource("/reviews/risk").name("reviews-risk").get(weights::show).post(weights::change))
        .service(resource("/reviews/signals.csv").name("reviews-signals-csv").get(signals::download))
        .service(
            resource("/reviews/signals").name("reviews-signals").get(signals::show).post(signals::record),
        )
        .service(
            resource("/reviews/signals/upload")
                .name("reviews-signals-upload")
                .get(file::form)
                .post(file::upload),
        )
        .service(
            resource("/reviews/signals/{signal}")
                .name("reviews-signal")
                .get(signals::one)
                .post(signals::remove),
        )
        .service(resource("/reviews/{id}/risk").name("reviews-why").get(why));
}

/// `GET /reviews/{id}/risk`.
async fn why(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    id: Path<i64>,
) -> Result<HttpResponse> {
    let (id, actor) = (ReviewId::new(*id), central.by.actor);
    let of = portal.db.read(central.reach, move |conn| reading::why(conn, &actor, id)).await?;
    page(&request, &WhyPage::new(&of))
}
