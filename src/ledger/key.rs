//! The log's signing key: Ed25519, from a secret of the installation.

use base64::Engine as _;
use signed_note::{Note, StandardSigner, StandardVerifier, VerifierList};
use tlog_tiles::{Checkpoint, Hash};

use crate::platform::error::{Error, Result};

/// Signs and verifies checkpoints in the C2SP signed-note format.
#[derive(Clone)]
pub struct LogKey {
    origin: String,
    /// The private half in the signed-note format.
    signer: String,
    verifier: String,
}

impl LogKey {
    /// The key of a seed of 32 secret bytes.
    #[must_use]
    pub fn from_seed(origin: &str, seed: &[u8; 32]) -> Self {
        let signing = ed25519_dalek::SigningKey::from_bytes(seed);
        let mut public = vec![1_u8];
        public.extend_from_slice(signing.verifying_key().as_bytes());
        let id = signed_note::key_id(origin, &public);
        let mut private = vec![1_u8];
        private.extend_from_slice(seed);
        let base64 = base64::engine::general_purpose::STANDARD;
        Self {
            origin: origin.to_owned(),
            signer: format!("PRIVATE+KEY+{origin}+{id:08x}+{}", base64.encode(private)),
            verifier: signed_note::new_ed25519_verifier_key(origin, &signing.verifying_key()),
        }
    }

    /// The public half, in the signed-note verifier format; published on the site.
    #[must_use]
    pub fn verifier(&self) -> &str {
        &self.verifier
    }

    /// A signed checkpoint of the tree.
    ///
    /// # Errors
    /// When the note cannot be made.
    pub(super) fn checkpoint(&self, size: u64, root: Hash) -> Result<String> {
        let signer = StandardSigner::new(&self.signer).map_err(|e| failed("read the signing key", e))?;
        let body = Checkpoint::new(&self.origin, size, root, "")
            .map_err(|_| Error::broken("the log's origin cannot stand in a checkpoint"))?
            .to_bytes();
        let mut note = Note::new(&body, &[]).map_err(|e| failed("write a checkpoint", e))?;
        note.add_sigs(&[&signer]).map_err(|e| failed("sign a checkpoint", e))?;
        String::from_utf8(note.to_bytes()).map_err(|e| failed("write a checkpoint", e))
    }

    /// The size and root that a checkpoint signed by this key states.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn open_checkpoint(&self, text: &str) -> Result<(u64, [u8; 32]), String> {
        let verifier = StandardVerifier::new(&self.verifier).map_err(|e| e.to_string())?;
        let note = Note::from_bytes(text.as_bytes()).map_err(|e| e.to_string())?;
        note.verify(&VerifierList::new(vec![Box::new(verifier)])).map_err(|e| e.to_string())?;
        let checkpoint =
            Checkpoint::from_bytes(note.text()).map_err(|_| "the checkpoint is malformed".to_owned())?;
        Ok((checkpoint.size(), checkpoint.hash().0))
    }
}

fn failed(doing: &str, cause: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::internal(format!("failed to {doing}"), cause)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_verifies_and_a_changed_one_does_not() {
        let key = LogKey::from_seed("log.example/x", &[7; 32]);
        let text = key.checkpoint(3, Hash([9; 32])).unwrap();
        assert_eq!(key.open_checkpoint(&text).unwrap(), (3, [9; 32]));
        assert!(key.open_checkpoint(&text.replace("\n3\n", "\n4\n")).is_err());
        let other = LogKey::from_seed("log.example/x", &[8; 32]);
        assert!(other.open_checkpoint(&text).is_err());
    }
}
