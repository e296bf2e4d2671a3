//! Facts compared with what is known, and the differences written in batches.

use std::borrow::Cow;

use super::batch::{NewRelation, NewStatus, Waiting};
use super::known::{Known, KnownRelation, KnownStatus, Register};
use super::layout::Source;
use super::reading::{Facts, Note, Reading, RelationFact, StatusFact};
use crate::organisations::OdsCode;
use crate::organisations::corrected::{CorrectedPart, Stands, Verdict};
use crate::organisations::model::RelationKind;
use crate::platform::db::Tx;
use crate::platform::error::Result;
use crate::platform::ids::OrganisationId;

/// How many rows of the file are compared before the differences are written.
const BATCH: usize = 500;

/// What a row came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    /// Everything was there already.
    Unchanged,
    /// Something known about the organisation changed, or its history grew.
    Changed,
    /// The organisation is new.
    Added,
}

/// Applies rows of one source in one transaction.
pub(crate) struct Applier<'t, 'c> {
    tx: &'t mut Tx<'c>,
    source: Source,
    source_text: String,
    register: Register,
    waiting: Waiting,
    rows: usize,
    /// What the row taken last contradicts in earlier rows.
    contradictions: Vec<Note>,
    /// What of the row taken last met an accepted correction.
    corrected: Vec<Note>,
}

impl<'t, 'c> Applier<'t, 'c> {
    pub(crate) fn new(tx: &'t mut Tx<'c>, source: Source, register: Register) -> Self {
        Self {
            tx,
            source,
            source_text: source.to_string(),
            register,
            waiting: Waiting::default(),
            rows: 0,
            contradictions: Vec::new(),
            corrected: Vec::new(),
        }
    }

    /// The transaction, for what goes beside the organisations.
    pub(crate) fn tx(&mut self) -> &mut Tx<'c> {
        self.tx
    }

    /// What is known, for what goes beside the organisations.
    pub(crate) fn register(&mut self) -> &mut Register {
        &mut self.register
    }

    /// Takes a row. The inner error is a fault of the row that only the register can tell: it is to be held back.
    pub(crate) fn take(&mut self, row: i64, reading: Reading) -> Result<Result<Outcome, Note>> {
        if let Some(fault) = self.fault(&reading.facts) {
            return Ok(Err(fault));
        }
        let mut outcome = Outcome::Unchanged;
        if let Some((code, name)) = reading.region {
            outcome = outcome.max(self.region(&code, name.as_deref())?);
        }
        let last = reading.facts.len().saturating_sub(1);
        for (place, facts) in reading.facts.iter().enumerate() {
            let row = (place == last).then_some(row);
            outcome = outcome.max(self.organisation(row, facts));
        }
        self.rows += 1;
        if self.rows >= BATCH {
            self.flush()?;
        }
        Ok(Ok(outcome))
    }

    /// Writes what is waiting.
    pub(crate) fn flush(&mut self) -> Result<()> {
        self.rows = 0;
        let waiting = std::mem::take(&mut self.waiting);
        waiting.write(self.tx, &self.source_text, &mut self.register)
    }

    /// Whether the row's own organisation (the last) was in an earlier row, or cannot be made for want of a name.
    fn fault(&self, facts: &[Facts]) -> Option<Note> {
        let own = facts.last()?;
        let known = self.register.organisations.get(own.code.as_str());
        let reason = match known {
            Some(Known { row: Some(earlier), .. }) => {
                format!("the code {} is in row {earlier} already", own.code)
            }
            None if own.name.is_none() => format!("there is no organisation with the code {}", own.code),
            _ => return None,
        };
        Some(Note { column: "(row)".to_owned(), reason, action: "held back".to_owned() })
    }

    /// What the row taken last contradicts in earlier rows of its file.
    pub(crate) fn contradictions(&mut self) -> Vec<Note> {
        std::mem::take(&mut self.contradictions)
    }

    /// What of the row taken last met an accepted correction: it still says the old thing, or ended it.
    pub(crate) fn corrected(&mut self) -> Vec<Note> {
        std::mem::take(&mut self.corrected)
    }

    fn contradicts(&mut self, what: &str) {
        self.contradictions.push(Note {
            column: "(row)".to_owned(),
            reason: format!("says otherwise about {what} than an earlier row"),
            action: "the earlier row stands".to_owned(),
        });
    }

    /// Keeps a region, under its code until a file names it. The first name a file gives stands.
    fn region(&mut self, code: &str, name: Option<&str>) -> Result<Outcome> {
        let stored = self.register.regions.get(code).map(String::as_str);
        let differs = name.is_some_and(|name| stored != Some(name));
        if !differs && stored.is_some() {
            if name.is_some() {
                self.register.regions_told.insert(code.to_owned());
            }
            return Ok(Outcome::Unchanged);
        }
        if self.register.regions_told.contains(code) {
            self.contradicts(&format!("region {code}"));
            return Ok(Outcome::Unchanged);
        }
        if name.is_some() {
            self.register.regions_told.insert(code.to_owned());
        }
        let name = name.map_or_else(|| format!("Region {code}"), str::to_owned);
        super::batch::write_region(self.tx.conn(), code, &name)?;
        self.register.regions.insert(code.to_owned(), name);
        Ok(Outcome::Changed)
    }

    fn organisation(&mut self, row: Option<i64>, facts: &Facts) -> Outcome {
        let code = &facts.code;
        let mut outcome = self.particulars(row, facts);
        let id = self.register.organisations.get(code.as_str()).and_then(|known| known.id);
        if let Some(status) = &facts.status {
            outcome = outcome.max(self.status(code, id, status));
        }
        for relation in &facts.relations {
            self.heed_relation(code, id, relation);
            outcome = outcome.max(self.relation(code, id, relation));
        }
        outcome
    }

    /// Name, sector, address and dates. The first row of a file that speaks of an organisation stands: a lookup names
    /// the same board in many rows, and were the last one to win, every import would change it to and fro.
    fn particulars(&mut self, row: Option<i64>, facts: &Facts) -> Outcome {
        let code = &facts.code;
        let Some(known) = self.register.organisations.get_mut(code.as_str()) else {
            let mut known = fresh(facts, &self.source_text, self.tx.now());
            known.row = row;
            self.register.organisations.insert(code.as_str().to_owned(), known);
            self.waiting.organisations.push(code.clone());
            return Outcome::Added;
        };
        known.row = row.or(known.row);
        let newer = known.id.is_some_and(|id| self.register.newer.contains(&id));
        let standing = known.id.and_then(|id| self.register.corrections.get(&id));
        let standing = standing.map(Vec::as_slice).unwrap_or_default();
        let (facts, met) = heed(facts, known, standing, self.source);
        let facts: &Facts = &facts;
        if known.told {
            let mut other = known.clone();
            if merge(&mut other, facts, self.source, &self.source_text, newer) {
                self.contradicts(code.as_str());
            }
            return Outcome::Unchanged;
        }
        known.told = true;
        let changed = merge(known, facts, self.source, &self.source_text, newer);
        if changed && !known.dirty {
            known.dirty = true;
            self.waiting.organisations.push(code.clone());
        }
        let id = known.id;
        for (part, told, verdict) in met {
            self.meet(code, id, part, &told, verdict);
        }
        if changed { Outcome::Changed } else { Outcome::Unchanged }
    }

    /// A head office that a file gives, held against an accepted correction of it. The relation is kept as the file says
    /// it; which one counts is decided when relations become links.
    fn heed_relation(&mut self, code: &OdsCode, id: Option<OrganisationId>, fact: &RelationFact) {
        if fact.kind != RelationKind::HeadOffice {
            return;
        }
        let newest = self.register.organisations.get(code.as_str());
        if !newest.is_some_and(|known| self.source.is_as_new_as(&known.source)) {
            return;
        }
        let standing = id.and_then(|id| self.register.corrections.get(&id)).into_iter().flatten();
        let told = if fact.ends_on.is_none() { fact.code.as_str() } else { "" };
        let found = standing
            .filter(|one| one.part == CorrectedPart::HeadOffice)
            .map(|one| one.against(told, self.source.as_of))
            .next();
        if let Some(verdict) = found {
            self.meet(code, id, CorrectedPart::HeadOffice, told, verdict);
        }
    }

    /// Notes that a file met an accepted correction, which ends where the register has gone on.
    fn meet(
        &mut self,
        code: &OdsCode,
        id: Option<OrganisationId>,
        part: CorrectedPart,
        told: &str,
        verdict: Verdict,
    ) {
        let standing = id.and_then(|id| self.register.corrections.get_mut(&id));
        let place = standing.as_ref().and_then(|list| list.iter().position(|one| one.part == part));
        let Some((standing, place)) = standing.zip(place) else { return };
        let Some(one) = standing.get(place) else { return };
        let action = match verdict {
            Verdict::Agrees => return,
            Verdict::Held => format!("the correction stands: {}", one.words(&one.said)),
            Verdict::Done => "the correction is done, and the register rules again".to_owned(),
        };
        self.corrected.push(Note {
            column: part.words().to_owned(),
            reason: format!(
                "says of {code} {}, which was corrected on {}",
                one.words(told),
                one.since.words()
            ),
            action,
        });
        if verdict == Verdict::Done {
            self.waiting.corrections.push(one.id);
            standing.remove(place);
        }
    }

    fn status(&mut self, code: &OdsCode, id: Option<OrganisationId>, status: &StatusFact) -> Outcome {
        if let Some(stored) = id.and_then(|id| self.register.statuses.get(&id)) {
            let KnownStatus { id, edition, label, grade, published_on, sector_label } = stored;
            if *edition == status.edition
                && *label == status.label
                && *grade == status.grade
                && *published_on == status.published_on
                && *sector_label == status.sector_label
            {
                return Outcome::Unchanged;
            }
            self.waiting.stale_statuses.push(*id);
        }
        self.waiting.statuses.push(NewStatus { code: code.clone(), fact: status.clone() });
        Outcome::Changed
    }

    fn relation(&mut self, code: &OdsCode, id: Option<OrganisationId>, fact: &RelationFact) -> Outcome {
        if let Some(stored) = id.and_then(|id| self.register.relations.get(&(id, fact.kind))) {
            let KnownRelation { id, code, name, starts_on, ends_on } = stored;
            if *code == fact.code
                && *name == fact.name
                && *starts_on == fact.starts_on
                && *ends_on == fact.ends_on
            {
                return Outcome::Unchanged;
            }
            self.waiting.stale_relations.push(*id);
        }
        self.waiting.relations.push(NewRelation { code: code.clone(), fact: fact.clone() });
        Outcome::Changed
    }
}

fn fresh(facts: &Facts, source: &str, now: crate::platform::clock::Timestamp) -> Known {
    Known {
        id: None,
        name: facts.name.clone().unwrap_or_default(),
        sector: facts.sector.unwrap_or(facts.default_sector),
        region: facts.region.clone(),
        icb: facts.icb.clone(),
        postcode: facts.postcode.clone(),
        opened: facts.opened,
        closed: facts.closed,
        source: source.to_owned(),
        created_at: now,
        dirty: true,
        row: None,
        told: true,
    }
}

/// What a row says, with what was corrected in the place of what the correction stands against, and every correction that
/// it met: the part, what the file told and what that comes to. Only the newest file is heeded, as in [`merge`].
fn heed<'f>(
    facts: &'f Facts,
    known: &Known,
    standing: &[Stands],
    source: Source,
) -> (Cow<'f, Facts>, Vec<(CorrectedPart, String, Verdict)>) {
    let mut heeded = Cow::Borrowed(facts);
    let mut met = Vec::new();
    if !source.is_as_new_as(&known.source) {
        return (heeded, met);
    }
    for one in standing {
        let told = match one.part {
            CorrectedPart::Name => facts.name.clone(),
            CorrectedPart::Closing if source.format.tells_closing() => {
                Some(facts.closed.map(String::from).unwrap_or_default())
            }
            CorrectedPart::Closing | CorrectedPart::HeadOffice => None,
        };
        let Some(told) = told else { continue };
        let verdict = one.against(&told, source.as_of);
        if verdict == Verdict::Held {
            match one.part {
                CorrectedPart::Name => heeded.to_mut().name = Some(one.said.clone()),
                CorrectedPart::Closing => heeded.to_mut().closed = one.said.parse().ok(),
                CorrectedPart::HeadOffice => {}
            }
        }
        met.push((one.part, told, verdict));
    }
    (heeded, met)
}

/// Brings an organisation up to date; says whether anything changed.
///
/// The newest source decides, whatever the order of the imports, so that importing everything again changes nothing.
/// An older source only fills what is empty. The sector is the newest register's alone, since it is what the
/// organisation itself declared; a directory file only gives one to organisations that no register knows.
fn merge(known: &mut Known, facts: &Facts, source: Source, source_text: &str, newer_status: bool) -> bool {
    let before = known.clone();
    let newest = source.is_as_new_as(&known.source);
    if let Some(sector) = facts.sector.filter(|_| !newer_status) {
        known.sector = sector;
    }
    fill(&mut known.region, facts.region.as_ref(), newest);
    fill(&mut known.icb, facts.icb.as_ref(), newest);
    fill(&mut known.postcode, facts.postcode.as_ref(), newest);
    fill(&mut known.opened, facts.opened.as_ref(), newest);
    if source.format.tells_closing() {
        let told = Source::parse(&known.source).is_some_and(|stored| stored.format.tells_closing());
        if newest {
            // An empty cell of a directory file says that the organisation is open.
            known.closed = facts.closed;
        } else if !told {
            fill(&mut known.closed, facts.closed.as_ref(), false);
        }
    }
    if let Some(name) = facts.name.as_ref().filter(|_| newest) {
        name.clone_into(&mut known.name);
        source_text.clone_into(&mut known.source);
    }
    *known != before
}

/// Sets a value that the file has, when it is the newest or nothing was known.
fn fill<T: Clone>(slot: &mut Option<T>, value: Option<&T>, newest: bool) {
    if let Some(value) = value
        && (newest || slot.is_none())
    {
        *slot = Some(value.clone());
    }
}
