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

    /// Who can check what this key signed.
    #[must_use]
    pub fn public_half(&self) -> Verifier {
        Verifier(self.verifier.clone())
    }

    /// A signed checkpoint of the tree.
    ///
    /// # Errors
    /// When the note cannot be made.
    pub(super) fn checkpoint(&self, size: u64, root: Hash) -> Result<String> {
        let body = Checkpoint::new(&self.origin, size, root, "")
            .map_err(|_| Error::broken("the log's origin cannot stand in a checkpoint"))?
            .to_bytes();
        self.note(&body)
    }

    /// A signed note of this text, which ends with a line break. Its second line must be no number, so that it can never
    /// pass for a checkpoint.
    ///
    /// # Errors
    /// When the note cannot be made, or could pass for a checkpoint.
    pub fn sign(&self, text: &str) -> Result<String> {
        let second = text.lines().nth(1).unwrap_or_default();
        if second.is_empty() || second.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Error::broken("a note that could pass for a checkpoint is not signed"));
        }
        self.note(text.as_bytes())
    }

    fn note(&self, body: &[u8]) -> Result<String> {
        let signer = StandardSigner::new(&self.signer).map_err(|e| failed("read the signing key", e))?;
        let mut note = Note::new(body, &[]).map_err(|e| failed("write a signed note", e))?;
        note.add_sigs(&[&signer]).map_err(|e| failed("sign a note", e))?;
        String::from_utf8(note.to_bytes()).map_err(|e| failed("write a signed note", e))
    }

    /// The size and root that a checkpoint signed by this key states.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn open_checkpoint(&self, text: &str) -> Result<(u64, [u8; 32]), String> {
        self.public_half().open_checkpoint(text)
    }
}

/// The public half of a [`LogKey`]: checks what the key signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verifier(String);

impl Verifier {
    /// Reads the signed-note verifier format, as the site shows it.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        StandardVerifier::new(text).map_err(|e| e.to_string())?;
        Ok(Self(text.to_owned()))
    }

    /// The text of the key.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text that a signed note carries.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn open(&self, note: &str) -> Result<Vec<u8>, String> {
        let verifier = StandardVerifier::new(&self.0).map_err(|e| e.to_string())?;
        let note = Note::from_bytes(note.as_bytes()).map_err(|e| e.to_string())?;
        note.verify(&VerifierList::new(vec![Box::new(verifier)])).map_err(|e| e.to_string())?;
        Ok(note.text().to_vec())
    }

    /// The size and root that a checkpoint states.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn open_checkpoint(&self, text: &str) -> Result<(u64, [u8; 32]), String> {
        let text = self.open(text)?;
        let checkpoint =
            Checkpoint::from_bytes(&text).map_err(|_| "the checkpoint is malformed".to_owned())?;
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

    #[test]
    fn a_note_is_opened_by_its_own_key_only_and_never_passes_for_a_checkpoint() {
        let key = LogKey::from_seed("log.example/x", &[7; 32]);
        let note = key.sign("portal release bundle v1\nreturns-2026\nabc\n").unwrap();
        assert_eq!(note, key.sign("portal release bundle v1\nreturns-2026\nabc\n").unwrap());
        let public = Verifier::parse(&format!(" {}\n", key.verifier())).unwrap();
        assert_eq!(public.open(&note).unwrap(), b"portal release bundle v1\nreturns-2026\nabc\n");
        assert!(public.open(&note.replace("2026", "2027")).is_err());
        assert!(public.open_checkpoint(&note).is_err());
        assert!(LogKey::from_seed("log.example/x", &[8; 32]).public_half().open(&note).is_err());
        assert!(key.sign("x\n3\ny\n").is_err() && key.sign("x\n").is_err());
        assert!(Verifier::parse("no key").is_err());
    }
}
