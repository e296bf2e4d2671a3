//! The people of the demo nation: staff of organisations and the central team. Given names come from many
//! languages; surnames are birds, plants, stones and weather, so that nobody can take them for real people.

use std::collections::HashSet;

use super::chance::{Chance, Purpose};
use super::organisations::{Chain, Organisation, OrganisationIx};
use super::person_names::{GIVEN_NAMES, SURNAMES};
use super::sector::Sector;

/// A person's position in [`Nation::people`](super::Nation::people).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonIx(pub u32);

impl PersonIx {
    /// The position as an index.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A fictional person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Given name and surname.
    pub name: String,
    /// An address under `.example`, unique in the nation.
    pub email: String,
    /// What it says on the door.
    pub job_title: &'static str,
}

/// What somebody may do for an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Answers requirements that were delegated.
    Contributor,
    /// Runs the return.
    IgLead,
    /// Manages people and submits.
    OrganisationAdministrator,
    /// Senior information risk owner: signs.
    Siro,
    /// Signs the items of the Caldicott function.
    CaldicottGuardian,
    /// Data protection officer.
    Dpo,
}

impl Role {
    /// The stable key of the role.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Contributor => "contributor",
            Self::IgLead => "ig_lead",
            Self::OrganisationAdministrator => "organisation_administrator",
            Self::Siro => "siro",
            Self::CaldicottGuardian => "caldicott_guardian",
            Self::Dpo => "dpo",
        }
    }
}

/// What somebody of the central team may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CentralRole {
    /// Scores submissions.
    Reviewer,
    /// Confirms changed grades and scores blind samples.
    SecondReviewer,
    /// Issues releases.
    Publisher,
    /// Opens collections and approves plans.
    ProgrammeManager,
    /// Edits standards.
    StandardsEditor,
}

impl CentralRole {
    /// The stable key of the role.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Reviewer => "central_reviewer",
            Self::SecondReviewer => "second_reviewer",
            Self::Publisher => "publisher",
            Self::ProgrammeManager => "programme_manager",
            Self::StandardsEditor => "standards_editor",
        }
    }
}

/// A person's role in an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Membership {
    /// Who.
    pub person: PersonIx,
    /// Where.
    pub organisation: OrganisationIx,
    /// As what.
    pub role: Role,
}

/// A person's role in the central team.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CentralPost {
    /// Who.
    pub person: PersonIx,
    /// As what.
    pub role: CentralRole,
}

/// A reviewer's declared interest in an organisation, which bars them from reviewing it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interest {
    /// The reviewer.
    pub person: PersonIx,
    /// The organisation.
    pub organisation: OrganisationIx,
    /// The reason, in plain words.
    pub reason: &'static str,
}

/// Everybody, with what they may do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Staff {
    /// The people; the central team comes first.
    pub people: Vec<Person>,
    /// Roles in organisations, grouped by organisation in order.
    pub memberships: Vec<Membership>,
    /// Roles in the central team.
    pub central: Vec<CentralPost>,
    /// Declared interests of reviewers.
    pub interests: Vec<Interest>,
}

/// How many of the first trusts have every role filled, for the demo's personas.
pub const FULLY_STAFFED_TRUSTS: usize = 12;

const CENTRAL: &[(CentralRole, usize, &str)] = &[
    (CentralRole::ProgrammeManager, 1, "Programme manager"),
    (CentralRole::StandardsEditor, 1, "Standards editor"),
    (CentralRole::Publisher, 1, "Head of statistics"),
    (CentralRole::SecondReviewer, 3, "Senior assurance reviewer"),
    (CentralRole::Reviewer, 8, "Assurance reviewer"),
];

const INTEREST_REASONS: &[&str] = &[
    "Worked there until two years ago",
    "A close relative is on its board",
    "Advised it on its improvement plan before joining the programme",
    "Holds an honorary post there",
    "Is a public governor of the trust",
];

/// Collects people and sees to it that no two share an address.
struct Recruiter {
    staff: Staff,
    addresses: HashSet<String>,
}

impl Recruiter {
    fn hire(&mut self, chance: &mut Chance, domain: &str, job_title: &'static str) -> PersonIx {
        let mut given = chance.pick(GIVEN_NAMES);
        let mut surname = chance.pick(SURNAMES);
        let mut email = address(given, surname, domain, 0);
        let mut attempt = 0;
        while !self.addresses.insert(email.clone()) {
            attempt += 1;
            given = chance.pick(GIVEN_NAMES);
            surname = chance.pick(SURNAMES);
            email = address(given, surname, domain, attempt);
        }
        self.staff.people.push(Person { name: format!("{given} {surname}"), email, job_title });
        PersonIx(u32::try_from(self.staff.people.len() - 1).unwrap_or(u32::MAX))
    }

    fn appoint(&mut self, person: PersonIx, organisation: OrganisationIx, role: Role) {
        self.staff.memberships.push(Membership { person, organisation, role });
    }
}

fn address(given: &str, surname: &str, domain: &str, attempt: usize) -> String {
    let suffix = if attempt > 20 { attempt.to_string() } else { String::new() };
    format!("{}.{}{suffix}@{domain}", given.to_lowercase(), surname.to_lowercase())
}

/// The central team and everybody in the organisations. Every trust and board has an IG lead and a SIRO; the first
/// [`FULLY_STAFFED_TRUSTS`] trusts have every role; sites of a chain are looked after by their head office's people.
#[must_use]
pub fn staff(seed: u64, organisations: &[Organisation]) -> Staff {
    let mut recruiter = Recruiter { staff: Staff::default(), addresses: HashSet::new() };
    let mut chance = Chance::new(seed, Purpose::People, 0xFFFF_FFFF);
    for (role, count, title) in CENTRAL {
        for _ in 0..*count {
            let person = recruiter.hire(&mut chance, "programme.example", title);
            recruiter.staff.central.push(CentralPost { person, role: *role });
        }
    }
    let mut office: Option<(OrganisationIx, PersonIx, PersonIx)> = None;
    for (index, organisation) in organisations.iter().enumerate() {
        let here = OrganisationIx(u32::try_from(index).unwrap_or(u32::MAX));
        if let (Chain::SiteOf(head), Some((known, lead, signer))) = (organisation.chain, office)
            && head == known
        {
            recruiter.appoint(lead, here, Role::IgLead);
            recruiter.appoint(signer, here, Role::Siro);
            continue;
        }
        let mut chance = Chance::new(seed, Purpose::People, index as u64);
        let (lead, signer) = staff_organisation(&mut recruiter, &mut chance, here, organisation);
        if organisation.chain == Chain::HeadOffice {
            office = Some((here, lead, signer));
        }
    }
    recruiter.staff.interests = interests(seed, &recruiter.staff.central, organisations);
    recruiter.staff
}

/// Hires for one organisation and returns its IG lead and its SIRO, who are never the same person.
fn staff_organisation(
    recruiter: &mut Recruiter,
    chance: &mut Chance,
    here: OrganisationIx,
    organisation: &Organisation,
) -> (PersonIx, PersonIx) {
    let domain = format!("{}.example", organisation.code.to_lowercase());
    let large = organisation.sector.is_large() || organisation.sector == Sector::LocalAuthority;
    let (lead_title, signer_title) = if large {
        (
            chance.pick(&[
                "Head of information governance",
                "Information governance lead",
                "Data security manager",
            ]),
            chance.pick(&[
                "Director of finance",
                "Chief operating officer",
                "Chief digital officer",
                "Deputy chief executive",
            ]),
        )
    } else {
        match organisation.sector {
            Sector::SocialCare => ("Registered manager", "Owner"),
            Sector::Gp => ("Practice manager", "Senior partner"),
            Sector::Pharmacy | Sector::Dentist | Sector::Optician => {
                ("Information lead", "Superintendent or principal")
            }
            _ => ("Compliance manager", "Director"),
        }
    };
    let lead = recruiter.hire(chance, &domain, lead_title);
    recruiter.appoint(lead, here, Role::IgLead);
    let signer = recruiter.hire(chance, &domain, signer_title);
    recruiter.appoint(signer, here, Role::Siro);
    let full = organisation.sector == Sector::NhsTrust && here.index() < FULLY_STAFFED_TRUSTS;
    if organisation.sector.is_large() {
        let guardian = recruiter.hire(chance, &domain, "Medical director");
        recruiter.appoint(guardian, here, Role::CaldicottGuardian);
        if full || chance.happens(0.7) {
            let officer = recruiter.hire(chance, &domain, "Data protection officer");
            recruiter.appoint(officer, here, Role::Dpo);
        }
        if full || chance.happens(0.4) {
            let administrator = recruiter.hire(chance, &domain, "Corporate services manager");
            recruiter.appoint(administrator, here, Role::OrganisationAdministrator);
        } else {
            recruiter.appoint(lead, here, Role::OrganisationAdministrator);
        }
        let contributors = if full { 2 } else { chance.between(0, 2) };
        for _ in 0..contributors {
            let title = chance.pick(&[
                "Cyber security manager",
                "Records manager",
                "Training coordinator",
                "Head of IT",
            ]);
            let contributor = recruiter.hire(chance, &domain, title);
            recruiter.appoint(contributor, here, Role::Contributor);
        }
    } else {
        recruiter.appoint(lead, here, Role::OrganisationAdministrator);
    }
    (lead, signer)
}

/// Two interests for every other reviewer, in trusts.
fn interests(seed: u64, central: &[CentralPost], organisations: &[Organisation]) -> Vec<Interest> {
    let mut chance = Chance::new(seed, Purpose::People, 0xFFFF_FFFE);
    let trusts: Vec<usize> = organisations
        .iter()
        .enumerate()
        .filter(|(_, organisation)| organisation.sector == Sector::NhsTrust && organisation.closed.is_none())
        .map(|(index, _)| index)
        .collect();
    let mut declared: Vec<Interest> = Vec::new();
    let reviewers = central
        .iter()
        .filter(|post| matches!(post.role, CentralRole::Reviewer | CentralRole::SecondReviewer));
    for post in reviewers.step_by(2) {
        for _ in 0..2 {
            let trust = chance.pick(&trusts);
            let organisation = OrganisationIx(u32::try_from(trust).unwrap_or(u32::MAX));
            let reason = chance.pick(INTEREST_REASONS);
            let known = declared.iter().any(|i| i.person == post.person && i.organisation == organisation);
            if !known {
                declared.push(Interest { person: post.person, organisation, reason });
            }
        }
    }
    declared
}
