//! Evidence that goes while somebody reads it: whoever has begun gets all of it, and the next one is told.

use futures_util::StreamExt as _;
use portal::platform::canonical::sha256;

use super::{added, at, drafting};
use crate::on_both;
use crate::support::World;

on_both!(what_is_removed_while_it_is_read_is_read_to_its_end);

async fn what_is_removed_while_it_is_read_is_read_to_its_end(world: World) {
    let (trust, mut lead) = drafting(&world).await;
    // More than one piece of what is read at once.
    let content: Vec<u8> =
        (0..300_000_u32).flat_map(|n| format!("{n} ").into_bytes()).take(300_000).collect();
    let piece = added(&mut lead, &trust, "Access policy", &[], &content).await;
    let (hash, size) = (sha256(&content), content.len() as u64);
    let files = &world.portal().files;
    let mut reading = Box::pin(files.read(&hash, size, (0, size)).await.unwrap());
    let mut read = reading.next().await.unwrap().unwrap().to_vec();
    assert!(!read.is_empty() && read.len() < content.len(), "it comes in pieces: {}", read.len());
    // A colleague takes it out of the library, and its file goes from the disk.
    lead.get(&piece).await.expect(200);
    lead.post(&format!("{piece}/remove"), &[]).await.expect(303);
    std::fs::remove_file(files.address(&hash)).unwrap();
    while let Some(more) = reading.next().await {
        read.extend_from_slice(&more.unwrap());
    }
    assert_eq!(read, content);
    // Whoever comes now is told what has happened, on the page and at the content itself.
    lead.get(&at(&trust, "")).await;
    lead.get(&piece).await.expect(200).shows("It was removed from the library");
    lead.get(&format!("{piece}/versions/1")).await.expect(410).shows("is missing in the portal");
    world.settle();
}
