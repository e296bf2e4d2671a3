//! How the model's types are read from the database, kept out of the model, which knows no database.

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromStaticSqlRow, Queryable};
use diesel::expression::Selectable;
use diesel::sql_types::{SingleValue, Text};

use super::model::{
    Grade, OdsCode, Organisation, PublishedStatus, QuarantineState, QuarantinedRow, Relation, RelationKind,
    Sector,
};
use crate::platform::clock::{Day, Timestamp};
use crate::platform::ids::{ImportRunId, OrganisationId, QuarantineId};
use crate::schema::{organisation, published_status, quarantined_row, relation};

/// Reads a model's struct from the columns of the same names.
macro_rules! read_from {
    ($table:ident => $model:ident { $($field:ident: $kind:ty),* $(,)? }) => {
        impl<DB: Backend> Selectable<DB> for $model {
            type SelectExpression = ($($table::$field,)*);

            fn construct_selection() -> Self::SelectExpression {
                ($($table::$field,)*)
            }
        }

        impl<DB, ST> Queryable<ST, DB> for $model
        where
            DB: Backend,
            ($($kind,)*): FromStaticSqlRow<ST, DB>,
        {
            type Row = ($($kind,)*);

            fn build(($($field,)*): Self::Row) -> deserialize::Result<Self> {
                Ok(Self { $($field),* })
            }
        }
    };
}

read_from!(organisation => Organisation {
    id: OrganisationId,
    code: OdsCode,
    name: String,
    sector: Sector,
    region_code: Option<String>,
    icb_code: Option<String>,
    postcode: Option<String>,
    opened_on: Option<Day>,
    closed_on: Option<Day>,
    successor_id: Option<OrganisationId>,
    head_office_id: Option<OrganisationId>,
    source: String,
    version: i64,
});

read_from!(published_status => PublishedStatus {
    organisation_id: OrganisationId,
    edition_label: String,
    label: String,
    grade: Grade,
    published_on: Option<Day>,
    source: String,
});

read_from!(relation => Relation {
    organisation_id: OrganisationId,
    kind: RelationKind,
    related_code: String,
    related_name: String,
    starts_on: Option<Day>,
    ends_on: Option<Day>,
    source: String,
});

read_from!(quarantined_row => QuarantinedRow {
    id: QuarantineId,
    import_run_id: ImportRunId,
    format: String,
    row_number: i64,
    column_name: String,
    reason: String,
    action: String,
    raw: String,
    state: QuarantineState,
    resolution: Option<String>,
    resolved_at: Option<Timestamp>,
    version: i64,
});

impl<DB> FromSql<Text, DB> for OdsCode
where
    DB: Backend,
    String: FromSql<Text, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        let text = String::from_sql(bytes)?;
        Self::strict(&text).ok_or_else(|| format!("\"{text}\" is no organisation code").into())
    }
}

impl<DB, ST> Queryable<ST, DB> for OdsCode
where
    DB: Backend,
    ST: SingleValue,
    Self: FromSql<ST, DB>,
{
    type Row = Self;

    fn build(row: Self) -> deserialize::Result<Self> {
        Ok(row)
    }
}
