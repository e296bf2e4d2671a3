//! How the organisations hang together: boards and their areas, partners, head offices, commissioners, successors.

use jiff::civil::Date;

use super::chance::{Chance, Purpose};
use super::organisations::{Chain, Organisation, OrganisationIx};
use super::places::{Area, REGIONS};
use super::sector::Sector;

/// What one organisation is to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RelationKind {
    /// `from` lies in the area of the board `to`.
    GeographicIcb,
    /// `from` is a constitutional partner of the board `to`.
    ConstitutionalPartner,
    /// A part of `from`'s money comes through the board `to`.
    FinancialApportionment,
    /// `from` is a site of the head office `to`.
    HeadOffice,
    /// `from` provides services that `to` commissions.
    Commissioner,
    /// `from` closed and `to` took over its duties.
    Successor,
}

impl RelationKind {
    /// The stable key of the kind.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::GeographicIcb => "geographic_icb",
            Self::ConstitutionalPartner => "constitutional_partner",
            Self::FinancialApportionment => "apportionment",
            Self::HeadOffice => "head_office",
            Self::Commissioner => "commissioner",
            Self::Successor => "successor",
        }
    }
}

/// A dated relation between two organisations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Relation {
    /// Its kind, which says how to read the direction.
    pub kind: RelationKind,
    /// The one side.
    pub from: OrganisationIx,
    /// The other side.
    pub to: OrganisationIx,
    /// First day.
    pub since: Date,
    /// Last day, when it has ended.
    pub until: Option<Date>,
}

/// How many trusts belong to more than one board, as in the real country.
const SHARED_TRUSTS: usize = 33;

fn ix(index: usize) -> OrganisationIx {
    OrganisationIx(u32::try_from(index).unwrap_or(u32::MAX))
}

/// All relations, in the order of the organisations they start from.
#[must_use]
pub fn relations(seed: u64, organisations: &[Organisation], areas: &[Area]) -> Vec<Relation> {
    let boards: Vec<usize> = organisations
        .iter()
        .enumerate()
        .filter(|(_, o)| o.sector == Sector::Icb)
        .map(|(i, _)| i)
        .take(areas.len())
        .collect();
    let mut found = Vec::with_capacity(organisations.len() * 3);
    let mut shared = 0;
    for (index, organisation) in organisations.iter().enumerate() {
        let mut chance = Chance::new(seed, Purpose::Relations, index as u64);
        if organisation.sector != Sector::Icb && organisation.sector != Sector::Alb {
            let Some(board) = boards.get(organisation.area).copied() else { continue };
            let relation = |kind, from, to| Relation {
                kind,
                from: ix(from),
                to: ix(to),
                since: organisation.opened,
                until: organisation.closed,
            };
            found.push(relation(RelationKind::GeographicIcb, index, board));
            if commissioned(organisation.sector) {
                found.push(relation(RelationKind::Commissioner, index, board));
            }
            if organisation.sector == Sector::NhsTrust {
                found.push(relation(RelationKind::ConstitutionalPartner, index, board));
                // Every sixth open trust reaches into the next board's area.
                let neighbour = neighbour_board(organisation, &boards);
                if organisation.closed.is_none()
                    && index % 6 == 2
                    && shared < SHARED_TRUSTS
                    && neighbour != board
                {
                    shared += 1;
                    found.push(relation(RelationKind::GeographicIcb, index, neighbour));
                    found.push(relation(RelationKind::FinancialApportionment, index, neighbour));
                }
            }
        }
        if let Chain::SiteOf(head) = organisation.chain {
            found.push(Relation {
                kind: RelationKind::HeadOffice,
                from: ix(index),
                to: head,
                since: organisation.opened,
                until: organisation.closed,
            });
        }
        if let Some(relation) = succession(&mut chance, index, organisation, organisations) {
            found.push(relation);
        }
    }
    found
}

const fn commissioned(sector: Sector) -> bool {
    matches!(sector, Sector::NhsTrust | Sector::Gp | Sector::Pharmacy | Sector::Dentist | Sector::Optician)
}

/// The board of the next area of the same region.
fn neighbour_board(organisation: &Organisation, boards: &[usize]) -> usize {
    let first: usize = REGIONS.iter().take(organisation.region).map(|region| region.boards).sum();
    let count = REGIONS.get(organisation.region).map_or(1, |region| region.boards);
    let next = first + (organisation.area - first + 1) % count;
    boards.get(next).copied().unwrap_or(organisation.area)
}

/// Trusts and boards always have a successor, practices and pharmacies mostly; others may simply end.
fn succession(
    chance: &mut Chance,
    index: usize,
    organisation: &Organisation,
    organisations: &[Organisation],
) -> Option<Relation> {
    let closed = organisation.closed?;
    let needs_one = match organisation.sector {
        Sector::NhsTrust | Sector::Icb => true,
        Sector::Gp | Sector::Pharmacy | Sector::Dentist | Sector::Optician => chance.happens(0.7),
        _ => chance.happens(0.2),
    };
    if !needs_one {
        return None;
    }
    let open_there = |candidate: &Organisation| {
        candidate.sector == organisation.sector && candidate.closed.is_none() && candidate.opened < closed
    };
    let near = |candidate: &Organisation| open_there(candidate) && candidate.area == organisation.area;
    // Organisations are grouped by sector; start somewhere random among them so that one does not inherit everybody.
    let first = organisations.partition_point(|candidate| candidate.sector < organisation.sector);
    let end = organisations.partition_point(|candidate| candidate.sector <= organisation.sector);
    let start = first + chance.below(end - first);
    let position = |test: &dyn Fn(&Organisation) -> bool| {
        let around = (start..end).chain(first..start);
        around.into_iter().find(|at| organisations.get(*at).is_some_and(test))
    };
    let to = position(&near).or_else(|| position(&open_there))?;
    Some(Relation { kind: RelationKind::Successor, from: ix(index), to: ix(to), since: closed, until: None })
}
