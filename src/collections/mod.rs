//! A year's exercise: which edition, which organisations, which windows.
