//! What a board paper holds: the words of the moment at which it was made.

use serde::{Deserialize, Serialize};

use super::asked::asked;
use crate::access::{Actor, OrganisationRole};
use crate::platform::clock::Timestamp;
use crate::standing::burn_up::BurnUp;
use crate::standing::gather::Picture;
use crate::standing::parts::{self, Part};

/// A board paper, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardPaper {
    /// The version of this shape: 1.
    pub v: u8,
    /// Code of the organisation.
    pub code: String,
    /// Its name.
    pub organisation: String,
    /// The collection's key, as addresses name it.
    pub year: String,
    /// The collection's name.
    pub collection: String,
    /// 1 for the first paper of the return.
    pub number: i64,
    /// Who may read it.
    pub marking: String,
    /// The meeting that it is for.
    pub meeting: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// Who made it, of what kind the organisation is, and when.
    pub made: Vec<String>,
    /// What the board is asked to decide.
    pub asked: Vec<String>,
    /// How the return stands as a whole.
    pub summary: Vec<String>,
    /// How far each section has got.
    pub sections: Part,
    /// The way to the deadline.
    pub burn_up: BurnUp,
    /// What it says.
    pub pace: Vec<String>,
    /// What still blocks.
    pub blocks: Part,
    /// The improvement plan.
    pub plan: Part,
    /// Certificates and their ends.
    pub certificates: Part,
    /// Last year against this year, by section.
    pub comparison: Part,
    /// The requirements that changed.
    pub changed: Part,
    /// Organisations of the same kind.
    pub peers: Part,
}

impl BoardPaper {
    /// The paper of this picture, as somebody makes it.
    #[must_use]
    pub fn of(picture: &Picture, number: i64, meeting: &str, by: &Actor) -> Self {
        let found = &picture.found;
        Self {
            v: 1,
            code: found.code.clone(),
            organisation: found.name.clone(),
            year: found.collection.key.clone(),
            collection: found.collection.name.clone(),
            number,
            marking: format!("Official-sensitive: for the board of {}", found.name),
            meeting: meeting.to_owned(),
            made_at: picture.now,
            made: vec![
                format!("For: {meeting}."),
                made_by(picture, by),
                format!("Kind of organisation: {}.", found.sector.label()),
            ],
            asked: asked(picture),
            summary: parts::summary(picture),
            sections: parts::sections(picture),
            pace: picture.burn_up.words(picture.standing.state.is_sent()),
            burn_up: picture.burn_up.clone(),
            blocks: parts::blocks(picture),
            plan: parts::plan(picture),
            certificates: parts::certificates(picture),
            comparison: parts::comparison(picture),
            changed: parts::changed(picture),
            peers: parts::peers(picture),
        }
    }

    /// The heading of the page and the title of the file.
    #[must_use]
    pub fn title(&self) -> String {
        format!("Board paper {}: where we stand", self.number)
    }
}

fn made_by(picture: &Picture, by: &Actor) -> String {
    let roles: Vec<&str> = by.roles_in(picture.found.organisation).map(OrganisationRole::words).collect();
    let roles = if roles.is_empty() { String::new() } else { format!(" ({})", roles.join(", ")) };
    format!("Made by {}{roles}, on {}, London time.", by.name(), picture.now.london_words())
}
