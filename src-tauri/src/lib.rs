//! The app crate.
