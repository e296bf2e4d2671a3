//! Organisation codes as they should be.

/// The code of an organisation in the national directory: 2 to 23 upper-case letters, digits and hyphens, beginning
/// and ending with a letter or digit. Stored as TEXT.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct OdsCode(String);

impl OdsCode {
    /// How many characters a code may have.
    pub const LENGTHS: std::ops::RangeInclusive<usize> = 2..=23;

    /// Reads a code that must be right as it stands, such as one in an address; lower case is accepted.
    ///
    /// # Errors
    /// Says what a code looks like.
    pub fn parse(text: &str) -> Result<Self, String> {
        let upper = text.trim().to_ascii_uppercase();
        Self::strict(&upper)
            .ok_or_else(|| "An organisation code has 2 to 23 letters, digits and hyphens.".to_owned())
    }

    /// Takes a text that is a code to the letter; none when it is not.
    #[must_use]
    pub fn strict(text: &str) -> Option<Self> {
        let fits = Self::LENGTHS.contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-')
            && !text.starts_with('-')
            && !text.ends_with('-');
        fits.then(|| Self(text.to_owned()))
    }

    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for OdsCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::borrow::Borrow<str> for OdsCode {
    fn borrow(&self) -> &str {
        &self.0
    }
}
