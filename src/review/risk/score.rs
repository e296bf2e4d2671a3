//! The score itself, pure: what is known of a case, the weights, and what each input gives. Whole numbers in thousandths
//! throughout, so that anybody can follow the sum by hand.

use serde::{Deserialize, Serialize};

use crate::platform::canonical::sha256;

/// The whole: what an input gives at most, and what the weights add up to.
pub const WHOLE: i64 = 1000;

/// The greatest number of months that can be set: what is older is not looked for.
pub const MOST_MONTHS: i64 = 120;

/// The weights, and where the inputs are full. Each version is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Weight of the first return.
    pub first_return: i64,
    /// Weight of a change since the last return.
    pub change: i64,
    /// Weight of high claims with thin or stale evidence.
    pub evidence: i64,
    /// Weight of claims that certificates contradict.
    pub certificates: i64,
    /// Weight of alerts, incidents and results of audits.
    pub signals: i64,
    /// Weight of the random share.
    pub random: i64,
    /// The part of the requirements, in thousandths, whose change counts as full.
    pub change_full: i64,
    /// The part of the high claims, in thousandths, whose want of evidence counts as full.
    pub evidence_full: i64,
    /// The number of contradicted claims that counts as full.
    pub certificates_full: i64,
    /// What a signal of low severity gives.
    pub low: i64,
    /// What a signal of medium severity gives.
    pub medium: i64,
    /// What a signal of high severity gives.
    pub high: i64,
    /// Characters below which a comment says hardly a word.
    pub thin_characters: i64,
    /// Months after which a file is old.
    pub stale_months: i64,
    /// Months for which a signal counts.
    pub signal_months: i64,
    /// The score from which a risk is medium.
    pub band_medium: i64,
    /// The score from which a risk is high.
    pub band_high: i64,
}

impl Settings {
    /// The weights with the names of their fields and what they weigh, in the order of the page.
    #[must_use]
    pub const fn weights(&self) -> [(&'static str, &'static str, i64); 6] {
        [
            ("first_return", "First return", self.first_return),
            ("change", "Change since the last return", self.change),
            ("evidence", "High claims with thin or stale evidence", self.evidence),
            ("certificates", "Claims that certificates contradict", self.certificates),
            ("signals", "Alerts, incidents and audit results", self.signals),
            ("random", "Random share", self.random),
        ]
    }

    /// The other numbers with the names of their fields, what they say, and their least and greatest value.
    #[must_use]
    pub const fn measures(&self) -> [(&'static str, &'static str, i64, (i64, i64)); 11] {
        [
            (
                "change_full",
                "Part of the requirements changed that is full, in thousandths",
                self.change_full,
                (1, WHOLE),
            ),
            (
                "evidence_full",
                "Part of the high claims without good evidence that is full, in thousandths",
                self.evidence_full,
                (1, WHOLE),
            ),
            ("certificates_full", "Contradicted claims that are full", self.certificates_full, (1, WHOLE)),
            ("low", "A signal of low severity gives, in thousandths", self.low, (0, WHOLE)),
            ("medium", "A signal of medium severity gives, in thousandths", self.medium, (0, WHOLE)),
            ("high", "A signal of high severity gives, in thousandths", self.high, (0, WHOLE)),
            (
                "thin_characters",
                "Characters below which a comment says hardly a word",
                self.thin_characters,
                (1, WHOLE),
            ),
            ("stale_months", "Months after which a file is old", self.stale_months, (1, MOST_MONTHS)),
            ("signal_months", "Months for which a signal counts", self.signal_months, (1, MOST_MONTHS)),
            ("band_medium", "Score from which a risk is medium", self.band_medium, (1, WHOLE - 1)),
            ("band_high", "Score from which a risk is high", self.band_high, (2, WHOLE)),
        ]
    }

    /// Where the bands begin.
    #[must_use]
    pub const fn bands(&self) -> Bands {
        Bands { medium: self.band_medium, high: self.band_high }
    }

    /// Sets the number of this field; false when there is no such field.
    pub fn set(&mut self, field: &str, value: i64) -> bool {
        let place = match field {
            "first_return" => &mut self.first_return,
            "change" => &mut self.change,
            "evidence" => &mut self.evidence,
            "certificates" => &mut self.certificates,
            "signals" => &mut self.signals,
            "random" => &mut self.random,
            "change_full" => &mut self.change_full,
            "evidence_full" => &mut self.evidence_full,
            "certificates_full" => &mut self.certificates_full,
            "low" => &mut self.low,
            "medium" => &mut self.medium,
            "high" => &mut self.high,
            "thin_characters" => &mut self.thin_characters,
            "stale_months" => &mut self.stale_months,
            "signal_months" => &mut self.signal_months,
            "band_medium" => &mut self.band_medium,
            "band_high" => &mut self.band_high,
            _ => return false,
        };
        *place = value;
        true
    }

    /// Why these settings cannot be used, by field; empty when they can.
    #[must_use]
    pub fn faults(&self) -> Vec<(&'static str, String)> {
        let mut faults = Vec::new();
        for (field, _, weight) in self.weights() {
            if !(0..=WHOLE).contains(&weight) {
                faults.push((field, format!("Enter a whole number from 0 to {WHOLE}")));
            }
        }
        for (field, _, value, (least, most)) in self.measures() {
            if !(least..=most).contains(&value) {
                faults.push((field, format!("Enter a whole number from {least} to {most}")));
            }
        }
        let sum: i64 = self.weights().iter().map(|(.., weight)| *weight).sum();
        if faults.is_empty() && sum != WHOLE {
            faults.push(("first_return", format!("The six weights must add up to 1,000, not {sum}")));
        }
        if faults.is_empty() && self.band_high <= self.band_medium {
            faults.push(("band_high", "A high risk must begin above where a medium one does".to_owned()));
        }
        faults
    }
}

/// How much a case needs a look, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Band {
    /// Among those to look at first.
    High,
    /// Between the two.
    Medium,
    /// Nothing much speaks for a look.
    Low,
}

impl Band {
    /// Every band, the highest first.
    pub const ALL: [Self; 3] = [Self::High, Self::Medium, Self::Low];

    /// Its name in addresses.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }
}

/// Where the bands begin, as the weights in force say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bands {
    /// The score from which a risk is medium.
    pub medium: i64,
    /// The score from which a risk is high.
    pub high: i64,
}

impl Bands {
    /// The scores of a band: from the first on, and below the second.
    #[must_use]
    pub const fn of(self, band: Band) -> (i64, i64) {
        match band {
            Band::High => (self.high, i64::MAX),
            Band::Medium => (self.medium, self.high),
            Band::Low => (i64::MIN, self.medium),
        }
    }

    /// What people read.
    #[must_use]
    pub fn words(self, band: Band) -> String {
        match band {
            Band::High => format!("High ({} or more)", self.high),
            Band::Medium => format!("Medium ({} to {})", self.medium, self.high - 1),
            Band::Low => format!("Low (below {})", self.medium),
        }
    }
}

/// What is known of a case, as counts and not yet as values.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inputs {
    /// Whether the organisation has submitted nothing in an earlier collection.
    pub first: bool,
    /// Requirements that the last return was asked too, under the same scheme.
    pub common: i64,
    /// Those whose claim differs from the last one.
    pub changed: i64,
    /// The grade of the last return where this one claims another; empty where it is the same or not comparable.
    pub grade_before: String,
    /// Claims that reach what the return needs them to.
    pub claims: i64,
    /// Of each claim without a file, the characters of its comment.
    pub bare: Vec<i64>,
    /// Of each claim with files, the age of its newest one in months, at most one more than [`MOST_MONTHS`].
    pub ages: Vec<i64>,
    /// Claims that a certificate on record does not bear out.
    pub contradicted: i64,
    /// Why it does not, in sentences.
    pub contradictions: Vec<String>,
    /// The ages of signals of low, medium and high severity, in months.
    pub signals: [Vec<i64>; 3],
    /// The random share.
    pub random: i64,
}

/// One line of the sum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// What it is about.
    pub name: &'static str,
    /// What it gives, of 1,000.
    pub value: i64,
    /// What it weighs, of 1,000.
    pub weight: i64,
    /// Value times weight, of 1,000, rounded down.
    pub contribution: i64,
    /// Why the value is what it is.
    pub words: String,
}

impl Inputs {
    /// The lines of the sum.
    #[must_use]
    pub fn shares(&self, settings: &Settings) -> Vec<Share> {
        let values = [
            self.first_value(),
            self.change_value(settings),
            self.evidence_value(settings),
            self.certificates_value(settings),
            self.signals_value(settings),
            (self.random, format!("Chance gives {} of 1,000 to this submission.", self.random)),
        ];
        settings
            .weights()
            .into_iter()
            .zip(values)
            .map(|((_, name, weight), (value, words))| Share {
                name,
                value,
                weight,
                contribution: value * weight / WHOLE,
                words,
            })
            .collect()
    }

    /// The score, 0 to 1,000.
    #[must_use]
    pub fn risk(&self, settings: &Settings) -> i64 {
        self.shares(settings).iter().map(|share| share.contribution).sum()
    }

    fn first_value(&self) -> (i64, String) {
        if self.first {
            (WHOLE, "The organisation has submitted nothing in an earlier collection.".to_owned())
        } else {
            (0, "The organisation has submitted before.".to_owned())
        }
    }

    fn change_value(&self, settings: &Settings) -> (i64, String) {
        if !self.grade_before.is_empty() {
            return (WHOLE, format!("The last return claimed another grade: {}.", self.grade_before));
        }
        if self.common == 0 {
            return (0, "There is no earlier return to compare with.".to_owned());
        }
        let value = filled(self.changed * WHOLE / self.common, settings.change_full);
        (value, format!("{} of {} claims differ from the last return.", self.changed, self.common))
    }

    fn evidence_value(&self, settings: &Settings) -> (i64, String) {
        if self.claims == 0 {
            return (0, "Nothing is claimed to be reached.".to_owned());
        }
        let thin = counted(&self.bare, |characters| characters < settings.thin_characters);
        let stale = counted(&self.ages, |months| months > settings.stale_months);
        let value = filled((thin + stale) * WHOLE / self.claims, settings.evidence_full);
        let words = format!(
            "Of {} claims that something is reached, {thin} have no file and hardly a word (fewer than {} characters), \
             and {stale} have old files only (more than {} months).",
            self.claims, settings.thin_characters, settings.stale_months
        );
        (value, words)
    }

    fn certificates_value(&self, settings: &Settings) -> (i64, String) {
        if self.contradicted == 0 {
            return (0, "No certificate on record contradicts a claim.".to_owned());
        }
        let value = filled_by(self.contradicted, settings.certificates_full);
        (value, format!("Contradicted claims: {}. {}", self.contradicted, self.contradictions.join(" ")))
    }

    fn signals_value(&self, settings: &Settings) -> (i64, String) {
        let within = |ages: &Vec<i64>| counted(ages, |months| months <= settings.signal_months);
        let [low, medium, high] = self.signals.each_ref().map(within);
        let value = low * settings.low + medium * settings.medium + high * settings.high;
        let words = if low + medium + high == 0 {
            format!(
                "There is no alert, incident or audit result of the last {} months.",
                settings.signal_months
            )
        } else {
            format!(
                "In the last {} months: {high} of high, {medium} of medium and {low} of low severity.",
                settings.signal_months
            )
        };
        (value.min(WHOLE), words)
    }
}

/// How many of these numbers are so.
fn counted(numbers: &[i64], is_so: impl Fn(i64) -> bool) -> i64 {
    i64::try_from(numbers.iter().filter(|number| is_so(**number)).count()).unwrap_or(i64::MAX)
}

/// A part in thousandths, as a value that is full at this part.
fn filled(part: i64, full: i64) -> i64 {
    (part * WHOLE / full.max(1)).min(WHOLE)
}

/// A count, as a value that is full at this count.
fn filled_by(count: i64, full: i64) -> i64 {
    (count * WHOLE / full.max(1)).min(WHOLE)
}

/// The random share of a submission, 0 to 1,000: the first eight bytes of SHA-256 over the collection's seed, a slash and
/// the submission's number, as a big-endian whole number, modulo 1,001. Whoever has the seed can compute it.
#[must_use]
pub fn random_share(seed: &str, submission: i64) -> i64 {
    let hash = sha256(format!("{seed}/{submission}").as_bytes());
    let number = hash.iter().take(8).fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
    i64::try_from(number % 1001).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        Settings {
            first_return: 150,
            change: 200,
            evidence: 200,
            certificates: 150,
            signals: 200,
            random: 100,
            change_full: 250,
            evidence_full: 500,
            certificates_full: 2,
            low: 250,
            medium: 500,
            high: 1000,
            thin_characters: 40,
            stale_months: 24,
            signal_months: 24,
            band_medium: 200,
            band_high: 500,
        }
    }

    #[test]
    fn a_case_by_hand() {
        // 12 of 45 changed: 266 of 1,000, full at 250. Two of 20 have fewer than 40 characters and no file, one has
        // files of more than 24 months: 150, full at 500, so 300. A signal of 25 months counts no more.
        // One contradiction of two: 500. One medium and one low: 750. Chance: 333.
        let inputs = Inputs {
            first: false,
            common: 45,
            changed: 12,
            claims: 20,
            bare: vec![0, 39, 40],
            ages: vec![24, 25, 0],
            contradicted: 1,
            contradictions: vec!["It lapsed.".to_owned()],
            signals: [vec![0, 25], vec![24], vec![120]],
            random: 333,
            ..Inputs::default()
        };
        let shares = inputs.shares(&settings());
        let sums: Vec<(i64, i64, i64)> = shares.iter().map(|s| (s.value, s.weight, s.contribution)).collect();
        assert_eq!(
            sums,
            [(0, 150, 0), (1000, 200, 200), (300, 200, 60), (500, 150, 75), (750, 200, 150), (333, 100, 33)]
        );
        assert_eq!(inputs.risk(&settings()), 518);
    }

    #[test]
    fn the_first_return_and_another_grade_are_full_and_nothing_known_is_nothing() {
        assert_eq!(Inputs::default().risk(&settings()), 0);
        let first = Inputs { first: true, ..Inputs::default() };
        assert_eq!(first.risk(&settings()), 150);
        let other = Inputs { grade_before: "Standards met".to_owned(), common: 10, ..Inputs::default() };
        assert_eq!(other.risk(&settings()), 200);
        // Whatever there is, the whole is 1,000.
        let all = Inputs {
            first: true,
            grade_before: "x".to_owned(),
            claims: 1,
            bare: vec![0],
            contradicted: 9,
            signals: [vec![0; 9], vec![0; 9], vec![0; 9]],
            random: 1000,
            ..Inputs::default()
        };
        assert_eq!(all.risk(&settings()), 1000);
    }

    #[test]
    fn weights_must_add_up() {
        assert!(settings().faults().is_empty());
        let heavy = Settings { random: 101, ..settings() };
        assert_eq!(
            heavy.faults(),
            [("first_return", "The six weights must add up to 1,000, not 1001".to_owned())]
        );
        let wrong = Settings { low: -1, certificates_full: 0, ..settings() };
        assert_eq!(
            wrong.faults().iter().map(|(field, _)| *field).collect::<Vec<_>>(),
            ["certificates_full", "low"]
        );
        let upside_down = Settings { band_medium: 500, ..settings() };
        assert_eq!(upside_down.faults().iter().map(|(field, _)| *field).collect::<Vec<_>>(), ["band_high"]);
        let mut changed = settings();
        for (field, ..) in settings().weights() {
            assert!(changed.set(field, 1));
        }
        for (field, ..) in settings().measures() {
            assert!(changed.set(field, 1));
        }
        assert!(!changed.set("other", 1));
        assert!(changed.weights().iter().all(|(.., weight)| *weight == 1));
    }

    #[test]
    fn what_counts_as_thin_stale_or_past_is_a_setting() {
        let inputs = Inputs {
            claims: 4,
            bare: vec![10, 60],
            ages: vec![13, 30],
            signals: [vec![], vec![], vec![13]],
            ..Inputs::default()
        };
        // 10 characters and 30 months are 2 of 4: full. The signal of 13 months is of high severity: full.
        assert_eq!(inputs.risk(&settings()), 200 + 200);
        let strict = Settings { thin_characters: 61, stale_months: 12, signal_months: 12, ..settings() };
        let words: Vec<String> = inputs.shares(&strict).into_iter().map(|share| share.words).collect();
        assert!(
            words.iter().any(|said| said.contains("2 have no file and hardly a word (fewer than 61")),
            "{words:?}"
        );
        assert!(words.iter().any(|said| said.contains("of the last 12 months")), "{words:?}");
        assert_eq!(inputs.risk(&strict), 200);
        let mild = Settings { thin_characters: 10, stale_months: 30, ..settings() };
        assert_eq!(inputs.risk(&mild), 200);
    }

    #[test]
    fn bands_meet_without_a_gap() {
        let bands = settings().bands();
        let of = |risk: i64| {
            let holds = |band: &Band| (bands.of(*band).0..bands.of(*band).1).contains(&risk);
            let found: Vec<Band> = Band::ALL.into_iter().filter(holds).collect();
            assert_eq!(found.len(), 1, "{risk}");
            found[0]
        };
        use Band::{High, Low, Medium};
        assert_eq!([-1, 0, 199, 200, 499, 500, 5000].map(of), [Low, Low, Low, Medium, Medium, High, High]);
        assert_eq!(bands.words(Medium), "Medium (200 to 499)");
    }

    #[test]
    fn chance_can_be_computed_again() {
        let seed = "00".repeat(32);
        // The worked example of the guide: the digest begins with these eight bytes.
        let hash = sha256(format!("{seed}/7").as_bytes());
        let first = u64::from_be_bytes(hash[..8].try_into().unwrap());
        assert_eq!(random_share(&seed, 7), i64::try_from(first % 1001).unwrap());
        let shares: Vec<i64> = (1..=2000).map(|id| random_share(&seed, id)).collect();
        assert!(shares.iter().all(|share| (0..=1000).contains(share)));
        let mean = shares.iter().sum::<i64>() / 2000;
        assert!((450..=550).contains(&mean), "{mean}");
        assert_ne!(random_share(&"11".repeat(32), 7), random_share(&seed, 7));
    }
}
