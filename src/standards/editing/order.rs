//! Moving a section or a requirement past its neighbour. Pure.

use super::model::Content;
use crate::platform::error::{Error, Result};
use crate::standards::keys::{RequirementCode, SectionCode};

/// Which way something is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Before the one before it.
    Up,
    /// After the one after it.
    Down,
}

impl Way {
    /// The way of that name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "up" => Some(Self::Up),
            "down" => Some(Self::Down),
            _ => None,
        }
    }

    /// The neighbour of a place among those that count; none at the end.
    fn neighbour(self, places: &[usize], of: usize) -> Option<usize> {
        let at = places.iter().position(|place| *place == of)?;
        let next = match self {
            Self::Up => at.checked_sub(1)?,
            Self::Down => at + 1,
        };
        places.get(next).copied()
    }
}

/// Moves a section past its neighbour under the same heading. At the end nothing changes.
pub(super) fn section(content: &mut Content, code: &SectionCode, way: Way) -> Result<()> {
    let sections = &mut content.parts.sections;
    let place = sections.iter().position(|section| section.code == *code).ok_or(Error::NotFound)?;
    let parent = sections.get(place).and_then(|section| section.parent.clone());
    let beside: Vec<usize> = sections
        .iter()
        .enumerate()
        .filter(|(_, other)| other.parent == parent)
        .map(|(place, _)| place)
        .collect();
    if let Some(other) = way.neighbour(&beside, place) {
        sections.swap(place, other);
    }
    Ok(())
}

/// Moves a requirement past its neighbour in the same section. At the end nothing changes.
pub(super) fn requirement(content: &mut Content, code: &RequirementCode, way: Way) -> Result<()> {
    let all = &mut content.parts.requirements;
    let place = all.iter().position(|requirement| requirement.code == *code).ok_or(Error::NotFound)?;
    let section = all.get(place).map(|requirement| requirement.section.clone());
    let beside: Vec<usize> = all
        .iter()
        .enumerate()
        .filter(|(_, other)| Some(&other.section) == section.as_ref())
        .map(|(place, _)| place)
        .collect();
    if let Some(other) = way.neighbour(&beside, place) {
        all.swap(place, other);
    }
    Ok(())
}
