//! Reading editions from files.
