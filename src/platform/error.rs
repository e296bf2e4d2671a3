//! The one error of the library: what went wrong, in words for the person where it is theirs to mend, and as a cause
//! for the log where it is ours. The layer rule: stores and verbs return it as it is, `platform::http` alone turns it
//! into a page or a problem document, and causes never reach either.

use diesel::result::{DatabaseErrorKind, Error as DieselError};

/// What a fallible function of this crate returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// One thing wrong with one field of a form or a request.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FieldError {
    /// The field's name in the form or the JSON body.
    pub field: String,
    /// What is wrong and what to do, as a sentence.
    pub message: String,
}

/// Everything that can stop a request.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or the person may not know that there is.
    #[error("not found")]
    NotFound,
    /// Nobody is signed in.
    #[error("sign-in required")]
    SignInRequired,
    /// The person may know of it but may not do this. The text says who may.
    #[error("forbidden: {0}")]
    Forbidden(String),
    /// Somebody else changed the record first.
    #[error("conflict: {0}")]
    Conflict(String),
    /// The same form was sent before; both lead to this address.
    #[error("repeated: {0}")]
    Repeated(String),
    /// The record's state or a rule of the programme does not allow it now.
    #[error("refused: {0}")]
    Refused(String),
    /// Fields that need correcting.
    #[error("invalid input: {0:?}")]
    Invalid(Vec<FieldError>),
    /// The request is larger than its limit. The text names the limit.
    #[error("too large: {0}")]
    TooLarge(String),
    /// What is referred to was here and is not any more. The text says what that means.
    #[error("gone: {0}")]
    Gone(String),
    /// The content is of a kind that is not accepted.
    #[error("unsupported: {0}")]
    Unsupported(String),
    /// Too many tries; try again after so many seconds.
    #[error("too many requests; retry in {0} s")]
    TooMany(u64),
    /// The database, disk or another service cannot be used just now; trying again may help.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// The store of files does not answer just now, so nothing was saved or sent. The text is for the log.
    #[error("the store of files cannot be reached: {0}")]
    FilesUnreachable(String),
    /// A fault of ours.
    #[error("{doing}: {cause}")]
    Internal {
        /// `failed to <verb> <object>`.
        doing: String,
        /// What lay beneath.
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl Error {
    /// A fault of ours with its cause.
    pub fn internal(
        doing: impl Into<String>,
        cause: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self::Internal { doing: doing.into(), cause: cause.into() }
    }

    /// A fault of ours that has no deeper cause: something that must not be is.
    #[must_use]
    pub fn broken(what: impl Into<String>) -> Self {
        Self::internal("an invariant does not hold", what.into())
    }

    /// One field that needs correcting.
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError { field: field.into(), message: message.into() }])
    }

    /// A file or disk error: a full disk is [`Error::Unavailable`], the rest is a fault.
    pub fn io(doing: impl Into<String>, cause: std::io::Error) -> Self {
        match cause.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
                Self::Unavailable(format!("{}: {cause}", doing.into()))
            }
            // No disk says this: it is what those who read a store of files without knowing of it are told.
            std::io::ErrorKind::HostUnreachable => {
                Self::FilesUnreachable(format!("{}: {cause}", doing.into()))
            }
            _ => Self::internal(doing, cause),
        }
    }
}

impl From<DieselError> for Error {
    fn from(error: DieselError) -> Self {
        match error {
            DieselError::NotFound => Self::NotFound,
            DieselError::DatabaseError(kind, info) => database(kind, info.message()),
            DieselError::BrokenTransactionManager | DieselError::AlreadyInTransaction => {
                Self::Unavailable(error.to_string())
            }
            other => Self::internal("failed to query the database", other),
        }
    }
}

/// Messages of SQLite that mean "not now" rather than "wrong": it gives no finer kind than `Unknown` for them.
const NOT_NOW: &[&str] = &[
    "database is locked",
    "database table is locked",
    "database or disk is full",
    "disk I/O error",
    "unable to open database file",
    "attempt to write a readonly database",
    "canceling statement due to",
    "deadlock detected",
    "terminating connection",
    "server closed the connection",
    "no connection to the server",
    "could not connect",
    "connection to server",
    "could not extend file",
    "No space left on device",
    "the database system is",
];

fn database(kind: DatabaseErrorKind, message: &str) -> Error {
    match kind {
        DatabaseErrorKind::SerializationFailure
        | DatabaseErrorKind::ClosedConnection
        | DatabaseErrorKind::ReadOnlyTransaction
        | DatabaseErrorKind::UnableToSendCommand => Error::Unavailable(message.to_owned()),
        DatabaseErrorKind::UniqueViolation => Error::Conflict(format!("already there: {message}")),
        _ if NOT_NOW.iter().any(|part| message.contains(part)) => Error::Unavailable(message.to_owned()),
        other => Error::internal("the database refused a statement", format!("{other:?}: {message}")),
    }
}
