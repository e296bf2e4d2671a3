//! A piece of evidence: what it is called, how carefully it is to be kept, how long it holds, and what its content may
//! be. Pure.

use crate::platform::clock::Day;

crate::text_enum! {
    /// How carefully a piece is to be kept.
    Classification {
        /// The usual business of the public sector.
        Official = "official", "Official";
        /// Official, and harmful in the wrong hands.
        OfficialSensitive = "official_sensitive", "Official-sensitive";
        /// Published, or fit to be.
        Public = "public", "Public";
    }
}

crate::text_enum! {
    /// Whether a piece can be chosen.
    PieceState {
        /// It can.
        Kept = "kept", "In the library";
        /// It was removed; what rests on it stands.
        Removed = "removed", "Removed";
    }
}

crate::text_enum! {
    /// What is known of one version's content.
    ScanState {
        /// No scanner looked at it.
        NotScanned = "not_scanned", "Not scanned";
        /// It waits for the scanner, and cannot be used before.
        Pending = "pending", "Waiting for the malware scan";
        /// The scanner found nothing.
        Clean = "clean", "Scanned: nothing found";
        /// The scanner found something; it cannot be read or used.
        Refused = "refused", "Refused by the malware scan";
    }
}

impl ScanState {
    /// Whether the content can be read.
    #[must_use]
    pub const fn is_readable(self) -> bool {
        matches!(self, Self::NotScanned | Self::Clean)
    }
}

crate::text_enum! {
    /// Which pieces a list shows.
    Show {
        /// All that are in the library.
        All = "all", "All in the library";
        /// Those that hold for longer than the first warning.
        Current = "current", "Current";
        /// Those that end within the first warning.
        Soon = "soon", "Out of date soon";
        /// Those that have ended.
        Stale = "stale", "Out of date";
        /// Those that stand beside no answer.
        Unused = "unused", "Not used";
        /// Those that were removed.
        Removed = "removed", "Removed";
    }
}

crate::text_enum! {
    /// The order of a list.
    Sort {
        /// By title.
        Title = "title", "Title";
        /// What goes out of date first comes first.
        Until = "until", "Valid until";
        /// The newest first.
        Added = "added", "Newest first";
    }
}

/// So many days before a piece goes out of date its owner is warned.
pub const WARN_AHEAD: [i64; 3] = [60, 30, 7];

/// How a piece stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// It holds.
    Current,
    /// It holds, for so many days more.
    Soon(i64),
    /// Its last day is past.
    Stale,
}

/// How what holds up to and including `valid_to` stands on a day.
#[must_use]
pub fn freshness(valid_to: Option<Day>, today: Day) -> Freshness {
    let Some(left) = valid_to.map(|last| today.days_until(last)) else { return Freshness::Current };
    let [first, ..] = WARN_AHEAD;
    match left {
        ..0 => Freshness::Stale,
        _ if left <= first => Freshness::Soon(left),
        _ => Freshness::Current,
    }
}

/// The warning that is due when so many days are left: the nearest one that has been passed. A warning that was missed
/// is made good by this, and one that a nearer one has overtaken is not sent any more.
#[must_use]
pub fn warning_due(days_left: i64) -> Option<i64> {
    WARN_AHEAD.into_iter().filter(|ahead| (0..=*ahead).contains(&days_left)).min()
}

/// What keeps a requirement from being settled because of its evidence; the worst last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// A piece is out of date.
    Stale,
    /// A piece was taken out of the library since, while the return was with the programme.
    Removed,
    /// A file has not been scanned yet.
    Pending,
    /// A file was refused by the scanner.
    Refused,
}

impl Fault {
    /// What is wrong with one attached version on a day, if anything.
    #[must_use]
    pub fn of(scan: ScanState, removed: bool, valid_to: Option<Day>, today: Day) -> Option<Self> {
        match (scan, freshness(valid_to, today)) {
            (ScanState::Refused, _) => Some(Self::Refused),
            (ScanState::Pending, _) => Some(Self::Pending),
            _ if removed => Some(Self::Removed),
            (_, Freshness::Stale) => Some(Self::Stale),
            _ => None,
        }
    }

    /// What is to be done, as a sentence.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Stale => "Evidence beside the answer is out of date: replace it or take it away.",
            Self::Removed => {
                "Evidence beside the answer was taken out of the library: put it back there or take it away here."
            }
            Self::Pending => "A file beside the answer is still waiting for its malware scan.",
            Self::Refused => "The malware scan refused a file beside the answer: replace it or take it away.",
        }
    }
}

/// The most characters of an address.
const LINK_LIMIT: usize = 2000;

/// The address of a page elsewhere. It is shown to people and never fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebLink(String);

impl WebLink {
    /// Reads an https address with a plain host: no name or password in front of it, and no letters that look like
    /// others.
    ///
    /// # Errors
    /// What the address must be like, as a sentence.
    pub fn parse(typed: &str) -> Result<Self, String> {
        let typed = typed.trim();
        if typed.chars().count() > LINK_LIMIT {
            return Err(format!("The web address must be {LINK_LIMIT} characters or fewer"));
        }
        let rest = match typed.get(..8) {
            Some(scheme) if scheme.eq_ignore_ascii_case("https://") => typed.get(8..).unwrap_or_default(),
            _ => return Err("Enter a web address that starts with https://".to_owned()),
        };
        let plain = |c: char| c.is_ascii_graphic() && !"\"<>\\^`{|}".contains(c);
        if !rest.chars().all(plain) {
            return Err(
                "The web address must have no spaces and only plain letters, digits and signs".to_owned()
            );
        }
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let (host, port) =
            authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
        let label =
            |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        let named = host.contains('.') && host.split('.').all(label);
        let ported = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0));
        if named && ported {
            Ok(Self(format!("https://{rest}")))
        } else {
            Err("Enter a web address with a full host name, like https://intranet.trust.example/policy"
                .to_owned())
        }
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn a_piece_holds_up_to_and_including_its_last_day() {
        let stands = |today: &str| freshness(Some(day("2026-06-30")), day(today));
        assert_eq!(stands("2026-04-30"), Freshness::Current);
        assert_eq!(stands("2026-05-01"), Freshness::Soon(60));
        assert_eq!(stands("2026-06-30"), Freshness::Soon(0));
        assert_eq!(stands("2026-07-01"), Freshness::Stale);
        assert_eq!(freshness(None, day("2026-07-01")), Freshness::Current);
    }

    #[test]
    fn the_nearest_warning_that_was_passed_is_due() {
        let due: Vec<_> = [-1, 0, 6, 7, 8, 30, 31, 59, 60, 61].into_iter().map(warning_due).collect();
        let (w7, w30, w60) = (Some(7), Some(30), Some(60));
        assert_eq!(due, [None, w7, w7, w7, w30, w30, w60, w60, w60, None]);
    }

    #[test]
    fn the_worst_fault_is_the_greatest() {
        let today = day("2026-07-01");
        let past = Some(day("2026-06-30"));
        assert_eq!(Fault::of(ScanState::Refused, true, past, today), Some(Fault::Refused));
        assert_eq!(Fault::of(ScanState::Pending, false, None, today), Some(Fault::Pending));
        assert_eq!(Fault::of(ScanState::Clean, true, past, today), Some(Fault::Removed));
        assert_eq!(Fault::of(ScanState::Clean, false, past, today), Some(Fault::Stale));
        assert_eq!(Fault::of(ScanState::NotScanned, false, None, today), None);
        assert!(
            Some(Fault::Stale) > None && Fault::Stale < Fault::Pending && Fault::Pending < Fault::Refused
        );
    }

    #[test]
    fn only_plain_https_addresses_are_links() {
        let read = |text: &str| WebLink::parse(text).map(|link| link.as_str().to_owned());
        assert_eq!(read(" HTTPS://Host.example/a?b=c#d ").unwrap(), "https://Host.example/a?b=c#d");
        assert_eq!(read("https://host.example:8443").unwrap(), "https://host.example:8443");
        let long = format!("https://host.example/{}", "a".repeat(LINK_LIMIT));
        for refused in [
            "",
            "host.example",
            "http://host.example",
            "javascript:alert(1)",
            "https://",
            "https://localhost/x",
            "https://user@host.example/",
            "https://host.example:0/",
            "https://host.example:port/",
            "https://host..example/",
            "https://host.example/a b",
            "https://host.example/\"onclick=",
            "https://hоst.example/",
            &long,
        ] {
            assert!(read(refused).is_err(), "{refused}");
        }
    }
}
