//! `portal verify` on the library's files: what is missing or changed is found, and put right by the same content again.

use std::process::Command;

use portal::platform::canonical::sha256;

use super::{added, drafting};
use crate::on_both;
use crate::support::World;

on_both!(files_are_held_against_their_hashes);

/// Whether everything agrees, and what the command printed.
fn verified(world: &World, more: &[&str]) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_portal"))
        .arg("verify")
        .args(more)
        .env_clear()
        .envs(world.environment())
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}

async fn files_are_held_against_their_hashes(world: World) {
    let (trust, mut lead) = drafting(&world).await;
    let contents = [b"Our policy".as_slice(), b"Our minutes", b"Our records"];
    for content in contents {
        added(&mut lead, &trust, "A piece", &[], content).await;
    }
    world.settle();
    let (agrees, said) = verified(&world, &[]);
    assert!(agrees && said.contains(" 3 files."), "{said}");
    let at = |content: &[u8]| world.portal().files.address(&sha256(content));
    std::fs::remove_file(at(contents[0])).unwrap();
    std::fs::write(at(contents[1]), b"Your minute").unwrap();
    std::fs::write(at(contents[2]), b"Ours").unwrap();
    let (agrees, said) = verified(&world, &[]);
    assert!(!agrees, "{said}");
    assert_eq!(said.matches("is missing").count(), 1, "{said}");
    assert_eq!(said.matches("is not what it was when it came").count(), 2, "{said}");
    assert!(verified(&world, &["--skip-files"]).0);
    for content in contents {
        added(&mut lead, &trust, "The same again", &[], content).await;
    }
    let (agrees, said) = verified(&world, &[]);
    assert!(agrees, "{said}");
    world.settle();
}
