//! The append-only record of what happened, sequenced into an RFC 6962 tree with signed checkpoints.
