//! The programme team's desk in the browser: imports, the quarantine, the register, people, standards.

mod draft_rules;
mod editing;
mod guidance;
mod imports;
mod jobs;
mod lives;
mod mappings;
mod people;
mod quarantine;
mod register;
mod standards;

use portal::access::{CentralRole, OrganisationRole};

use crate::support::{Browser, World};

/// A fixture of `tests/data/organisations`.
fn fixture(name: &str) -> Vec<u8> {
    let folder = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/organisations");
    std::fs::read(folder.join(name)).unwrap()
}

/// A browser of somebody with one central role.
async fn central(world: &World, name: &str, role: CentralRole) -> Browser {
    world.person(name, &[], &[role]);
    world.signed_in(name).await
}

/// A browser of the programme manager.
async fn programme(world: &World) -> Browser {
    central(world, "Mo Programme", CentralRole::ProgrammeManager).await
}

/// Asserts that an address is there for the right role alone: nobody is sent to sign in, a trust's administrator finds
/// nothing, another role of the central team is told whose it is.
async fn only_for(world: &World, wrong: CentralRole, paths: &[&str]) {
    let trust = world.organisation("ZZX99", "Watching Trust", "nhs_trust");
    world.person("Adi Admin", &[(trust, OrganisationRole::OrganisationAdministrator)], &[]);
    let mut nobody = world.browser();
    let mut outside = world.signed_in("Adi Admin").await;
    let mut inside = central(world, "Rae Other", wrong).await;
    for path in paths {
        assert!(nobody.get(path).await.expect(303).location().starts_with("/sign-in"), "{path}");
        outside.get(path).await.expect(404);
        inside.get(path).await.expect(403).shows("It is for:");
    }
}

/// Files below a folder of the world, `incoming` and all.
fn files_below(world: &World, folder: &str) -> usize {
    let mut waiting = vec![world.folder().join("files").join(folder)];
    let mut count = 0;
    while let Some(next) = waiting.pop() {
        let Ok(entries) = std::fs::read_dir(&next) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                count += 1;
            }
        }
    }
    count
}
