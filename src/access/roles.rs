//! The roles people hold: within an organisation, and in the central team.

crate::text_enum! {
    /// A role within one organisation.
    OrganisationRole {
        /// Answers what was given to them.
        Contributor = "contributor", "Contributor";
        /// Runs the return.
        IgLead = "ig_lead", "Information governance lead";
        /// Manages the organisation's people and may submit.
        OrganisationAdministrator = "organisation_administrator", "Organisation administrator";
        /// Senior information risk owner: signs the return.
        Siro = "siro", "Senior information risk owner";
        /// Guards the confidentiality of people's health and care information.
        CaldicottGuardian = "caldicott_guardian", "Caldicott Guardian";
        /// Data protection officer.
        Dpo = "dpo", "Data protection officer";
    }
}

impl OrganisationRole {
    /// The roles that see a return, its plan and the evidence library as a whole; a contributor sees what they were given.
    pub const READERS: [Self; 5] =
        [Self::IgLead, Self::OrganisationAdministrator, Self::Siro, Self::CaldicottGuardian, Self::Dpo];

    /// The words as they stand within a sentence.
    #[must_use]
    pub const fn in_a_sentence(self) -> &'static str {
        match self {
            Self::Contributor => "contributor",
            Self::IgLead => "information governance lead",
            Self::OrganisationAdministrator => "organisation administrator",
            Self::Siro => "senior information risk owner",
            Self::CaldicottGuardian => "Caldicott Guardian",
            Self::Dpo => "data protection officer",
        }
    }
}

crate::text_enum! {
    /// A role in the central team.
    CentralRole {
        /// Scores submissions.
        CentralReviewer = "central_reviewer", "Central reviewer";
        /// Confirms reviews that change a grade.
        SecondReviewer = "second_reviewer", "Second reviewer";
        /// Issues releases.
        Publisher = "publisher", "Publisher";
        /// Opens collections and runs the programme.
        ProgrammeManager = "programme_manager", "Programme manager";
        /// Maintains standards.
        StandardsEditor = "standards_editor", "Standards editor";
    }
}
