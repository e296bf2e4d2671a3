//! One correction: what it changes, what it would make of the returns, and what can be done with it.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::{Read, read};
use crate::access::{
    Action as _, DecideRuleCorrection, DiscardRuleCorrection, EditRuleCorrection, Permit, ReadRuleCorrection,
};
use crate::corrections::listing::groups;
use crate::corrections::model::Run;
use crate::corrections::notices::releases_of;
use crate::corrections::pages::{CorrectionPage, May};
use crate::identity::Central;
use crate::platform::error::Result;
use crate::platform::http::{Portal, page_with_status};
use crate::platform::pages::FormErrors;

/// `GET /standards/{edition}/corrections/{number}`.
pub(super) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    path: Path<(String, String)>,
) -> Result<HttpResponse> {
    let (key, number) = path.into_inner();
    let found = read(&portal, &central, &key, &number).await?;
    shown(&request, &portal, &central, &found, ("", StatusCode::OK, &FormErrors::new())).await
}

/// The page, with what is wrong and what was typed.
pub(super) async fn shown(
    request: &HttpRequest,
    portal: &Portal,
    central: &Central,
    found: &Read,
    (typed, status, errors): (&str, StatusCode, &FormErrors),
) -> Result<HttpResponse> {
    let (actor, subject) = (&central.by.actor, found.correction.subject());
    Permit::<ReadRuleCorrection>::grant(actor, Some(subject.clone()))?;
    let is_author = central.by.person == found.correction.drafted_by;
    let may = May {
        edit: is_author && EditRuleCorrection::ROW.allows(actor, &subject).is_ok(),
        discard: DiscardRuleCorrection::ROW.allows(actor, &subject).is_ok(),
        decide: !is_author && DecideRuleCorrection::ROW.allows(actor, &subject).is_ok(),
        is_author,
    };
    let (id, edition) = (found.correction.id, found.correction.edition);
    let run = if found.correction.state.was_in_force() { Run::Result } else { Run::Preview };
    let (groups, releases) = portal
        .db
        .read(central.reach, move |conn| Ok((groups(conn, id, run)?, releases_of(conn, edition)?)))
        .await?;
    let content = CorrectionPage::new(
        &found.correction,
        (&found.before, &found.after),
        &groups,
        &releases,
        may,
        (typed, errors),
    );
    page_with_status(request, status, &content)
}
