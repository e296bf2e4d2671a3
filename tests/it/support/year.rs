//! A year of the programme for a scenario: small editions of all three schemes, an open collection, a trust with its
//! people, and the way from draft to submission without a browser.

use std::collections::BTreeMap;

use portal::access::OrganisationRole::{self, IgLead, Siro};
use portal::access::{
    Actor, ImportEditionBySystem, MarkReady, Permit, PlanCollection, SaveAnswer, ShareOut, SignReturn,
    StartReturn, Subject, SubmitReturn,
};
use portal::collections::{self, CollectionKey, Plan, Windows};
use portal::identity;
use portal::platform::clock::parse_london;
use portal::platform::ids::{CollectionId, EditionId, OrganisationId, PersonId, SubmissionId};
use portal::platform::jobs;
use portal::returns::{self, NewAnswer, Share, Which};
use portal::standards::formats::{self, FileFormat, Names};
use portal::standards::{self, AnswerValue, SectorKey};
use serde_json::{Value, json};

use super::{World, everybodys};

/// A levels edition of three requirements, the last of which may be not relevant; its highest level is `most`.
pub fn levels(key: &str, most: u8) -> String {
    let words: Vec<String> = (0..=most).map(|level| format!("\"descriptor of level {level}\"")).collect();
    let requirement = |number: u8, may_be: bool| {
        format!(
            "[[requirements]]\ncode = \"1-{number}\"\nsection = \"1\"\ntitle = \"Title {number}\"\n\
             text = \"Question {number}?\"\nguidance = \"Guidance {number}\"\nlevels = [{}]\n\
             may_be_not_relevant = {may_be}\nexpected = {{ acute = 2 }}\n",
            words.join(", ")
        )
    };
    format!(
        "format = 1\n[standard]\nkey = \"sample\"\nname = \"Sample standard\"\nscheme = \"levels\"\n\
         description = \"\"\n[edition]\nkey = \"{key}\"\nlabel = \"{key}\"\nrule_set = \"{key}.1\"\n\
         [[profiles]]\nkey = \"acute\"\nname = \"Acute\"\nsectors = [\"nhs_trust\"]\n\
         [scoring]\nmax_level = {most}\nsatisfactory_level = 2\n[[sections]]\ncode = \"1\"\ntitle = \"Area one\"\n{}{}{}",
        requirement(1, false),
        requirement(2, false),
        requirement(3, true)
    )
}

/// An assertions edition with one item of each kind, all mandatory for trusts.
pub fn assertions(key: &str) -> String {
    let item = |code: &str, kind: &str| {
        format!(
            "[[requirements]]\ncode = \"{code}\"\nsection = \"1.1\"\ntitle = \"Item {kind}\"\ntext = \"Question?\"\n\
             item = \"{kind}\"\nmandatory = [\"nhs_trust\"]\n"
        )
    };
    format!(
        "format = 1\n[standard]\nkey = \"items\"\nname = \"Sample items\"\nscheme = \"assertions\"\n\
         description = \"\"\n[edition]\nkey = \"{key}\"\nlabel = \"{key}\"\nrule_set = \"{key}.1\"\n[scoring]\n\
         [[sections]]\ncode = \"1\"\ntitle = \"Standard one\"\n\
         [[sections]]\ncode = \"1.1\"\ntitle = \"Assertion one\"\nparent = \"1\"\n{}{}{}{}{}",
        item("1.1", "confirmation"),
        item("1.1.1", "text"),
        item("1.1.2", "date"),
        item("1.1.3", "yes_no"),
        item("1.1.4", "document")
    )
}

/// An outcomes edition of one outcome with two achieved, one partial and one not-achieved statement.
pub fn outcomes(key: &str) -> String {
    format!(
        "format = 1\n[standard]\nkey = \"outcomes\"\nname = \"Sample outcomes\"\nscheme = \"outcomes\"\n\
         description = \"\"\n[edition]\nkey = \"{key}\"\nlabel = \"{key}\"\nrule_set = \"{key}.1\"\n\
         [[profiles]]\nkey = \"acute\"\nname = \"Acute\"\nsectors = [\"nhs_trust\"]\n[scoring]\n\
         [[sections]]\ncode = \"A\"\ntitle = \"Objective\"\n[[sections]]\ncode = \"A1\"\ntitle = \"Principle\"\nparent = \"A\"\n\
         [[requirements]]\ncode = \"A1.a\"\nsection = \"A1\"\ntitle = \"Outcome\"\ntext = \"Is it so?\"\n\
         achieved = [{{ code = \"A1.a.A1\", text = \"First good\" }}, {{ code = \"A1.a.A2\", text = \"Second good\" }}]\n\
         partially_achieved = [{{ code = \"A1.a.P1\", text = \"Half good\" }}]\n\
         not_achieved = [{{ code = \"A1.a.N1\", text = \"Bad\" }}]\nexpected = {{ acute = \"achieved\" }}\n"
    )
}

/// A trust with an IG lead and a SIRO, who sign in as `Lead CODE` and `Siro CODE`.
#[derive(Debug, Clone)]
pub struct Trust {
    pub id: OrganisationId,
    pub code: String,
    pub lead: PersonId,
    pub siro: PersonId,
}

impl Trust {
    /// The address of its return, with more.
    pub fn at(&self, year: &str, more: &str) -> String {
        format!("/organisations/{}/returns/{year}{more}", self.code)
    }
}

impl World {
    /// A trust with its people.
    pub fn trust(&self, code: &str) -> Trust {
        let id = self.organisation(code, &format!("{code} & Sons Trust"), "nhs_trust");
        let lead = self.person(&format!("Lead {code}"), &[(id, IgLead)], &[]);
        let siro = self.person(&format!("Siro {code}"), &[(id, Siro)], &[]);
        Trust { id, code: code.to_owned(), lead, siro }
    }

    /// Imports an edition.
    pub fn edition(&self, toml: &str) -> EditionId {
        self.try_edition(toml).unwrap()
    }

    /// Imports an edition, or gives the refusal.
    pub fn try_edition(&self, toml: &str) -> portal::platform::Result<EditionId> {
        let read = formats::read(FileFormat::Toml, "test.toml", toml.as_bytes(), &Names::default());
        let edition = read.unwrap_or_else(|problems| panic!("{problems:?}")).edition;
        self.db().write_now(everybodys(), move |tx| {
            let subject = Subject::programme();
            let permit = Permit::<ImportEditionBySystem>::grant(&Actor::system(), Some(subject))?;
            standards::import_edition(tx, &permit, &edition)
        })
    }

    /// Plans a collection for trusts with these London times (opens, deadline, closes), and lets the scheduler open it
    /// when its time has come.
    pub fn collection(&self, key: &str, edition: EditionId, times: [&str; 3]) -> CollectionId {
        let [opens, deadline, closes] = times.map(|time| parse_london(time).unwrap());
        let document = self.db().read_now(everybodys(), |conn| standards::edition(conn, edition)).unwrap();
        let sector = SectorKey::new("nhs_trust").unwrap();
        let profile = document.default_profile(sector).map(|p| p.key.to_string()).unwrap_or_default();
        let plan = Plan {
            edition,
            key: CollectionKey::new(key).unwrap(),
            name: format!("Collection {key}"),
            year_label: key.to_owned(),
            windows: Windows::new(opens, None, deadline, closes).unwrap(),
            scope: BTreeMap::from([(sector, profile)]),
        };
        let manager =
            self.person(&format!("Manager {key}"), &[], &[portal::access::CentralRole::ProgrammeManager]);
        self.planned(manager, plan)
    }

    /// Plans a collection as this programme manager, and lets the scheduler open it when its time has come.
    pub fn planned(&self, manager: PersonId, plan: Plan) -> CollectionId {
        let id = self
            .db()
            .write_now(everybodys(), move |tx| {
                let actor = identity::actor_of(tx.conn(), manager)?;
                let subject = Subject::programme();
                let permit = Permit::<PlanCollection>::grant(&actor, Some(subject))?;
                collections::plan_collection(tx, &permit, &plan)
            })
            .unwrap();
        collections::run_due(self.db()).unwrap();
        // What an opened collection calls for.
        while jobs::run_once(self.db(), &self.parts.handlers, "test").unwrap() {}
        id
    }

    /// The usual year: open now, due at the end of June 2026, closed two weeks later.
    pub fn usual_year(&self, toml: &str) -> CollectionId {
        let edition = self.edition(toml);
        self.collection("2026", edition, ["2026-01-05 09:00", "2026-06-30 12:00", "2026-07-14 12:00"])
    }

    /// Starts a trust's return.
    pub fn started(&self, trust: &Trust, year: &str) {
        let (trust, year) = (trust.clone(), year.to_owned());
        self.db()
            .write_now(everybodys(), move |tx| {
                let actor = identity::actor_of(tx.conn(), trust.lead)?;
                let subject = Subject::organisation(trust.id);
                let permit = Permit::<StartReturn>::grant(&actor, Some(subject))?;
                let collection = collections::collection_by_key(tx.conn(), &year)?.unwrap();
                returns::start_return(tx, &permit, &collection)
            })
            .unwrap();
    }

    /// Gives requirements of a return to a colleague as somebody who may, until a month from now; the mail is sent.
    pub fn given(&self, by: PersonId, of: OrganisationId, year: &str, codes: &[&str], to: PersonId) {
        let (year, codes) =
            (year.to_owned(), codes.iter().map(|code| (*code).to_owned()).collect::<Vec<_>>());
        let due_on = self.now().london_day().plus_days(30);
        self.db()
            .write_now(everybodys(), move |tx| {
                let actor = identity::actor_of(tx.conn(), by)?;
                let found = returns::find(tx.conn(), Which::Of(of, &year))?.unwrap();
                let ids = codes.iter().map(|code| found.edition.requirement_id(code).unwrap()).collect();
                let share = Share::Give { to, due_on };
                let permit = found.permit::<ShareOut>(&actor)?;
                returns::share_out(tx, &permit, &found, &ids, &share, "https://portal.example")
            })
            .unwrap();
        self.settle();
    }

    /// Saves an answer as the trust's IG lead, over whatever is there.
    pub fn answered(&self, trust: &Trust, year: &str, code: &str, value: &Value, comment: &str) {
        let (trust, year, code) = (trust.clone(), year.to_owned(), code.to_owned());
        let (value, comment) = (value.clone(), comment.to_owned());
        self.db()
            .write_now(everybodys(), move |tx| {
                let actor = identity::actor_of(tx.conn(), trust.lead)?;
                let found = returns::find(tx.conn(), Which::Of(trust.id, &year))?.unwrap();
                let id = found.edition.requirement_id(&code).unwrap();
                let asked = found.edition.edition().requirement(&code).unwrap();
                let before = returns::answer_to(tx.conn(), found.id, id)?;
                let new = NewAnswer {
                    requirement: id,
                    value: Some(AnswerValue::parse(asked, &value).unwrap()),
                    comment,
                    finished: true,
                    version: before.map_or(0, |answer| answer.version),
                };
                returns::save_answer(tx, &found.permit::<SaveAnswer>(&actor)?, &found, &new)
            })
            .unwrap();
    }

    /// Marks the return ready, signs it and submits it.
    pub fn sent(&self, trust: &Trust, year: &str) -> SubmissionId {
        self.signed(trust, year);
        let (trust, year) = (trust.clone(), year.to_owned());
        let receipt = self
            .db()
            .write_now(everybodys(), move |tx| {
                let lead = identity::actor_of(tx.conn(), trust.lead)?;
                let found = returns::find(tx.conn(), Which::Of(trust.id, &year))?.unwrap();
                let permit = found.permit::<SubmitReturn>(&lead)?;
                returns::submit_return(tx, &permit, &found, "https://portal.example")
            })
            .unwrap();
        receipt.submission
    }

    /// Marks the return ready.
    pub fn ready(&self, trust: &Trust, year: &str) {
        let (of, key) = (trust.clone(), year.to_owned());
        self.db()
            .write_now(everybodys(), move |tx| {
                let lead = identity::actor_of(tx.conn(), of.lead)?;
                let found = returns::find(tx.conn(), Which::Of(of.id, &key))?.unwrap();
                returns::mark_ready(tx, &found.permit::<MarkReady>(&lead)?, &found, "https://portal.example")
            })
            .unwrap();
    }

    /// Marks the return ready and signs it, in every role that must.
    pub fn signed(&self, trust: &Trust, year: &str) {
        self.ready(trust, year);
        for role in self.signers(trust, year) {
            let (of, key, signer) = (trust.clone(), year.to_owned(), self.signer(trust, role));
            self.db()
                .write_now(everybodys(), move |tx| {
                    let actor = identity::actor_of(tx.conn(), signer)?;
                    let found = returns::find(tx.conn(), Which::Of(of.id, &key))?.unwrap();
                    returns::sign_as(tx, &found.permit::<SignReturn>(&actor)?, &found, role)
                })
                .unwrap();
        }
    }

    /// The roles that must sign a return, as its edition says.
    fn signers(&self, trust: &Trust, year: &str) -> Vec<OrganisationRole> {
        let (id, year) = (trust.id, year.to_owned());
        let found = self.db().read_now(everybodys(), move |conn| returns::find(conn, Which::Of(id, &year)));
        found.unwrap().unwrap().signers().unwrap().into_iter().map(|wanted| wanted.role).collect()
    }

    /// Somebody who holds a role that signs; whom the trust lacks is found.
    fn signer(&self, trust: &Trust, role: OrganisationRole) -> PersonId {
        if role == Siro {
            return trust.siro;
        }
        let id = trust.id;
        let holders = self.db().read_now(everybodys(), move |conn| identity::holders_of(conn, id, &[role]));
        match holders.unwrap().first() {
            Some((person, ..)) => *person,
            None => self.person(&format!("{role} {}", trust.code), &[(trust.id, role)], &[]),
        }
    }

    /// A submitted return of the three-requirement levels edition: everything at level 2.
    pub fn submitted_levels(&self, trust: &Trust, year: &str) -> SubmissionId {
        self.started(trust, year);
        for code in ["1-1", "1-2", "1-3"] {
            self.answered(trust, year, code, &json!({"level": 2}), "");
        }
        self.sent(trust, year)
    }
}
