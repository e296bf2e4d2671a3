//! Absences: one's own, and ending any that one may.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::chosen_person;
use crate::access::{Actor, Permit, ReadAllocation, RecordAbsence, Subject};
use crate::identity::{Central, Posted};
use crate::platform::db::Reach;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Fields, Once, Portal, TypedDay, page_with_status, see_other_with_news};
use crate::platform::ids::{AbsenceId, PersonId};
use crate::platform::pages::FormErrors;
use crate::review::allocation::absence::{NewAbsence, end_absence, record_absence};
use crate::review::allocation::pages::{AbsencesPage, Typed};
use crate::review::allocation::reading;

/// `GET /reviews/absences`.
pub(super) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
) -> Result<HttpResponse> {
    let (typed, errors) = (Typed::default(), FormErrors::new());
    own(&request, &portal, (&central.by.actor, central.by.person), &typed, (StatusCode::OK, &errors)).await
}

async fn own(
    request: &HttpRequest,
    portal: &Portal,
    (actor, me): (&Actor, PersonId),
    typed: &Typed,
    (status, errors): (StatusCode, &FormErrors),
) -> Result<HttpResponse> {
    let day = portal.clock.now().london_day();
    // How much the others have in hand is counted over everybody's reviews.
    let reach = actor.central_reach()?;
    let (absences, others) = portal.db.read(reach, move |conn| reading::own_absences(conn, me, day)).await?;
    page_with_status(request, status, &AbsencesPage::new(&absences, &others, typed, errors))
}

/// `POST /reviews/absences`.
pub(super) async fn record(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
) -> Result<HttpResponse> {
    let Posted { by, fields } = posted;
    let me = by.person;
    let actor = Central::of(by)?.by.actor;
    let once = Once::of(me, "/reviews/absences", &fields, "/reviews/absences")?;
    match recorded(&portal, &actor, (me, &fields), once).await? {
        Ok(()) => {
            let text = "No review is given to you while you are away.";
            Ok(see_other_with_news("/reviews/absences", "Absence recorded", text))
        }
        Err(errors) => {
            let typed =
                Typed { from: TypedDay::read(&fields, "from"), to: TypedDay::read(&fields, "to"), fields };
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            own(&request, &portal, (&actor, me), &typed, (status, &errors)).await
        }
    }
}

/// Records what an absence form says of a person; the inner `Err` holds what is wrong in the form.
pub(super) async fn recorded(
    portal: &Portal,
    actor: &Actor,
    (whose, fields): (PersonId, &Fields),
    once: Once,
) -> Result<Result<(), FormErrors>> {
    Permit::<RecordAbsence>::grant(actor, Some(Subject::programme()))?;
    let mut errors = FormErrors::new();
    let from = TypedDay::read(fields, "from").parse("from", "of the first day away", &mut errors);
    let to = TypedDay::read(fields, "to").parse("to", "of the last day away", &mut errors);
    let cover = chosen_person(fields, "cover")?;
    let (from, to) = match errors.into_result(from.zip(to)) {
        Ok(days) => days,
        Err(errors) => return Ok(Err(errors)),
    };
    let who = actor.clone();
    let recorded = portal
        .db
        .write(Reach::nobodys(), move |tx| {
            once.begin(tx)?;
            let permit = Permit::<RecordAbsence>::grant(&who, Some(Subject::programme()))?;
            record_absence(tx, &permit, &NewAbsence { whose, from, to, cover })
        })
        .await;
    match recorded {
        Ok(_) => Ok(Ok(())),
        Err(Error::Invalid(found)) => {
            Ok(Err(FormErrors::found(&found, &[("from", "from-day"), ("to", "to-day")])))
        }
        Err(error) => Err(error),
    }
}

/// `POST /reviews/absences/{absence}/end`.
pub(super) async fn end(portal: Data<Portal>, posted: Posted, id: Path<i64>) -> Result<HttpResponse> {
    let me = posted.by.person;
    let actor = Central::of(posted.by)?.by.actor;
    let (id, who) = (AbsenceId::new(*id), actor.clone());
    let whose = portal
        .db
        .write(Reach::nobodys(), move |tx| {
            let permit = Permit::<RecordAbsence>::grant(&who, Some(Subject::programme()))?;
            end_absence(tx, &permit, id)
        })
        .await?;
    let manages = Permit::<ReadAllocation>::grant(&actor, Some(Subject::programme())).is_ok();
    let to = if manages && whose != me {
        format!("/reviews/allocation/people/{whose}")
    } else {
        "/reviews/absences".to_owned()
    };
    Ok(see_other_with_news(&to, "Absence ended", "Reviews can be given out again from now on."))
}
