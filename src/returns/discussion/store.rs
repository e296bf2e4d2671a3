//! Queries about the comments on a requirement and whom they may name.

use diesel::prelude::*;

use crate::access::OrganisationRole;
use crate::identity;
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::{CommentId, PersonId, RequirementId, ReturnId};
use crate::returns::quoted::Quoted;
use crate::returns::store::Found;
use crate::schema::{answer_owner, discussion_comment, discussion_mention, person};

/// One comment.
#[derive(Debug, Clone)]
pub(super) struct Comment {
    pub id: CommentId,
    pub author: PersonId,
    pub author_name: String,
    /// Empty when it was withdrawn.
    pub text: String,
    pub written_at: Timestamp,
    pub withdrawn_at: Option<Timestamp>,
    /// Whom it names.
    pub mentioned: Vec<String>,
    /// Who is said to have written it, where it was brought back from an export.
    pub quoted: Option<Quoted>,
}

type Row = (CommentId, PersonId, String, String, Timestamp, Option<Timestamp>, Option<String>);

/// The comments on a requirement, the newest last. Two statements.
pub(super) fn comments(conn: &mut Conn, of: ReturnId, on: RequirementId) -> Result<Vec<Comment>> {
    let rows: Vec<Row> = discussion_comment::table
        .inner_join(person::table.on(person::id.eq(discussion_comment::author_id)))
        .filter(discussion_comment::return_id.eq(of))
        .filter(discussion_comment::requirement_id.eq(on))
        .order(discussion_comment::id)
        .select((
            discussion_comment::id,
            discussion_comment::author_id,
            person::name,
            discussion_comment::text,
            discussion_comment::written_at,
            discussion_comment::withdrawn_at,
            discussion_comment::quoted,
        ))
        .load(conn)?;
    let named: Vec<(CommentId, String)> = discussion_mention::table
        .inner_join(discussion_comment::table.on(discussion_comment::id.eq(discussion_mention::comment_id)))
        .inner_join(person::table.on(person::id.eq(discussion_mention::person_id)))
        .filter(discussion_comment::return_id.eq(of))
        .filter(discussion_comment::requirement_id.eq(on))
        .order(person::name)
        .select((discussion_mention::comment_id, person::name))
        .load(conn)?;
    rows.into_iter()
        .map(|(id, author, author_name, text, written_at, withdrawn_at, quoted)| {
            Ok(Comment {
                id,
                author,
                author_name,
                text,
                written_at,
                withdrawn_at,
                mentioned: named.iter().filter(|(of, _)| *of == id).map(|(_, name)| name.clone()).collect(),
                quoted: Quoted::of(quoted.as_deref())?,
            })
        })
        .collect()
}

/// Everybody who sees a requirement, with their addresses: whoever reads whole returns, and the contributor it was given
/// to. Naming somebody else would send them to a page that is not there for them.
pub(super) fn readers(
    conn: &mut Conn,
    found: &Found,
    on: RequirementId,
) -> Result<Vec<(PersonId, String, String)>> {
    let whole: Vec<OrganisationRole> =
        OrganisationRole::ALL.iter().copied().filter(|role| *role != OrganisationRole::Contributor).collect();
    let mut readers = identity::holders_of(conn, found.organisation, &whole)?;
    let owner: Option<PersonId> = answer_owner::table
        .filter(answer_owner::return_id.eq(found.id))
        .filter(answer_owner::requirement_id.eq(on))
        .select(answer_owner::person_id)
        .first(conn)
        .optional()?;
    if let Some(owner) = owner.filter(|owner| readers.iter().all(|(person, ..)| person != owner)) {
        let contributors = identity::holders_of(conn, found.organisation, &[OrganisationRole::Contributor])?;
        readers.extend(contributors.into_iter().filter(|(person, ..)| *person == owner));
    }
    readers.sort_by(|(_, a, _), (_, b, _)| a.cmp(b));
    Ok(readers)
}
