//! The public machine interface under `/api/v1`, described by an OpenAPI document generated from this code.
