//! Randomness as a parameter: the operating system's in service, seeded in tests and in the demo.

use std::sync::Mutex;

use base64::Engine as _;
use rand::{RngCore, SeedableRng, TryRngCore};
use rand_chacha::ChaCha20Rng;

use super::error::{Error, Result};

/// Where unguessable bytes come from.
pub trait Random: Send + Sync {
    /// Fills the slice.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    fn fill(&self, bytes: &mut [u8]) -> Result<()>;
}

/// The operating system's source.
#[derive(Debug, Clone, Copy)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<()> {
        rand::rngs::OsRng
            .try_fill_bytes(bytes)
            .map_err(|e| Error::broken(format!("the operating system gave no randomness: {e}")))
    }
}

/// A repeatable source for tests and the demo; never for secrets of a real service.
#[derive(Debug)]
pub struct SeededRandom(Mutex<ChaCha20Rng>);

impl SeededRandom {
    /// The same seed gives the same bytes.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(ChaCha20Rng::seed_from_u64(seed)))
    }
}

impl Random for SeededRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<()> {
        let mut rng = self.0.lock().map_err(|_| Error::broken("the seeded source is poisoned".to_owned()))?;
        rng.fill_bytes(bytes);
        Ok(())
    }
}

/// A fresh secret of 32 random bytes in URL-safe base64 without padding.
///
/// # Errors
/// When there is no randomness.
pub fn token(random: &dyn Random) -> Result<String> {
    let mut bytes = [0_u8; 32];
    random.fill(&mut bytes)?;
    Ok(base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes))
}
