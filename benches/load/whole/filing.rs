//! What the lead of a large trust does all day: the task list, a question with its evidence, a save, and the return as
//! a workbook, out and in again.

use std::io::{Cursor, Read as _, Write as _};
use std::net::SocketAddr;

use super::large::{LARGE_YEAR, Large};
use super::multipart;
use super::people::{Person, expect, hidden};
use super::world::COMMENT;
use crate::driver::Result;
use crate::driver::http::{Connection, Response, request};
use crate::driver::run::Client;

/// What the comments say after somebody changed all of them offline.
const CHANGED: &str = "Looked through";
/// What they said before.
const BEFORE: &str = "Reviewed";

/// The pages of a large return, by the names of the table.
pub fn pages(large: &Large, lead: &Person) -> Vec<(&'static str, Vec<Vec<u8>>)> {
    let questions = large.codes.iter().map(|code| lead.get(&format!("{}/requirements/{code}", large.path)));
    vec![
        ("large return, task list", vec![lead.get(&large.path)]),
        ("large return, question page", questions.collect()),
        ("large return, workbook out (xlsx)", vec![lead.get(&format!("{}/workbook.xlsx", large.path))]),
        ("large return, workbook out (ods)", vec![lead.get(&format!("{}/workbook.ods", large.path))]),
    ]
}

/// The requests of a client that saves answers in words, for [`super::people::Saver`].
pub fn questions(large: &Large) -> Vec<(String, Vec<String>)> {
    large.in_words.iter().map(|code| (code.clone(), Vec::new())).collect()
}

/// Somebody who uploads the same filled-in workbook again and again, and looks at each preview.
pub struct Uploader {
    upload: Vec<u8>,
    lead: Person,
    preview: Option<String>,
}

impl Uploader {
    /// Downloads the workbook, changes the comment of every answer as somebody would offline, and gets ready to upload.
    pub fn new(address: SocketAddr, large: &Large, lead: &Person) -> Result<Self> {
        let mut connection = Connection::open(address)?;
        connection.send(&lead.get(&format!("{}/workbook.xlsx", large.path)))?;
        let answer = connection.receive()?;
        expect(&answer, 200)?;
        let workbook = filled_in(answer.body)?;
        connection.send(&lead.get(&format!("{}/offline", large.path)))?;
        let page = connection.receive()?;
        expect(&page, 200)?;
        let token = hidden(&page, "csrf")?;
        let form = multipart::form(&[("csrf", token)], &format!("{LARGE_YEAR}.xlsx"));
        let body = [form.before, workbook, form.after].concat();
        let headers = [("cookie", lead.cookie.as_str()), ("content-type", &form.kind)];
        let upload = request("POST", &format!("{}/offline/workbook", large.path), &headers, &body);
        Ok(Self { upload, lead: lead.clone(), preview: None })
    }
}

impl Client for Uploader {
    fn ask(&mut self, out: &mut Vec<u8>) {
        match &self.preview {
            None => out.extend_from_slice(&self.upload),
            Some(path) => out.extend_from_slice(&self.lead.get(path)),
        }
    }

    fn answered(&mut self, response: Response<'_>) -> Result<()> {
        if self.preview.take().is_some() {
            expect(&response, 200)?;
            let page = String::from_utf8_lossy(response.body);
            return if page.contains(CHANGED) { Ok(()) } else { Err("a preview without the changes".into()) };
        }
        expect(&response, 303)?;
        let to = response.header("location").ok_or("no preview")?;
        let path = to.find("/organisations/").and_then(|at| to.get(at..)).ok_or("no preview")?;
        self.preview = Some(path.to_owned());
        Ok(())
    }
}

/// The workbook with another word at the beginning of every comment.
fn filled_in(workbook: &[u8]) -> Result<Vec<u8>> {
    let mut from = zip::ZipArchive::new(Cursor::new(workbook))?;
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut changed = false;
    for at in 0..from.len() {
        let mut entry = from.by_index(at)?;
        let (name, mut bytes) = (entry.name()?.into_owned(), Vec::new());
        entry.read_to_end(&mut bytes)?;
        let text = String::from_utf8(bytes)?;
        changed |= text.contains(COMMENT.get(..BEFORE.len()).unwrap_or(BEFORE));
        to.start_file(name, zip::write::SimpleFileOptions::default())?;
        to.write_all(text.replace(BEFORE, CHANGED).as_bytes())?;
    }
    if changed { Ok(to.finish()?.into_inner()) } else { Err("no comment in the workbook".into()) }
}
