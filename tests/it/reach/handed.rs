//! What actors are given.

use portal::access::CentralRole::CentralReviewer;
use portal::access::OrganisationRole::{Contributor, OrganisationAdministrator};
use portal::access::{Actor, Permit, Subject};
use portal::identity;
use portal::platform::db::Reach;
use portal::platform::error::Error;
use portal::platform::ids::PersonId;

use crate::on_both;
use crate::support::{World, everybodys};

on_both!(an_actor_is_given_what_their_roles_cover, a_role_that_ended_covers_nothing);

fn actor(world: &World, person: PersonId) -> Actor {
    world.db().read_now(Reach::nobodys(), move |conn| identity::actor_of(conn, person)).unwrap()
}

async fn an_actor_is_given_what_their_roles_cover(world: World) {
    let (ours, theirs) = (world.trust("ZZ001"), world.trust("ZZ002"));
    let lead = actor(&world, ours.lead);
    assert_eq!(lead.reach_in(ours.id).unwrap(), Actor::system().reach_in(ours.id).unwrap());
    assert_ne!(lead.reach_in(ours.id).unwrap(), Actor::system().reach_in(theirs.id).unwrap());
    assert!(matches!(lead.reach_in(theirs.id), Err(Error::NotFound)));
    assert!(matches!(lead.central_reach(), Err(Error::NotFound)));
    let reviewer = actor(&world, world.person("Ada Reviewer", &[], &[CentralReviewer]));
    assert_eq!(reviewer.central_reach().unwrap(), everybodys());
    assert_eq!(reviewer.reach_in(theirs.id).unwrap(), Actor::system().reach_in(theirs.id).unwrap());
    assert!(
        matches!(Actor::system().central_reach(), Err(Error::NotFound)),
        "the system is nobody's colleague"
    );
    let stranger = actor(&world, world.person("Nobody Inparticular", &[], &[]));
    assert!(matches!(stranger.reach_in(ours.id), Err(Error::NotFound)));
}

async fn a_role_that_ended_covers_nothing(world: World) {
    let trust = world.trust("ZZ001");
    let person = world.person("Cy Contributor", &[(trust.id, Contributor)], &[]);
    let admin = world.person("Di Administrator", &[(trust.id, OrganisationAdministrator)], &[]);
    assert!(actor(&world, person).reach_in(trust.id).is_ok());
    world
        .db()
        .write_now(Reach::nobodys(), move |tx| {
            let list = identity::colleagues(tx.conn(), trust.id)?;
            let one = list.iter().find(|colleague| colleague.name == "Cy Contributor").unwrap();
            let (id, organisation) = (trust.id.get(), Some(trust.id));
            let subject = Subject { kind: "organisation", id, organisation, state: "" };
            let admin = identity::actor_of(tx.conn(), admin)?;
            identity::end_membership(tx, &Permit::grant(&admin, Some(subject))?, one.membership)
        })
        .unwrap();
    assert!(matches!(actor(&world, person).reach_in(trust.id), Err(Error::NotFound)));
}
