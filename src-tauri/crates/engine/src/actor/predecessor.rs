//! Finds the unfinished download that a new link may continue.

use super::persistence::Persistence;
use crate::config::StoreMode;
use crate::domain::download::DownloadId;
use crate::domain::record::Record;

/// The unfinished download of another URL with the same folder and the same requested name: the URL may just be a
/// new one for the same file. The server's response decides. `listed`: whether this engine has
/// the download in its list.
pub(super) async fn find_predecessor(
    new: &Record,
    persistence: &Persistence,
    listed: impl Fn(DownloadId) -> bool,
) -> Option<Box<Record>> {
    let name = new.wanted_name.as_deref()?;
    if persistence.mode() == StoreMode::Exclusive {
        return None;
    }
    let stored = persistence.find_named(name, &new.folder).await;
    let comparable = |one: &Record| {
        let rest = one.validators.total.map(|total| one.done.missing(total));
        let unfinished = rest.is_some_and(|rest| !rest.is_empty());
        unfinished && one.verdict.is_none() && !one.done.is_empty() && one.file_id.is_some()
    };
    let idle = |one: &Record| !listed(one.id);
    let mut stored = stored.unwrap_or_default().into_iter();
    stored
        .find(|one| comparable(one) && idle(one))
        .map(Box::new)
}
