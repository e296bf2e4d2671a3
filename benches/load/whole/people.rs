//! Somebody who signs in by address and password, and the clients that ask as them.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use super::world::{PASSWORD, World, YEAR};
use crate::driver::Result;
use crate::driver::http::{Connection, Response, request};
use crate::driver::run::Client;

/// Somebody signed in.
#[derive(Debug, Clone)]
pub struct Person {
    /// The `cookie` header's value.
    pub cookie: String,
}

impl Person {
    /// Signs in as a browser would: the form, its token, the cookies.
    pub fn sign_in(address: SocketAddr, email: &str) -> Result<Self> {
        let mut connection = Connection::open(address)?;
        connection.send(&request("GET", "/sign-in", &[], b""))?;
        let form = connection.receive()?;
        expect(&form, 200)?;
        let visit = cookies(&form);
        let token = hidden(&form, "csrf")?;
        let body = encoded(&[("csrf", &token), ("email", email), ("password", PASSWORD)]);
        let headers = [("cookie", visit.as_str()), FORM];
        connection.send(&request("POST", "/sign-in", &headers, body.as_bytes()))?;
        let answer = connection.receive()?;
        expect(&answer, 303)?;
        Ok(Self { cookie: cookies(&answer) })
    }

    /// A GET as this person.
    pub fn get(&self, path: &str) -> Vec<u8> {
        request("GET", path, &[("cookie", &self.cookie)], b"")
    }
}

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// Somebody who saves one answer after another of their own return, each time from the version they saved last.
pub struct Saver {
    cookie: String,
    token: String,
    questions: Arc<Vec<(String, Vec<String>)>>,
    draft: Draft,
    turn: usize,
}

/// The versions of a draft's answers, kept between runs.
#[derive(Debug, Clone)]
pub struct Draft {
    path: String,
    versions: Arc<Mutex<Vec<u64>>>,
}

impl Draft {
    /// The draft of this number, as it was made.
    pub fn new(world: &World, number: usize) -> Self {
        Self {
            path: format!("/organisations/{}/returns/{YEAR}", world.code_of_draft(number)),
            versions: Arc::new(Mutex::new(vec![1; world.requirements.len()])),
        }
    }

    /// A draft at another address, with so many answers of its first version.
    pub fn at(path: &str, answers: usize) -> Self {
        Self { path: path.to_owned(), versions: Arc::new(Mutex::new(vec![1; answers])) }
    }

    /// The address of its overview.
    pub fn overview(&self) -> &str {
        &self.path
    }

    /// The address of one of its questions.
    pub fn question(&self, world: &World, turn: usize) -> String {
        let code = world.requirements.get(turn % world.requirements.len()).map_or("", |one| &one.0);
        format!("{}/requirements/{code}", self.path)
    }
}

impl Saver {
    /// Loads a page for the form's token.
    pub fn new(address: SocketAddr, person: &Person, world: &World, draft: &Draft) -> Result<Self> {
        let mut connection = Connection::open(address)?;
        connection.send(&person.get(&draft.question(world, 0)))?;
        let page = connection.receive()?;
        expect(&page, 200)?;
        Ok(Self {
            cookie: person.cookie.clone(),
            token: hidden(&page, "csrf")?,
            questions: Arc::new(world.requirements.clone()),
            draft: draft.clone(),
            turn: 0,
        })
    }
}

impl Client for Saver {
    fn ask(&mut self, out: &mut Vec<u8>) {
        let at = self.turn % self.questions.len().max(1);
        let Some((code, ticked)) = self.questions.get(at) else { return };
        let version = {
            let versions = self.draft.versions.lock().unwrap_or_else(PoisonError::into_inner);
            versions.get(at).copied().unwrap_or_default().to_string()
        };
        let words = format!("Checked again in round {}; the papers are kept with the minutes.", self.turn);
        let mut fields = vec![
            ("csrf", self.token.as_str()),
            ("version", &version),
            ("text", "The evidence is listed in the comment."),
            ("comment", &words),
            ("claim", ""),
            ("justification", ""),
            ("intent", "finished"),
        ];
        fields.extend(ticked.iter().map(|one| ("indicators", one.as_str())));
        let path = format!("{}/requirements/{code}", self.draft.path);
        let headers = [("cookie", self.cookie.as_str()), FORM];
        out.extend_from_slice(&request("POST", &path, &headers, encoded(&fields).as_bytes()));
    }

    fn answered(&mut self, response: Response<'_>) -> Result<()> {
        expect(&response, 303)?;
        let at = self.turn % self.questions.len().max(1);
        if let Some(version) = self.draft.versions.lock().unwrap_or_else(PoisonError::into_inner).get_mut(at)
        {
            *version += 1;
        }
        self.turn += 1;
        Ok(())
    }
}

/// Several requests in turn, each to be answered with 200.
pub struct Rounds {
    requests: Vec<Vec<u8>>,
    turn: usize,
}

impl Rounds {
    /// From the bytes of the requests.
    pub fn new(requests: Vec<Vec<u8>>) -> Self {
        Self { requests, turn: 0 }
    }
}

impl Client for Rounds {
    fn ask(&mut self, out: &mut Vec<u8>) {
        if let Some(request) = self.requests.get(self.turn % self.requests.len().max(1)) {
            out.extend_from_slice(request);
        }
        self.turn += 1;
    }

    fn answered(&mut self, response: Response<'_>) -> Result<()> {
        expect(&response, 200)?;
        if response.body.is_empty() { Err("an empty answer".into()) } else { Ok(()) }
    }
}

/// Refuses another status, with the beginning of what was answered.
pub fn expect(response: &Response<'_>, status: u16) -> Result<()> {
    if response.status == status {
        return Ok(());
    }
    let body = String::from_utf8_lossy(response.body);
    let body: String = body.split("<main").last().unwrap_or_default().chars().take(2000).collect();
    Err(format!("{} instead of {status}: {} {body}", response.status, response.head).into())
}

/// The cookies that an answer sets, as the next request sends them.
fn cookies(response: &Response<'_>) -> String {
    let set = response.head.split("\r\n").filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        let pair = value.split(';').next()?.trim();
        name.eq_ignore_ascii_case("set-cookie").then(|| pair.to_owned())
    });
    set.collect::<Vec<_>>().join("; ")
}

/// The value of a hidden field.
pub fn hidden(response: &Response<'_>, name: &str) -> Result<String> {
    let body = String::from_utf8_lossy(response.body);
    let after = body.split_once(&format!("name=\"{name}\" value=\"")).ok_or(format!("no field {name}"))?.1;
    Ok(after.split('"').next().unwrap_or_default().to_owned())
}

/// A form sent by somebody.
pub fn post(who: &Person, path: &str, fields: &[(&str, &str)]) -> Vec<u8> {
    request("POST", path, &[("cookie", who.cookie.as_str()), FORM], encoded(fields).as_bytes())
}

fn encoded(fields: &[(&str, &str)]) -> String {
    serde_urlencoded::to_string(fields).unwrap_or_default()
}
