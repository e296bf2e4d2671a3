//! Passwords: argon2id with the parameters OWASP recommends (19 MiB, two passes, one lane), never on the event loop.

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::platform::error::{Error, Result};
use crate::platform::random::Random;

/// Fewest characters of a new password (NIST SP 800-63B asks for at least 8; length beats composition rules).
const SHORTEST: usize = 12;

/// A password as typed, never shown or logged.
#[derive(Clone)]
pub struct Password(String);

impl Password {
    /// Accepts a new password, or says what is wrong with it.
    ///
    /// # Errors
    /// A sentence for the person.
    pub fn new(text: &str) -> Result<Self, String> {
        if text.chars().count() < SHORTEST {
            return Err(format!("Enter a password of at least {SHORTEST} characters"));
        }
        if text.len() > 1024 {
            return Err("Enter a password of at most 1,024 characters".to_owned());
        }
        let first = text.chars().next();
        if text.chars().all(|c| Some(c) == first) {
            return Err("Enter a password that is not one character repeated".to_owned());
        }
        Ok(Self(text.to_owned()))
    }

    /// A password typed to sign in, which is right or wrong but has no shape.
    #[must_use]
    pub fn typed(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(..)")
    }
}

fn hasher() -> Result<Argon2<'static>> {
    let params = Params::new(19 * 1024, 2, 1, None)
        .map_err(|e| Error::internal("failed to set up argon2", e.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The hash to store. Takes about 20 ms of a core and 19 MiB.
///
/// # Errors
/// When there is no randomness for the salt.
pub fn hash(password: &Password, random: &dyn Random) -> Result<String> {
    let mut salt = [0_u8; 16];
    random.fill(&mut salt)?;
    Ok(hasher()?
        .hash_password_with_salt(password.0.as_bytes(), &salt)
        .map_err(|e| Error::internal("failed to hash a password", e.to_string()))?
        .to_string())
}

/// Whether the password matches the stored hash. With no hash it takes as long and says no, so that time does not
/// tell whether an account exists.
///
/// # Errors
/// When the stored hash cannot be read.
pub fn matches(password: &Password, stored: Option<&str>) -> Result<bool> {
    const NOBODY: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5bm9ib2R5$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g";
    let hash = PasswordHash::new(stored.unwrap_or(NOBODY))
        .map_err(|e| Error::internal("failed to read a stored password hash", e.to_string()))?;
    Ok(hasher()?.verify_password(password.0.as_bytes(), &hash).is_ok() && stored.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::random::SeededRandom;

    #[test]
    fn only_the_right_password_matches() {
        let random = SeededRandom::new(1);
        let stored = hash(&Password::new("correct horse battery").unwrap(), &random).unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(matches(&Password::typed("correct horse battery"), Some(&stored)).unwrap());
        assert!(!matches(&Password::typed("correct horse batterz"), Some(&stored)).unwrap());
        assert!(!matches(&Password::typed("anything at all"), None).unwrap());
    }

    #[test]
    fn short_and_repeated_passwords_are_refused() {
        assert!(Password::new("eleven char").is_err());
        assert!(Password::new("aaaaaaaaaaaaaaaa").is_err());
        assert_eq!(format!("{:?}", Password::typed("secret")), "Password(..)");
    }
}
