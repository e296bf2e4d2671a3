//! What the pages about sites read, each after the permit to read the whole return.

use super::arrangement::{Arrangement, counted};
use super::blocks::blocks;
use super::pages::SitesNote;
use super::{progress_href, sites_href, store, words_of_progress};
use crate::access::{Action, Actor, Permit, ReadReturn};
use crate::identity::Member;
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::OrganisationId;
use crate::platform::pages::Choice;
use crate::returns::library;
use crate::returns::readiness::Line;
use crate::returns::store::{Found, Which, find};

/// Who reads, as a question to the database takes it along.
#[derive(Debug, Clone)]
pub(super) struct Reader {
    organisation: OrganisationId,
    pub actor: Actor,
}

impl Reader {
    pub fn of(member: &Member) -> Self {
        Self { organisation: member.organisation, actor: member.by.actor.clone() }
    }

    /// The return of the organisation, for whoever reads the whole of it.
    pub fn readable(&self, conn: &mut Conn, year: &str) -> Result<Found> {
        let found = find(conn, Which::Of(self.organisation, year))?.ok_or(Error::NotFound)?;
        found.permit::<ReadReturn>(&self.actor)?;
        Ok(found)
    }

    /// The return with its arrangement. A return that does not cover sites has no pages about them.
    pub fn arranged(&self, conn: &mut Conn, year: &str, now: Timestamp) -> Result<(Found, Arrangement)> {
        let found = self.readable(conn, year)?;
        let arrangement = Arrangement::load(conn, &found, now)?.ok_or(Error::NotFound)?;
        Ok((found, arrangement))
    }

    /// Whether an action is offered here and now; the verb asks again.
    pub fn may<A: Action>(&self, found: &Found, now: Timestamp) -> bool {
        found.collection.takes_returns(now, found.extension) && found.offers::<A>(&self.actor)
    }

    /// The pieces of the organisation's library as choices; none where it is empty.
    pub fn pieces(&self, conn: &mut Conn) -> Result<Vec<Choice>> {
        let kept = library::kept_pieces(conn, self.organisation)?;
        if kept.is_empty() {
            return Ok(Vec::new());
        }
        let mut choices = vec![Choice::new("", "Choose a piece of evidence")];
        choices.extend(kept.into_iter().map(|(id, title)| Choice::new(id.to_string(), title)));
        Ok(choices)
    }
}

/// What the overview of a return says about sites, as far as the database has to be asked.
#[derive(Debug, Default)]
pub(in crate::returns) struct Noted {
    note: SitesNote,
    arrangement: Option<Arrangement>,
}

impl Noted {
    /// The whole note, with what blocks the sites by the lines of the return, which its page has at hand.
    ///
    /// # Errors
    /// When a stored answer cannot be read.
    pub(in crate::returns) fn finished(
        self,
        found: &Found,
        lines: &[Line<'_>],
        now: Timestamp,
    ) -> Result<SitesNote> {
        let Self { mut note, arrangement } = self;
        if let Some(arrangement) = arrangement {
            note.blocks = blocks(found, lines, &arrangement, now)?.len();
        }
        Ok(note)
    }
}

/// What the overview of a return says about sites, for whoever reads the whole of it; whether the register knows any site of
/// its organisation is known already.
///
/// # Errors
/// When the database cannot be asked.
pub(in crate::returns) fn note(
    conn: &mut Conn,
    found: &Found,
    actor: &Actor,
    (now, has_sites): (Timestamp, bool),
) -> Result<Noted> {
    let whole: Result<Permit<ReadReturn>> = found.permit(actor);
    if whole.is_err() || !has_sites {
        return Ok(Noted::default());
    }
    let (code, year) = (&found.code, &found.collection.key);
    let mut note = SitesNote { href: sites_href(code, year), ..SitesNote::default() };
    let Some(arrangement) = Arrangement::load(conn, found, now)? else {
        "Your organisation is the head office of sites in the register. This return speaks for your head office alone."
            .clone_into(&mut note.words);
        return Ok(Noted { note, arrangement: None });
    };
    let covered = arrangement.covered(found)?;
    note.words = format!(
        "This return covers {}; {} of theirs differ from yours.",
        counted(covered.sites.len(), "site", "sites"),
        counted(covered.exceptions(), "answer", "answers"),
    );
    if let Some(filing) = store::newest_filing(conn, found.id)? {
        note.progress_href = progress_href(code, year);
        note.progress = words_of_progress(&store::progress(conn, filing.id)?);
    }
    Ok(Noted { note, arrangement: Some(arrangement) })
}
