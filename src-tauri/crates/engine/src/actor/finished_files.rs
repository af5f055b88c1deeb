//! Finds files that an earlier run of the command line has finished already.

use std::path::PathBuf;
use std::sync::Arc;

use super::persistence::Persistence;
use super::unix_now;
use crate::config::{Config, StoreMode};
use crate::disk;
use crate::domain::download::NewDownload;
use crate::domain::record::Record;
use crate::store::Key;

/// For each download the finished file, if it has not been modified since it was published. None for files on an
/// unresponsive disk.
pub(super) async fn find_complete(
    new: Vec<NewDownload>,
    persistence: &Persistence,
    config: &Config,
) -> Vec<Option<PathBuf>> {
    let none = vec![None; new.len()];
    if persistence.mode() == StoreMode::Exclusive {
        return none;
    }
    let now = unix_now();
    let new = new.into_iter().map(|one| Record::new(one, now).ok());
    let new: Vec<Option<Record>> = new.collect();
    let keys = new.iter().flatten().map(Key::of).collect();
    let finished = persistence.find_finished(keys).await;
    if finished.iter().all(Option::is_none) {
        return none;
    }
    let files = Arc::clone(&config.file_system);
    let look = tokio::task::spawn_blocking(move || {
        let mut finished = finished.into_iter();
        let here = new.iter().map(|record| {
            let (record, finished) = (record.as_ref()?, finished.next()?);
            let finished = finished.filter(|one| one.met(record.checksum.as_ref()))?;
            let path = record.folder.join(&finished.name);
            let known = (finished.file.as_str(), finished.size);
            disk::is_unchanged(&*files, &path, known, finished.at).then_some(path)
        });
        here.collect()
    });
    match tokio::time::timeout(config.disk_timeout, look).await {
        Ok(Ok(here)) => here,
        Ok(Err(error)) => std::panic::resume_unwind(error.into_panic()),
        Err(_) => none,
    }
}
