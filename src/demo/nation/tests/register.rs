//! Tests of organisations, relations and people.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::super::Nation;
use super::super::organisations::Chain;
use super::super::people::{CentralRole, FULLY_STAFFED_TRUSTS, Role};
use super::super::places::REGIONS;
use super::super::relations::RelationKind;
use super::super::sector::{Scale, Sector, TrustKind};
use super::editions::{assertions, plan, small};

#[test]
fn the_small_nation_has_the_promised_counts() {
    let nation = small(1);
    let open =
        |sector| nation.organisations.iter().filter(|o| o.sector == sector && o.closed.is_none()).count();
    assert_eq!(nation.organisations.len(), Scale::Small.total());
    assert_eq!(open(Sector::NhsTrust), 220);
    assert_eq!(open(Sector::Icb), 42);
    for sector in Sector::ALL {
        assert!(open(sector) > 0, "{sector:?}");
    }
    let ambulances =
        nation.organisations.iter().filter(|o| o.trust_kind == Some(TrustKind::Ambulance)).count();
    assert_eq!(ambulances, 10);
    for region in REGIONS {
        let trusts = nation
            .organisations
            .iter()
            .filter(|o| o.sector == Sector::NhsTrust && o.closed.is_none() && o.region_code() == region.code)
            .count();
        assert!(trusts >= 10, "{} has {trusts} trusts", region.name);
    }
    let sites = nation
        .organisations
        .iter()
        .filter(|o| o.sector == Sector::Pharmacy && matches!(o.chain, Chain::SiteOf(_)))
        .count();
    assert_eq!(sites, 40);
}

fn unique(nation: &Nation) {
    let names: BTreeSet<&str> = nation.organisations.iter().map(|o| o.name.as_str()).collect();
    let codes: BTreeSet<&str> = nation.organisations.iter().map(|o| o.code.as_str()).collect();
    let emails: BTreeSet<&str> = nation.staff.people.iter().map(|person| person.email.as_str()).collect();
    assert_eq!(names.len(), nation.organisations.len());
    assert_eq!(codes.len(), nation.organisations.len());
    assert_eq!(emails.len(), nation.staff.people.len());
    assert!(emails.iter().all(|email| email.ends_with(".example")));
}

#[test]
fn nothing_collides_inside_the_nation() {
    unique(&small(1));
    unique(&small(2));
    let national = Nation::generate(&plan(1, Scale::National, assertions()));
    assert_eq!(national.organisations.len(), 64_000);
    unique(&national);
}

/// Every cell of the real files, upper-cased and trimmed.
fn real_cells() -> Option<BTreeSet<String>> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let mut cells = BTreeSet::new();
    for folder in ["register", "organisations"] {
        for entry in std::fs::read_dir(data.join(folder)).ok()? {
            let mut reader = csv::ReaderBuilder::new()
                .has_headers(false)
                .flexible(true)
                .from_path(entry.ok()?.path())
                .ok()?;
            for record in reader.byte_records() {
                for cell in &record.unwrap() {
                    cells.insert(String::from_utf8_lossy(cell).trim().to_uppercase());
                }
            }
        }
    }
    Some(cells)
}

#[test]
fn nothing_collides_with_the_real_registers() {
    let Some(real) = real_cells() else {
        println!("skipped: ../shared/data is absent");
        return;
    };
    assert!(real.len() > 100_000, "only {} cells read", real.len());
    assert!(real.iter().all(|cell| !cell.starts_with("ZZ")), "a real cell begins like our codes");
    for (seed, scale) in [(1, Scale::National), (1, Scale::Small), (2, Scale::Small)] {
        let nation = Nation::generate(&plan(seed, scale, assertions()));
        for organisation in &nation.organisations {
            assert!(!real.contains(&organisation.name.to_uppercase()), "{} is real", organisation.name);
            assert!(!real.contains(&organisation.code), "{} is real", organisation.code);
            assert!(
                !real.contains(&organisation.address.town.to_uppercase()),
                "{}",
                organisation.address.town
            );
        }
    }
}

#[test]
fn every_organisation_has_a_board_and_every_closed_trust_a_successor() {
    let nation = small(3);
    let mut boards: BTreeMap<usize, usize> = BTreeMap::new();
    let mut successors: BTreeMap<usize, usize> = BTreeMap::new();
    for relation in &nation.relations {
        let to = &nation.organisations[relation.to.index()];
        match relation.kind {
            RelationKind::GeographicIcb => {
                assert_eq!(to.sector, Sector::Icb);
                *boards.entry(relation.from.index()).or_default() += 1;
            }
            RelationKind::Successor => {
                let from = &nation.organisations[relation.from.index()];
                assert_eq!(from.sector, to.sector);
                assert!(to.closed.is_none());
                assert_eq!(from.closed, Some(relation.since));
                successors.insert(relation.from.index(), relation.to.index());
            }
            RelationKind::HeadOffice => {
                let site = &nation.organisations[relation.from.index()];
                assert!(matches!(site.chain, Chain::SiteOf(head) if head == relation.to));
            }
            _ => {}
        }
    }
    for (index, organisation) in nation.organisations.iter().enumerate() {
        let outside = matches!(organisation.sector, Sector::Icb | Sector::Alb);
        assert_eq!(boards.contains_key(&index), !outside, "{}", organisation.name);
        if matches!(organisation.sector, Sector::NhsTrust | Sector::Icb) && organisation.closed.is_some() {
            assert!(successors.contains_key(&index), "{}", organisation.name);
        }
    }
    let shared = boards.values().filter(|count| **count > 1).count();
    assert_eq!(shared, 33);
}

#[test]
fn trusts_are_staffed_and_the_central_team_is_complete() {
    let nation = small(4);
    for (index, organisation) in nation.organisations.iter().enumerate() {
        let members =
            nation.members(super::super::organisations::OrganisationIx(u32::try_from(index).unwrap()));
        let who = |role| members.iter().find(|member| member.role == role).map(|member| member.person);
        assert!(who(Role::IgLead).is_some(), "{}", organisation.name);
        assert_ne!(who(Role::IgLead), who(Role::Siro), "{}", organisation.name);
        if organisation.sector == Sector::NhsTrust && index < FULLY_STAFFED_TRUSTS {
            for role in
                [Role::Contributor, Role::OrganisationAdministrator, Role::CaldicottGuardian, Role::Dpo]
            {
                assert!(who(role).is_some(), "{} lacks {role:?}", organisation.name);
            }
        }
    }
    let count = |role| nation.staff.central.iter().filter(|post| post.role == role).count();
    assert_eq!(count(CentralRole::Reviewer), 8);
    assert_eq!(count(CentralRole::SecondReviewer), 3);
    assert_eq!(count(CentralRole::Publisher), 1);
    assert_eq!(count(CentralRole::ProgrammeManager), 1);
    assert_eq!(count(CentralRole::StandardsEditor), 1);
    assert!(!nation.staff.interests.is_empty());
}
