//! The page of downloads, and the workbooks.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::{Year, aside};
use crate::access::{FillInOffline, RestoreReturn, TakeOut};
use crate::identity::Member;
use crate::platform::clock::Timestamp;
use crate::platform::error::Result;
use crate::platform::http::{Portal, downloaded, page};
use crate::platform::pages::FormErrors;
use crate::returns::blocking;
use crate::returns::model::StoredAnswer;
use crate::returns::offline::archive::Format;
use crate::returns::offline::pages::{BringsBack, OfflinePage, Taken};
use crate::returns::offline::store::{Planned, planned};
use crate::returns::offline::{ods_out, plan_sheet, workbook_out, xlsx_out};
use crate::returns::readiness::lines;
use crate::returns::store::{self, Attached, Found};

/// A return with what a workbook needs of it.
#[derive(Debug, Clone)]
pub(super) struct Whole {
    pub found: Found,
    pub answers: Vec<StoredAnswer>,
    pub files: Vec<Attached>,
}

impl Whole {
    /// Reads the return that a member may take out.
    pub(super) async fn of(portal: &Portal, member: &Member, year: &str) -> Result<Self> {
        let (organisation, year) = (member.organisation, year.to_owned());
        let whole = portal
            .db
            .read(member.reach, move |conn| {
                let (found, answers, files) = store::whole(conn, organisation, &year)?;
                Ok(Self { found, answers, files })
            })
            .await?;
        whole.found.permit::<TakeOut>(&member.by.actor)?;
        Ok(whole)
    }

    /// The workbook as bytes. What was read is let go before it is written.
    fn workbook(self, plan: &[Planned], format: Format, made: Timestamp) -> Result<Vec<u8>> {
        let lines = lines(&self.found, &self.answers, &self.files, made)?;
        let mut book = workbook_out::book(&(&self.found).into(), &lines, &self.files, made);
        book.sheets.extend(plan_sheet::sheet(&self.found, plan));
        drop(lines);
        drop(self);
        match format {
            Format::Xlsx => xlsx_out::xlsx(&book),
            Format::Ods => ods_out::ods(&book),
        }
    }

    /// What can be downloaded.
    fn taken(&self) -> Vec<Taken> {
        let one = |file, name, what| Taken::new(&self.found, file, name, what);
        vec![
            one(
                "workbook.xlsx",
                "Workbook for Excel (.xlsx)",
                "A row for each requirement, to be filled in offline and uploaded again below.",
            ),
            one(
                "workbook.ods",
                "Workbook for LibreOffice and others (.ods)",
                "The same workbook as an OpenDocument spreadsheet.",
            ),
            one(
                "export.json",
                "Everything (.json)",
                "Every question, answer with its versions, comment, evidence name, owner, discussion, improvement plan, \
                 signature, submission, review, board paper and site, for programs and archives. It can be brought back into \
                 an empty return.",
            ),
            one(
                "export.ods",
                "Everything to read (.ods)",
                "The same as a workbook with a sheet for each part: answers, versions, discussions, plan, signatures, \
                 submissions, and what the review decided and asked.",
            ),
            one(
                "oscal.json",
                "Assessment results (OSCAL, .json)",
                "A finding for each requirement, with answers, comments, files, questions and decisions as observations and \
                 the improvement plan as risks, for tools that read OSCAL.",
            ),
        ]
    }
}

/// `GET …/offline`.
pub(super) async fn offline(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Year,
) -> Result<HttpResponse> {
    let whole = Whole::of(&portal, &member, &path.year).await?;
    blocking::beside(&request, &portal, &member, &whole.found).await?;
    page(&request, &offline_page(&portal, &member, &whole, (&FormErrors::new(), Vec::new())))
}

/// The page, with what is wrong with an upload.
pub(super) fn offline_page(
    portal: &Portal,
    member: &Member,
    whole: &Whole,
    wrong: (&FormErrors, Vec<String>),
) -> OfflinePage {
    let now = portal.clock.now();
    let open = whole.found.collection.takes_returns(now, whole.found.extension);
    let actor = &member.by.actor;
    let brings = BringsBack {
        workbook: open && whole.found.offers::<FillInOffline>(actor),
        export: open && whole.answers.is_empty() && whole.found.offers::<RestoreReturn>(actor),
    };
    OfflinePage::new(&whole.found, whole.taken(), brings, wrong)
}

/// `GET …/workbook.xlsx`.
pub(super) async fn xlsx(portal: Data<Portal>, member: Member, path: Year) -> Result<HttpResponse> {
    workbook(&portal, &member, &path.year, Format::Xlsx).await
}

/// `GET …/workbook.ods`.
pub(super) async fn ods(portal: Data<Portal>, member: Member, path: Year) -> Result<HttpResponse> {
    workbook(&portal, &member, &path.year, Format::Ods).await
}

async fn workbook(portal: &Portal, member: &Member, year: &str, format: Format) -> Result<HttpResponse> {
    let whole = Whole::of(portal, member, year).await?;
    let name = format!("{}-{}.{}", whole.found.code, whole.found.collection.key, format.as_str());
    let now = portal.clock.now();
    let plan = match whole.found.circumstances.plan {
        Some(head) => portal.db.read(member.reach, move |conn| planned(conn, head.id)).await?,
        None => Vec::new(),
    };
    let written = move || whole.workbook(&plan, format, now);
    let bytes = aside("failed to make a workbook", written).await??;
    Ok(downloaded(format.media_type(), &name, bytes))
}
