//! Start page, help, accessibility statement, health.
