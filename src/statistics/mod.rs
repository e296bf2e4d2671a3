//! Pure statistics: tables, estimators and disclosure control.
