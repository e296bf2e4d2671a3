//! What every capability stands on; knows no domain.
