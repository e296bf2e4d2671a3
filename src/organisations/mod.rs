//! The register of organisations, their relations and their published history, and the imports that fill it.
