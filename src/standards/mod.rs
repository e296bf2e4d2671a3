//! Standards and their editions, requirements, profiles, scoring schemes and import formats.
