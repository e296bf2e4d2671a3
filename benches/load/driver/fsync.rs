//! Counts how often a server makes its writes durable, without slowing it down: a small library that is loaded before libc
//! counts fsync and fdatasync into a file. (A tracer would stop the process at every system call.)

use std::path::{Path, PathBuf};
use std::process::Command;

use super::Result;

/// A count that a process started with `attach` keeps up.
#[derive(Debug)]
pub struct Counter {
    library: PathBuf,
    file: PathBuf,
}

impl Counter {
    /// Builds the library with the machine's C compiler, into a folder of the caller's.
    pub fn build(folder: &Path) -> Result<Self> {
        let (source, library, file) =
            (folder.join("fsync_count.c"), folder.join("fsync_count.so"), folder.join("fsync_count"));
        std::fs::write(&source, include_str!("fsync_count.c"))?;
        let status = Command::new("cc")
            .args(["-shared", "-fPIC", "-O2", "-o"])
            .args([&library, &source])
            .arg("-ldl")
            .status()?;
        if !status.success() {
            return Err("cc could not build the counter of fsyncs".into());
        }
        std::fs::write(&file, 0_u64.to_ne_bytes())?;
        Ok(Self { library, file })
    }

    /// Makes a command that is about to be started count here.
    pub fn attach(&self, command: &mut Command) {
        command.env("LD_PRELOAD", &self.library).env("PORTAL_FSYNC_COUNT", &self.file);
    }

    /// How many there were so far.
    pub fn count(&self) -> Result<u64> {
        let bytes = std::fs::read(&self.file)?;
        Ok(u64::from_ne_bytes(bytes.as_slice().try_into()?))
    }
}
