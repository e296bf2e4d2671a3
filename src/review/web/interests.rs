//! One's own declared interests and former employers.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::{central, limited};
use crate::access::{Actor, DeclareInterest, EndInterest, Permit, RecordEmployer, Subject};
use crate::identity::{self, Central, Posted, employer_months};
use crate::ledger::Recorded;
use crate::platform::clock::Day;
use crate::platform::db::{Reach, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Fields, Once, Portal, TypedDay, page, page_with_status, see_other_with_news};
use crate::platform::ids::{EmployerId, InterestId, PersonId};
use crate::platform::pages::FormErrors;
use crate::review::interest::{
    NewEmployer, declare_interest, employer_must_stand, employers_of, end_interest, interest_must_stand,
    interests_of, record_employer, remove_employer,
};
use crate::review::mail::Links;
use crate::review::pages::{Declared, EndInterestPage, InterestsPage, TypedInterest};

/// The longest reason, in characters.
const REASON_LIMIT: usize = 1000;

/// The page that all of it stands on.
const HERE: &str = "/reviews/interests";

/// `GET /reviews/interests`.
pub(super) async fn list(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
) -> Result<HttpResponse> {
    let of = declared_by(&portal, central.by.person).await?;
    page(&request, &InterestsPage::new(&of, &TypedInterest::default(), &FormErrors::new()))
}

async fn declared_by(portal: &Portal, me: PersonId) -> Result<Declared> {
    portal
        .db
        .read(Reach::nobodys(), move |conn| {
            Ok(Declared {
                interests: interests_of(conn, me)?,
                employers: employers_of(conn, me)?,
                months: employer_months(conn)?,
            })
        })
        .await
}

async fn refused(
    request: &HttpRequest,
    portal: &Portal,
    me: PersonId,
    fields: Fields,
    errors: &FormErrors,
) -> Result<HttpResponse> {
    let typed =
        TypedInterest { from: TypedDay::read(&fields, "from"), to: TypedDay::read(&fields, "to"), fields };
    let of = declared_by(portal, me).await?;
    page_with_status(request, StatusCode::UNPROCESSABLE_ENTITY, &InterestsPage::new(&of, &typed, errors))
}

/// What became of reviews in hand, in words.
fn words(given_back: usize) -> String {
    match given_back {
        0 => "You cannot review this organisation from now on.".to_owned(),
        1 => "You cannot review this organisation from now on. The review that you had in hand went back."
            .to_owned(),
        many => format!(
            "You cannot review this organisation from now on. {many} reviews that you had in hand went back."
        ),
    }
}

/// `POST /reviews/interests`.
pub(super) async fn declare(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
) -> Result<HttpResponse> {
    let me = posted.by.person;
    let (actor, fields) = central(posted)?;
    let code = fields.text("organisation").to_uppercase();
    let reason = fields.text("reason");
    let mut errors = FormErrors::new();
    if code.is_empty() {
        errors.add("organisation", "Enter the code of an organisation");
    }
    if reason.is_empty() {
        errors.add("reason", "Say what your interest is");
    }
    limited(&reason, REASON_LIMIT, "reason", "The interest", &mut errors);
    if errors.is_empty() {
        let once = Once::of(me, HERE, &fields, HERE)?;
        match declared(&portal, actor, (code, reason), once).await {
            Ok(given_back) => {
                return Ok(see_other_with_news(HERE, "Interest declared", &words(given_back)));
            }
            Err(Error::Invalid(found)) => errors = FormErrors::found(&found, &[]),
            Err(error) => return Err(error),
        }
    }
    refused(&request, &portal, me, fields, &errors).await
}

async fn declared(
    portal: &Portal,
    actor: Actor,
    (code, reason): (String, String),
    once: Once,
) -> Result<usize> {
    let links = Links::below(portal.config.public_url());
    portal
        .db
        .write(actor.central_reach()?, move |tx| {
            once.begin(tx)?;
            let permit = Permit::<DeclareInterest>::grant(&actor, Some(Subject::programme()))?;
            let organisation = identity::organisation_named(tx.conn(), &code)?
                .ok_or_else(|| Error::field("organisation", "There is no organisation with this code"))?;
            declare_interest(tx, &permit, organisation, &reason, &links)
        })
        .await
}

/// `POST /reviews/interests/employers`.
pub(super) async fn employer(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
) -> Result<HttpResponse> {
    let me = posted.by.person;
    let (actor, fields) = central(posted)?;
    let code = fields.text("employer").to_uppercase();
    let mut errors = FormErrors::new();
    if code.is_empty() {
        errors.add("employer", "Enter the code of an organisation");
    }
    let from = TypedDay::read(&fields, "from").parse("from", "of your first day there", &mut errors);
    let last = TypedDay::read(&fields, "to");
    let to = if last.is_blank() { None } else { last.parse("to", "of your last day there", &mut errors) };
    if let (Some(from), true) = (from, errors.is_empty()) {
        let once = Once::of(me, "/reviews/interests/employers", &fields, HERE)?;
        match recorded(&portal, actor, (code, from, to), once).await {
            Ok(given_back) => {
                let text = match given_back {
                    0 => "It bars as this page says.".to_owned(),
                    many => words(many),
                };
                return Ok(see_other_with_news(HERE, "Employer recorded", &text));
            }
            Err(Error::Invalid(found)) => {
                errors = FormErrors::found(&found, &[("from", "from-day"), ("to", "to-day")]);
            }
            Err(error) => return Err(error),
        }
    }
    refused(&request, &portal, me, fields, &errors).await
}

async fn recorded(
    portal: &Portal,
    actor: Actor,
    (code, from, to): (String, Day, Option<Day>),
    once: Once,
) -> Result<usize> {
    let links = Links::below(portal.config.public_url());
    portal
        .db
        .write(actor.central_reach()?, move |tx| {
            once.begin(tx)?;
            let permit = Permit::<RecordEmployer>::grant(&actor, Some(Subject::programme()))?;
            let organisation = identity::organisation_named(tx.conn(), &code)?
                .ok_or_else(|| Error::field("employer", "There is no organisation with this code"))?;
            record_employer(tx, &permit, &NewEmployer { organisation, from, to }, &links)
        })
        .await
}

const END: &str = "End a declared interest";
const TAKE_BACK: &str = "Take back the record of an employer";

/// That the interest is the person's own and has not ended; nobody is asked why of anything else.
async fn interest_stands(portal: &Portal, me: PersonId, id: InterestId) -> Result<()> {
    portal.db.read(Reach::nobodys(), move |conn| interest_must_stand(conn, me, id)).await
}

/// As [`interest_stands`], of the record of an employer.
async fn employer_stands(portal: &Portal, me: PersonId, id: EmployerId) -> Result<()> {
    portal.db.read(Reach::nobodys(), move |conn| employer_must_stand(conn, me, id)).await
}

/// `GET /reviews/interests/{interest}/end`.
pub(super) async fn ask_end(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    id: Path<i64>,
) -> Result<HttpResponse> {
    interest_stands(&portal, central.by.person, InterestId::new(*id)).await?;
    page(&request, &EndInterestPage::new(END, &format!("{HERE}/{id}/end"), "", &FormErrors::new()))
}

/// `GET /reviews/interests/employers/{employer}/remove`.
pub(super) async fn ask_remove(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    id: Path<i64>,
) -> Result<HttpResponse> {
    employer_stands(&portal, central.by.person, EmployerId::new(*id)).await?;
    let action = format!("{HERE}/employers/{id}/remove");
    page(&request, &EndInterestPage::new(TAKE_BACK, &action, "", &FormErrors::new()))
}

/// `POST /reviews/interests/{interest}/end`.
pub(super) async fn end(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    id: Path<i64>,
) -> Result<HttpResponse> {
    let (interest, action) = (InterestId::new(*id), format!("{HERE}/{id}/end"));
    interest_stands(&portal, posted.by.person, interest).await?;
    taken_back(&request, &portal, posted, (END, &action, "Interest ended"), move |tx, actor, reason| {
        let permit = Permit::<EndInterest>::grant(actor, Some(Subject::programme()))?;
        end_interest(tx, &permit, interest, reason)
    })
    .await
}

/// `POST /reviews/interests/employers/{employer}/remove`.
pub(super) async fn remove(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    id: Path<i64>,
) -> Result<HttpResponse> {
    let (employer, action) = (EmployerId::new(*id), format!("{HERE}/employers/{id}/remove"));
    employer_stands(&portal, posted.by.person, employer).await?;
    taken_back(
        &request,
        &portal,
        posted,
        (TAKE_BACK, &action, "Record taken back"),
        move |tx, actor, reason| {
            let permit = Permit::<RecordEmployer>::grant(actor, Some(Subject::programme()))?;
            remove_employer(tx, &permit, employer, reason)
        },
    )
    .await
}

/// Takes something back for the reason that a form gives, or asks for the reason again.
async fn taken_back<T, F>(
    request: &HttpRequest,
    portal: &Portal,
    posted: Posted,
    (title, action, news): (&str, &str, &str),
    verb: F,
) -> Result<HttpResponse>
where
    T: Send + 'static,
    F: FnOnce(&mut Tx<'_>, &Actor, &str) -> Result<Recorded<T>> + Send + 'static,
{
    let (actor, fields) = central(posted)?;
    let reason = fields.text("reason");
    let mut errors = FormErrors::new();
    errors.require("reason", &reason, "Say why", REASON_LIMIT);
    if !errors.is_empty() {
        let content = EndInterestPage::new(title, action, &reason, &errors);
        return page_with_status(request, StatusCode::UNPROCESSABLE_ENTITY, &content);
    }
    portal.db.write(Reach::nobodys(), move |tx| verb(tx, &actor, &reason)).await?;
    Ok(see_other_with_news(HERE, news, "It bars no more from now on."))
}
