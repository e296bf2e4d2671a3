//! Statements in SQL of our own that a connection prepares once. What goes through `diesel::sql_query` is prepared anew each
//! time (on PostgreSQL with a journey of its own), because Diesel cannot know that its text stays the same.

use std::borrow::Cow;
use std::marker::PhantomData;

use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Binary, Nullable, Text};
use diesel::{Connection, QueryResult, RunQueryDsl};

use super::Conn;

/// A statement whose text is always the same and in which every `?` stands for a value; `ST` are the types of its columns.
/// Nothing that anybody typed belongs into the text.
pub struct Fixed<ST> {
    text: Cow<'static, str>,
    values: Vec<Bound>,
    columns: PhantomData<ST>,
}

enum Bound {
    Number(Option<i64>),
    Text(String),
    Bytes(Vec<u8>),
}

impl<ST> Fixed<ST> {
    /// The statement of this text, which still lacks its values.
    #[must_use]
    pub fn new(text: impl Into<Cow<'static, str>>) -> Self {
        Self { text: text.into(), values: Vec::new(), columns: PhantomData }
    }

    /// Puts a number in the place of the next `?`.
    #[must_use]
    pub fn number(mut self, value: impl Into<Option<i64>>) -> Self {
        self.values.push(Bound::Number(value.into()));
        self
    }

    /// Puts a text in the place of the next `?`.
    #[must_use]
    pub fn text(mut self, value: String) -> Self {
        self.values.push(Bound::Text(value));
        self
    }

    /// Puts bytes in the place of the next `?`.
    #[must_use]
    pub fn bytes(mut self, value: Vec<u8>) -> Self {
        self.values.push(Bound::Bytes(value));
        self
    }
}

/// No number for the kind of statement: connections keep it by its text.
impl<ST> QueryId for Fixed<ST> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<ST> Query for Fixed<ST> {
    type SqlType = ST;
}

impl<ST> RunQueryDsl<Conn> for Fixed<ST> {}

impl<ST> QueryFragment<<Conn as Connection>::Backend> for Fixed<ST> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, <Conn as Connection>::Backend>) -> QueryResult<()> {
        let mut values = self.values.iter();
        for (at, piece) in self.text.split('?').enumerate() {
            if at > 0 {
                match values.next() {
                    Some(Bound::Number(number)) => out.push_bind_param::<Nullable<BigInt>, _>(number)?,
                    Some(Bound::Text(text)) => out.push_bind_param::<Text, _>(text)?,
                    Some(Bound::Bytes(bytes)) => out.push_bind_param::<Binary, _>(bytes)?,
                    None => return Err(unfit("a statement has more places than values")),
                }
            }
            out.push_sql(piece);
        }
        if values.next().is_some() {
            return Err(unfit("a statement has more values than places"));
        }
        Ok(())
    }
}

fn unfit(why: &'static str) -> diesel::result::Error {
    diesel::result::Error::QueryBuilderError(why.into())
}
