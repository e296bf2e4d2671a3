//! The databases that a scenario is run on, one after the other.

use std::path::Path;

use crate::driver::Result;

/// Empties the folder, and gives the names and addresses of a new embedded database in it and of the server's, where one is given.
pub fn databases(folder: &Path, postgres: Option<&str>) -> Result<Vec<(&'static str, String)>> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    std::fs::create_dir_all(folder)?;
    let mut found = vec![("SQLite", format!("sqlite://{}", folder.join("portal.sqlite").display()))];
    found.extend(postgres.map(|url| ("PostgreSQL", url.to_owned())));
    Ok(found)
}
