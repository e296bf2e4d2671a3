//! Secrets of this installation: 32 random bytes each, made on first use, readable by their owner only.

use std::io::Write as _;
use std::path::Path;

use base64::Engine as _;

use super::error::{Error, Result};
use super::random::Random;

/// Reads the secret `NAME.key` in the folder, or makes it there.
///
/// # Errors
/// When the file can be neither read nor made, or does not hold a secret.
pub fn keep(folder: &Path, name: &str, random: &dyn Random) -> Result<[u8; 32]> {
    let path = folder.join(format!("{name}.key"));
    let base64 = base64::engine::general_purpose::STANDARD;
    match std::fs::read_to_string(&path) {
        Ok(text) => {
            base64.decode(text.trim()).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok()).ok_or_else(
                || Error::broken(format!("{} does not hold a secret of 32 bytes", path.display())),
            )
        }
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            let mut secret = [0_u8; 32];
            random.fill(&mut secret)?;
            std::fs::create_dir_all(folder)
                .map_err(|e| Error::io(format!("failed to make the folder {}", folder.display()), e))?;
            save(&path, &base64.encode(secret))
                .map_err(|e| Error::io(format!("failed to write {}", path.display()), e))?;
            Ok(secret)
        }
        Err(e) => Err(Error::io(format!("failed to read {}", path.display()), e)),
    }
}

/// Whether the secret has been made.
#[must_use]
pub fn is_kept(folder: &Path, name: &str) -> bool {
    folder.join(format!("{name}.key")).is_file()
}

fn save(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    writeln!(file, "{text}")?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::random::SeededRandom;

    #[test]
    fn a_secret_is_made_once_and_a_damaged_one_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let random = SeededRandom::new(1);
        let first = keep(folder.path(), "log", &random).unwrap();
        assert_eq!(keep(folder.path(), "log", &random).unwrap(), first);
        assert_ne!(keep(folder.path(), "other", &random).unwrap(), first);
        std::fs::write(folder.path().join("log.key"), "nonsense").unwrap();
        assert!(keep(folder.path(), "log", &random).is_err());
    }
}
