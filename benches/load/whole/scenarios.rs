//! What is asked of the server on one database, one run after another.

use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use super::large::Large;
use super::people::{Draft, Person, Rounds, Saver, expect};
use super::program::{Program, Serving};
use super::sites::{self, Submitted};
use super::uploads::{self, Uploads};
use super::world::{self, Size, World, YEAR};
use super::{Arguments, extra, filing, large, queueing};
use crate::driver::Result;
use crate::driver::fsync::Counter;
use crate::driver::http::{Connection, request};
use crate::driver::process::Process;
use crate::driver::report::Row;
use crate::driver::run::{Outcome, Plan, Same, Watch, run};
use crate::itself;

/// Clients of the largest run.
const MANY: usize = 64;
/// Organisations of the small database.
const FEW: usize = 10;

/// Everything measured on one database.
#[derive(Debug, Clone)]
pub struct Report {
    /// The database.
    pub database: &'static str,
    /// Seconds to make the large database, without publishing.
    pub made: f64,
    /// Seconds of `portal publish`.
    pub published: f64,
    /// Milliseconds from start to ready, half of several starts within it.
    pub ready_ms: f64,
    /// The signed-in scenarios.
    pub rows: Vec<Row>,
    /// Requirements of the large return.
    pub asked: usize,
    /// The scenarios of the large return.
    pub large: Vec<Row>,
    /// Public pages: the portal's run, and the bare handler's with the same bytes.
    pub public: Vec<(Row, Outcome)>,
    /// Saving by one client with few organisations, and with all of them.
    pub flat: (Outcome, Outcome),
    /// The bare group commit for the most clients, measured straight after the portal's.
    pub bare: Option<extra::Limit>,
    /// Files uploaded, and written plainly.
    pub uploads: Uploads,
    /// The server's memory after all of that, in KiB.
    pub pss_kib: u64,
    /// How much of that mirrors files.
    pub of_files_kib: u64,
    /// A head office that submits for all its sites.
    pub sites: Submitted,
}

/// Makes both databases, starts the server on each and asks.
pub fn on(
    database: &'static str,
    (large, small): (&str, &str),
    place: &Path,
    arguments: &Arguments,
    time: Duration,
) -> Result<Report> {
    eprintln!("{database}: making {} organisations, {} returns", arguments.organisations, arguments.returns);
    let begun = Instant::now();
    let size = Size { organisations: arguments.organisations, submitted: arguments.returns, drafts: MANY };
    let world = world::make(large, size)?;
    let of_trust = large::make(large, size)?;
    sites::make(large, size)?;
    queueing::make(large, size)?;
    let made = begun.elapsed().as_secs_f64();
    let program = Program::new(large, &place.join("large-files"));
    let (_, published) = program.run(&["publish", "--collection", YEAR])?;
    program.settle()?;
    let ready_ms = ready(&program)?;
    let counter = Counter::build(place)?;
    let few = Few::serve(small, place)?;

    let Serving { address, process, .. } = program.serve(Some(&counter))?;
    let bench = Bench { database, address, process, counter, world, time };
    let leads = bench.leads()?;
    let reviewer = Person::sign_in(address, world::REVIEWER)?;
    let drafts: Vec<Draft> = (0..MANY).map(|number| Draft::new(&bench.world, number)).collect();
    let mut rows = Vec::new();
    for connections in [1, 16] {
        let overview = |n: usize| Ok(vec![leads.nth(n).get(drafts.nth(n).overview())]);
        rows.push(bench.get("return overview", connections, &overview)?);
        let questions = |n: usize| {
            let every = 0..bench.world.requirements.len();
            Ok(every.map(|turn| leads.nth(n).get(&drafts.nth(n).question(&bench.world, turn))).collect())
        };
        rows.push(bench.get("question page", connections, &questions)?);
        rows.push(bench.save(connections, &leads, &drafts)?);
        let reviews =
            |n: usize| Ok((1..=16).map(|id| reviewer.get(&format!("/reviews/{}", id + n))).collect());
        rows.push(bench.get("review page", connections, &reviews)?);
        // A client's own review, outcome after outcome, as its reviewer goes through it.
        let desks = |n: usize| {
            let codes = bench.world.requirements.iter();
            Ok(codes
                .map(|(code, _)| reviewer.get(&format!("/reviews/{}/requirements/{code}", 1 + n)))
                .collect())
        };
        rows.push(bench.get("reviewer's workspace", connections, &desks)?);
        let list =
            |_: usize| Ok((1..=10).map(|page| reviewer.get(&format!("/reviews?page={page}"))).collect());
        rows.push(bench.get("list over all returns, 100 a page", connections, &list)?);
    }
    for (name, requests) in queueing::pages(&reviewer) {
        for connections in [1, 16] {
            rows.push(bench.get(&name, connections, &|_| Ok(requests.clone()))?);
        }
    }
    rows.push(bench.save(MANY, &leads, &drafts)?);
    let of_large = bench.large(&of_trust)?;
    let bare = extra::limit(place, &bench.counter, MANY, time)?;
    let flat = middle(
        || {
            let few = few.save(time / 3)?;
            Ok((few, bench.save_for(time / 3, 1, &leads, &drafts)?.outcome))
        },
        |(few, many)| many.cpu_ms.unwrap_or_default() / few.cpu_ms.unwrap_or(f64::MIN_POSITIVE),
    )?;
    let mut public = Vec::new();
    for (name, path) in bench.public_pages()? {
        for connections in [1, 16] {
            public.push(bench.beside_bare(&name, &path, connections)?);
        }
    }
    eprintln!("{database}: uploading files");
    let lead = (leads.nth(0), bench.world.code_of_draft(0));
    let uploads = uploads::measure(bench.address, &bench.process, (lead.0, &lead.1), place)?;
    // By itself: another server of the same program would count for half of what they share. What the allocator has no use
    // for goes back after a second.
    drop(few);
    std::thread::sleep(Duration::from_secs(2));
    let (pss_kib, of_files_kib) = (bench.process.pss_kib()?, bench.process.pss_of_files_kib()?);
    eprintln!("{database}: submitting for {} sites", sites::SITES);
    let sites = sites::measure(bench.address, &bench.process, &bench.world)?;
    Ok(Report {
        database,
        made,
        published: published.as_secs_f64(),
        ready_ms,
        rows,
        asked: of_trust.codes.len(),
        large: of_large,
        public,
        flat,
        bare: (database == "SQLite").then_some(bare),
        uploads,
        pss_kib,
        of_files_kib,
        sites,
    })
}

/// The middle of five starts on the database as it is.
fn ready(program: &Program) -> Result<f64> {
    let mut times = (0..5)
        .map(|_| program.serve(None).map(|serving| serving.took.as_secs_f64() * 1000.0))
        .collect::<Result<Vec<f64>>>()?;
    times.sort_by(f64::total_cmp);
    times.get(2).copied().ok_or_else(|| "there were no starts".into())
}

/// Two things beside each other, turn by turn so that what else the machine does falls on both: of five turns the one
/// whose ratio is in the middle.
fn middle<T>(mut turn: impl FnMut() -> Result<T>, ratio: impl Fn(&T) -> f64) -> Result<T> {
    let mut turns = (0..5).map(|_| turn()).collect::<Result<Vec<T>>>()?;
    turns.sort_by(|a, b| ratio(a).total_cmp(&ratio(b)));
    Ok(turns.swap_remove(turns.len() / 2))
}

/// A server of its own on a database of a few organisations, with one client that saves.
struct Few {
    world: World,
    serving: Serving,
    lead: Person,
    draft: Draft,
}

impl Few {
    fn serve(url: &str, place: &Path) -> Result<Self> {
        let world = world::make(url, Size { organisations: FEW, submitted: FEW - 1, drafts: 1 })?;
        let serving = Program::new(url, &place.join("small-files")).serve(None)?;
        let lead = Person::sign_in(serving.address, &world.lead_of_draft(0))?;
        let draft = Draft::new(&world, 0);
        Ok(Self { world, serving, lead, draft })
    }

    fn save(&self, time: Duration) -> Result<Outcome> {
        let address = self.serving.address;
        let watch = Watch { process: Some(&self.serving.process), fsyncs: None };
        run(address, Plan::new(1, time), watch, |_| Saver::new(address, &self.lead, &self.world, &self.draft))
    }
}

struct Bench {
    database: &'static str,
    address: SocketAddr,
    process: Process,
    counter: Counter,
    world: World,
    time: Duration,
}

/// Items shared out over more clients than there are of them.
trait Nth<T> {
    fn nth(&self, n: usize) -> &T;
}

impl<T> Nth<T> for Vec<T> {
    #[expect(clippy::indexing_slicing, reason = "the lists of this benchmark are never empty")]
    fn nth(&self, n: usize) -> &T {
        &self[n % self.len()]
    }
}

impl Bench {
    fn leads(&self) -> Result<Vec<Person>> {
        eprintln!("{}: signing {MANY} people in", self.database);
        (0..MANY).map(|draft| Person::sign_in(self.address, &self.world.lead_of_draft(draft))).collect()
    }

    fn watch(&self) -> Watch<'_> {
        Watch { process: Some(&self.process), fsyncs: Some(&self.counter) }
    }

    fn get(
        &self,
        name: &str,
        connections: usize,
        requests: &(dyn Fn(usize) -> Result<Vec<Vec<u8>>> + Sync),
    ) -> Result<Row> {
        eprintln!("{}: {name}, {connections} at once", self.database);
        let plan = Plan::new(connections, self.time);
        let outcome = run(self.address, plan, self.watch(), |n| Ok(Rounds::new(requests(n)?)))?;
        Ok(Row { name: name.to_owned(), connections, outcome })
    }

    fn save(&self, connections: usize, leads: &Vec<Person>, drafts: &Vec<Draft>) -> Result<Row> {
        self.save_for(self.time, connections, leads, drafts)
    }

    fn save_for(
        &self,
        time: Duration,
        connections: usize,
        leads: &Vec<Person>,
        drafts: &Vec<Draft>,
    ) -> Result<Row> {
        eprintln!("{}: saving, {connections} at once", self.database);
        let plan = Plan::new(connections, time);
        let outcome = run(self.address, plan, self.watch(), |n| {
            Saver::new(self.address, leads.nth(n), &self.world, drafts.nth(n))
        })?;
        Ok(Row { name: "save one answer".to_owned(), connections, outcome })
    }

    /// What the lead of the large trust does.
    fn large(&self, large: &Large) -> Result<Vec<Row>> {
        let lead = Person::sign_in(self.address, &large.lead)?;
        let mut rows = Vec::new();
        for (name, requests) in filing::pages(large, &lead) {
            let several: &[usize] = if name.contains("workbook") { &[1] } else { &[1, 16] };
            for connections in several {
                rows.push(self.get(name, *connections, &|_| Ok(requests.clone()))?);
            }
        }
        let answered = World { requirements: filing::questions(large), size: self.world.size };
        let draft = Draft::at(&large.path, answered.requirements.len());
        let name = "large return, save one answer".to_owned();
        eprintln!("{}: {name}", self.database);
        let plan = Plan::new(1, self.time);
        let outcome =
            run(self.address, plan, self.watch(), |_| Saver::new(self.address, &lead, &answered, &draft))?;
        rows.push(Row { name, connections: 1, outcome });
        let name = "large return, upload of a workbook and its preview, each".to_owned();
        eprintln!("{}: {name}", self.database);
        let outcome =
            run(self.address, plan, self.watch(), |_| filing::Uploader::new(self.address, large, &lead))?;
        rows.push(Row { name, connections: 1, outcome });
        Ok(rows)
    }

    /// The public pages by name and address: the front page, an organisation's, and a table as CSV.
    fn public_pages(&self) -> Result<Vec<(String, String)>> {
        let mut connection = Connection::open(self.address)?;
        connection.send(&request("GET", "/public/data", &[], b""))?;
        let page = connection.receive()?;
        expect(&page, 200)?;
        let body = String::from_utf8_lossy(page.body).into_owned();
        let csv = body
            .split("href=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .find(|link| link.ends_with(".csv") && !link.contains("organisations"))
            .ok_or("no CSV on the data page")?;
        Ok(vec![
            ("public front page".to_owned(), "/".to_owned()),
            (
                "an organisation\u{2019}s public page".to_owned(),
                format!("/public/organisations/{}", world::code(self.world.size.organisations / 2)),
            ),
            ("a table as CSV".to_owned(), csv.to_owned()),
        ])
    }

    /// A public page, and turn by turn with it a bare handler that answers the same bytes.
    fn beside_bare(&self, name: &str, path: &str, connections: usize) -> Result<(Row, Outcome)> {
        eprintln!("{}: {name}, {connections} at once", self.database);
        let asked = request("GET", path, &[], b"");
        let mut connection = Connection::open(self.address)?;
        connection.send(&asked)?;
        let answer = connection.receive()?;
        expect(&answer, 200)?;
        let file = tempfile::NamedTempFile::new()?;
        std::fs::write(file.path(), answer.body)?;
        let mut command = itself(&["serve-file", &file.path().to_string_lossy()])?;
        let (bare, address, _) = Process::start(&mut command, "ready: ")?;
        let (address, watch) = (address.parse()?, Watch { process: Some(&bare), fsyncs: None });
        let bare_asked = request("GET", "/", &[], b"");
        let plan = Plan::new(connections, self.time / 3);
        let (outcome, beside) = middle(
            || {
                let ours = run(self.address, plan, self.watch(), |_| Ok(Same::new(asked.clone())))?;
                Ok((ours, run(address, plan, watch, |_| Ok(Same::new(bare_asked.clone())))?))
            },
            |(ours, bare)| ours.rate() / bare.rate(),
        )?;
        Ok((Row { name: name.to_owned(), connections, outcome }, beside))
    }
}
