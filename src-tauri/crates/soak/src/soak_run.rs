//! The state of one run. Values.

use std::path::PathBuf;
use std::sync::Arc;

use crate::control_messages::{DownloadStatus, Health};
use crate::ledger::Ledger;
use crate::rng::SeededRng;
use crate::server::Server;
use crate::server_model::ServerModel;

/// State of one run.
#[derive(Debug)]
pub(crate) struct SoakRun {
    pub(crate) dice: SeededRng,
    pub(crate) site: Arc<ServerModel>,
    pub(crate) server: Server,
    pub(crate) home: PathBuf,
    pub(crate) books: Ledger,
    /// Resources of an engine that has done nothing yet.
    pub(crate) base: Health,
    /// The list as last read.
    pub(crate) list: Vec<DownloadStatus>,
    /// Peak memory of all engine processes so far, in KiB.
    pub(crate) peak: u64,
}
