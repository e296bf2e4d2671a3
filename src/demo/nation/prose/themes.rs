//! What organisations write about each theme of information governance, when they meet the requirement and when
//! they do not.

/// A theme, recognised by key words of a requirement's title.
#[derive(Debug, PartialEq, Eq)]
pub struct Theme {
    /// Lower-case pieces of words.
    pub(super) words: &'static [&'static str],
    /// Sentences of those who meet it.
    pub(super) met: &'static [&'static str],
    /// Sentences of those who do not.
    pub(super) short: &'static [&'static str],
}

/// All themes; the last one fits everything.
pub static THEMES: [Theme; 12] = [
    Theme {
        words: &["train", "aware", "staff", "competen", "skill"],
        met: &[
            "{pct}% of staff finished the annual module by the end of {month}; the rest are on long-term leave.",
            "New starters cannot use {system} until their first course is complete.",
            "{role} sends managers a list of outstanding training every month, and {forum} sees the totals.",
            "We run {n} short sessions a year on top of the online course and keep the attendance sheets.",
            "Bank and agency staff are covered: the agency sends certificates before the first shift.",
        ],
        short: &[
            "Completion stands at {lowpct}%; two departments with high turnover pull the figure down.",
            "Training records for agency staff are kept on paper and could not be counted in time.",
            "The specialist course for {role} was booked twice and cancelled by the provider.",
        ],
    },
    Theme {
        words: &["access", "account", "identit", "password", "authentic", "privilege", "user"],
        met: &[
            "Accounts on {system} are reviewed every quarter; {many} were closed at the last review.",
            "All administrators use a separate account and a second factor.",
            "Leavers are disabled the same day through the leavers' checklist, and {role} checks a sample monthly.",
            "Access to {system} follows the job role, and exceptions are approved by {role} with an end date.",
            "Shared log-ins were withdrawn in {month} except for {n} ward devices, which are listed and justified.",
        ],
        short: &[
            "A second factor is in use for remote access but not yet for {system}.",
            "The last full review of accounts on {system} is more than a year old.",
            "{many} accounts of people who have left were found still open during preparation for this return.",
        ],
    },
    Theme {
        words: &["backup", "continu", "recover", "resilien", "restor", "disaster"],
        met: &[
            "Backups of {system} are taken nightly, one copy is offline, and a restore was tested in {month}.",
            "The continuity plan was exercised with {n} wards for half a day; lessons went to {forum}.",
            "We restored {system} from backup in {n} hours during the last test, inside the target.",
            "Paper packs for downtime are checked monthly and signed by the shift lead.",
        ],
        short: &[
            "Backups run, but a full restore of {system} has not been tested this year.",
            "The continuity plan still names people who have left; {role} is revising it.",
            "There is no offline copy of {system} yet; equipment is on order.",
        ],
    },
    Theme {
        words: &["supplier", "contract", "third", "processor", "procure"],
        met: &[
            "The supplier register lists {many} suppliers with the data they hold and the date their assurance was checked.",
            "No contract that touches personal data is signed before {role} has agreed the security schedule.",
            "Our {n} largest suppliers were asked for current certificates in {month} and all replied.",
            "Contracts were re-read against the current clauses; {n} were amended.",
        ],
        short: &[
            "About {lowpct}% of suppliers have been checked; smaller ones were left until after the new year.",
            "One older contract for {system} has no clause on reporting incidents.",
            "We rely on statements of the suppliers and have not seen certificates for all of them.",
        ],
    },
    Theme {
        words: &["incident", "breach", "report", "event", "near miss"],
        met: &[
            "{many} incidents were logged in the year, {n} of them reportable; all were reported in time.",
            "Any member of staff can report through the intranet, and {role} answers within {days} days.",
            "Each incident is reviewed for its cause; a summary goes to {forum} every quarter.",
            "We held an exercise in {month} with a lost laptop as its subject and changed the incident procedure afterwards.",
        ],
        short: &[
            "Incidents are logged, but lessons are not yet followed up in a consistent way.",
            "Two incidents were reported after the time allowed because the out-of-hours rota was unclear.",
            "The incident procedure does not yet say who speaks to the regulator.",
        ],
    },
    Theme {
        words: &["patch", "vulnerab", "software", "unsupported", "malware", "update", "penetration", "scan"],
        met: &[
            "Critical patches reach {pct}% of devices within fourteen days; the rest are isolated.",
            "A penetration test in {month} found {n} high issues; all are closed and were retested.",
            "Unsupported software is down to {n} machines, kept off the network, with a date for replacement.",
            "Malware protection updates daily and alerts go to {role} round the clock.",
        ],
        short: &[
            "Only {lowpct}% of servers received the critical patches in time; the imaging archive is the main cause.",
            "{many} workstations still run an operating system out of support, pending replacement of a device driver.",
            "The last penetration test left {n} medium findings open.",
        ],
    },
    Theme {
        words: &["record", "retention", "archiv", "dispos", "coding", "quality"],
        met: &[
            "Records are kept and destroyed according to the records schedule; {role} signs each destruction list.",
            "A sample of {many} records was audited in {month} and {pct}% met the standard.",
            "Paper records at the outside store are indexed and can be fetched within {days} days.",
            "Clinical coding was audited by an outside coder and the results shared with consultants.",
        ],
        short: &[
            "The retention rules are agreed but not yet applied to {system}.",
            "A backlog of {many} boxes has still to be listed before anything is destroyed.",
            "Record keeping audits were suspended for part of the year.",
        ],
    },
    Theme {
        words: &[
            "consent",
            "rights",
            "subject",
            "opt-out",
            "privacy",
            "transparen",
            "lawful",
            "fair",
            "shar",
        ],
        met: &[
            "The privacy notice was rewritten in plain language in {month} and tested with {n} patients.",
            "{many} requests for personal data were answered, {pct}% of them within a month.",
            "The national opt-out is applied to every extract before it leaves; {role} keeps the log.",
            "Each regular flow of data has an agreement with a review date, held by {role}.",
        ],
        short: &[
            "Subject access requests were late in {n} cases during the summer.",
            "Sharing agreements exist for the main flows, but several have passed their review date.",
            "The privacy notice does not yet mention {system}.",
        ],
    },
    Theme {
        words: &["network", "firewall", "encrypt", "device", "mobile", "remote", "wireless", "boundary"],
        met: &[
            "All laptops and phones are encrypted and can be wiped from a distance; this was tested in {month}.",
            "Firewall rules are reviewed twice a year; {many} stale rules were removed at the last review.",
            "Medical devices sit on a network of their own and cannot reach the internet.",
            "The network diagram is at version {v} and was checked against a scan.",
        ],
        short: &[
            "The network is still flat at {n} sites; separation is planned with the refresh.",
            "Encryption of removable media is policy but is not enforced on every device.",
            "Firewall rules have an owner, but no review has been recorded this year.",
        ],
    },
    Theme {
        words: &["asset", "inventory", "register", "hardware"],
        met: &[
            "The asset register holds {many} information assets, each with an owner who confirmed the entry this year.",
            "A scan in {month} matched {pct}% of devices to the register; the rest were traced.",
            "Asset owners report risks to {role} every six months.",
        ],
        short: &[
            "Hardware is registered, but information assets are listed for clinical systems only.",
            "{many} devices found by scanning have no owner in the register.",
        ],
    },
    Theme {
        words: &[
            "policy",
            "policies",
            "governance",
            "board",
            "strateg",
            "leader",
            "responsib",
            "risk",
            "framework",
        ],
        met: &[
            "The {doc} (version {v}) was approved by {forum} in {month} and is on the intranet.",
            "The SIRO reports to the board twice a year; the last paper asked for {n} decisions and got them.",
            "{role} chairs the group that owns this work; minutes and actions are kept.",
            "Risks are scored monthly, and anything high goes to {forum} with an owner and a date.",
        ],
        short: &[
            "The {doc} is in its second draft and will go to {forum} in {month}.",
            "The post responsible was vacant for part of the year and reviews slipped.",
            "The board has seen the plan but not yet a report on progress.",
        ],
    },
    Theme {
        words: &[],
        met: &[
            "This is in place across all {n} sites and was last checked in {month}.",
            "{role} owns this; the evidence is the {doc}, version {v}.",
            "We tested this for {system} in {month} and recorded the result.",
            "Arrangements are unchanged since last year; {role} confirmed them with a spot check in {month}.",
            "{forum} reviews this each quarter; see the minutes of {month}.",
        ],
        short: &[
            "This works at our main site; {n} smaller sites have still to adopt it.",
            "The procedure is written but has been followed in practice only since {month}.",
            "We do not yet have evidence for {system}.",
        ],
    },
];
