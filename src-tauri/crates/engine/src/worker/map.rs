//! Where in its file a running download is, for whoever wants to see it. Looked at when asked for; nothing is sent.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::lane::Lane;
use crate::core::plan::Ranges;
use crate::core::segments::Active;
use crate::disk::Sink;

/// Empty until the file is open.
#[derive(Debug, Default)]
pub(crate) struct Map(Mutex<Option<Drawn>>);

#[derive(Debug)]
struct Drawn {
    sink: Sink,
    lanes: Vec<Arc<Lane>>,
}

impl Map {
    fn drawn(&self) -> MutexGuard<'_, Option<Drawn>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn open(&self, sink: Sink) {
        let lanes = Vec::new();
        *self.drawn() = Some(Drawn { sink, lanes });
    }

    /// Who is at work now; two that race may have the same lane.
    pub(super) fn staff<'a>(&self, lanes: impl Iterator<Item = &'a Arc<Lane>>) {
        if let Some(drawn) = self.drawn().as_mut() {
            drawn.lanes = lanes.map(Arc::clone).collect();
        }
    }

    /// What is written, and what is being fetched of a file so long.
    pub(crate) fn parts(&self, total: Option<u64>) -> Option<(Ranges, Vec<Active>)> {
        let drawn = self.drawn();
        let drawn = drawn.as_ref()?;
        let lanes = drawn.lanes.iter();
        let mut active: Vec<Active> = lanes.filter_map(|lane| lane.active(total)).collect();
        active.sort_unstable();
        active.dedup();
        Some((drawn.sink.done(), active))
    }
}
