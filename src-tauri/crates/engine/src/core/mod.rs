//! Decides and knows nothing: no async, no IO, no clock, no randomness.

pub(crate) mod checksum;
pub(crate) mod credentials;
pub(crate) mod disposition;
pub(crate) mod download;
pub(crate) mod hosts;
pub(crate) mod likeness;
pub(crate) mod link;
pub(crate) mod name;
pub(crate) mod offline;
pub(crate) mod plan;
pub(crate) mod policy;
pub(crate) mod portal;
pub(crate) mod problem;
pub(crate) mod proxy;
pub(crate) mod queue;
pub(crate) mod rate;
pub(crate) mod record;
pub(crate) mod remedy;
pub(crate) mod retry;
pub(crate) mod samples;
pub(crate) mod segments;
pub(crate) mod share;
pub(crate) mod state;
pub(crate) mod text;
pub(crate) mod turn;
pub(crate) mod verdict;
