//! Decides and knows nothing: no async, no IO, no clock, no randomness.

pub(crate) mod download;
pub(crate) mod problem;
