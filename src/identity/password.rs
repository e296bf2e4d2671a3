//! Passwords: argon2id with the parameters OWASP recommends (19 MiB, two passes, one lane), never on the event loop, and
//! one at a time in the same memory: a crowd that signs in at once takes one core and 19 MiB, not all there is.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use subtle::ConstantTimeEq as _;

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

/// Bytes of a hash.
const LENGTH: usize = 32;

/// The memory that passwords are hashed in, one at a time.
static ROOM: Mutex<Vec<Block>> = Mutex::new(Vec::new());
/// How many are hashed or wait for their turn.
static CROWD: AtomicUsize = AtomicUsize::new(0);
/// Whether memory that is freed goes back to the system. The system's own allocator would keep it for every thread that
/// ever asked, so without the other one the room stays.
const GOES_BACK: bool = cfg!(feature = "jemalloc");

fn params() -> argon2::Result<Params> {
    Params::new(19 * 1024, 2, 1, Some(LENGTH))
}

/// The hash of a password, waiting for its turn.
fn compute(params: &Params, password: &Password, salt: &[u8], length: usize) -> argon2::Result<Vec<u8>> {
    CROWD.fetch_add(1, Ordering::Relaxed);
    let mut room = ROOM.lock().unwrap_or_else(PoisonError::into_inner);
    room.resize(params.block_count(), Block::default());
    let mut out = vec![0; length];
    let hashed = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone())
        .hash_password_into_with_memory(password.0.as_bytes(), salt, &mut out, room.as_mut_slice());
    // Kept for whoever waits, and by nobody else.
    if CROWD.fetch_sub(1, Ordering::Relaxed) == 1 && GOES_BACK {
        *room = Vec::new();
    }
    hashed.map(|()| out)
}

/// The hash to store. Takes about 20 ms of a core.
///
/// # Errors
/// When there is no randomness for the salt.
pub fn hash(password: &Password, random: &dyn Random) -> Result<String> {
    let mut salt = [0_u8; 16];
    random.fill(&mut salt)?;
    let failed = |e: &dyn std::fmt::Display| Error::internal("failed to hash a password", e.to_string());
    let params = params().map_err(|e| failed(&e))?;
    let out = compute(&params, password, &salt, LENGTH).map_err(|e| failed(&e))?;
    let stored = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&params).map_err(|e| failed(&e))?,
        salt: Some(Salt::new(&salt).map_err(|e| failed(&e))?),
        hash: Some(Output::new(&out).map_err(|e| failed(&e))?),
    };
    Ok(stored.to_string())
}

/// Whether the password matches the stored hash. With no hash it takes as long and says no, so that time does not
/// tell whether an account exists.
///
/// # Errors
/// When the stored hash cannot be read.
pub fn matches(password: &Password, stored: Option<&str>) -> Result<bool> {
    const NOBODY: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5bm9ib2R5$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g";
    let unreadable = |why: String| Error::internal("failed to read a stored password hash", why);
    let hash = PasswordHash::new(stored.unwrap_or(NOBODY)).map_err(|e| unreadable(e.to_string()))?;
    let params = Params::try_from(&hash).map_err(|e| unreadable(e.to_string()))?;
    let ours = hash.algorithm == Algorithm::Argon2id.ident() && hash.version == Some(Version::V0x13.into());
    let (Some(salt), Some(expected), true) = (&hash.salt, &hash.hash, ours) else {
        return Err(unreadable("it is not one of argon2id, version 19".to_owned()));
    };
    let found = compute(&params, password, salt, expected.len()).map_err(|e| unreadable(e.to_string()))?;
    Ok(bool::from(found.ct_eq(expected.as_bytes())) && stored.is_some())
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
        assert!(matches(&Password::typed("x"), Some("$argon2i$v=19$m=64,t=1,p=1$c29tZXNhbHQ$AAAA")).is_err());
        let parsed = PasswordHash::new(&stored).unwrap();
        let own = Argon2::default();
        let verified =
            argon2::password_hash::PasswordVerifier::verify_password(&own, b"correct horse battery", &parsed);
        assert!(verified.is_ok(), "the library reads what is stored");
    }

    #[test]
    fn short_and_repeated_passwords_are_refused() {
        assert!(Password::new("eleven char").is_err());
        assert!(Password::new("aaaaaaaaaaaaaaaa").is_err());
        assert_eq!(format!("{:?}", Password::typed("secret")), "Password(..)");
    }
}
