//! Whose rows a piece of work may see. On PostgreSQL the policies of every table that holds an organisation's own data
//! ask for it, so that a question which forgets to say whose rows it means finds no more than it may; SQLite has no
//! such net.

use diesel::connection::SimpleConnection as _;

use super::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::OrganisationId;

/// Whose rows a piece of work may see and change. Only `access` hands out what covers anybody's: see `access/reach.rs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach(Whose);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    Nobodys,
    Of(OrganisationId),
    Every,
}

impl Reach {
    /// Only what belongs to no organisation: the register, people and sessions, what was published, the work of the
    /// system itself.
    #[must_use]
    pub const fn nobodys() -> Self {
        Self(Whose::Nobodys)
    }

    /// One organisation's rows besides. For `access/reach.rs` alone.
    #[must_use]
    pub const fn of(organisation: OrganisationId) -> Self {
        Self(Whose::Of(organisation))
    }

    /// Every organisation's rows. For `access/reach.rs` alone.
    #[must_use]
    pub const fn every() -> Self {
        Self(Whose::Every)
    }

    /// Whether it covers everybody's rows.
    pub(super) const fn is_every(self) -> bool {
        matches!(self.0, Whose::Every)
    }

    /// The setting that the policies read: nothing, a number or a constant, so nothing in it can end the quotation.
    pub(super) fn setting(self) -> String {
        match self.0 {
            Whose::Nobodys => String::new(),
            Whose::Of(organisation) => organisation.get().to_string(),
            Whose::Every => "every".to_owned(),
        }
    }

    /// Begins a transaction on PostgreSQL that keeps to this reach until its end, however it ends.
    pub(super) fn begin(self) -> String {
        format!("BEGIN; SET LOCAL portal.reach = '{}'", self.setting())
    }

    /// Makes a connection outside of transactions keep to this reach from now on.
    pub(super) fn keep(self, conn: &mut Conn) -> Result<()> {
        match conn {
            Conn::Sqlite(_) => Ok(()),
            Conn::Postgres(conn) => conn
                .batch_execute(&format!("SET portal.reach = '{}'", self.setting()))
                .map_err(|e| Error::Unavailable(format!("failed to say whose rows may be seen: {e}"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Reach;
    use crate::platform::ids::OrganisationId;

    #[test]
    fn the_setting_is_nothing_a_number_or_a_constant() {
        assert_eq!(Reach::nobodys().setting(), "");
        assert_eq!(Reach::every().setting(), "every");
        assert_eq!(Reach::of(OrganisationId::new(7)).setting(), "7");
        assert_eq!(Reach::of(OrganisationId::new(i64::MIN)).begin(), {
            "BEGIN; SET LOCAL portal.reach = '-9223372036854775808'"
        });
    }
}
