//! The databases that a scenario is run on, one after the other.

use std::path::PathBuf;

use clap::Args;

use crate::driver::Result;

/// Where they are made.
#[derive(Debug, Clone, Args)]
pub struct Databases {
    /// A folder for the database and whatever else is written, on the disk that counts. What an earlier run left there is made
    /// anew.
    #[arg(long)]
    pub folder: PathBuf,
    /// An empty PostgreSQL database that keeps to full durability. Left out without. Its server's memory is not counted.
    #[arg(long)]
    pub postgres: Option<String>,
}

impl Databases {
    /// Empties the folder, and gives the names and addresses of a new embedded database in it and of the server's, where one is
    /// given.
    pub fn make(&self) -> Result<Vec<(&'static str, String)>> {
        if self.folder.exists() {
            std::fs::remove_dir_all(&self.folder)?;
        }
        std::fs::create_dir_all(&self.folder)?;
        let embedded = self.folder.join("portal.sqlite");
        let mut found = vec![("SQLite", format!("sqlite://{}", embedded.display()))];
        found.extend(self.postgres.as_ref().map(|url| ("PostgreSQL", url.clone())));
        Ok(found)
    }
}
