//! What a run is to download: the URLs of the command line and of the list, with the options of each.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use millrace_engine::NewDownload;

use crate::RunError;
use crate::args::GetArgs;
use crate::entry_options::EntryOptions;
use crate::link_list::{self, ListEntry};
use crate::output_path::{OutputPath, check_target};
use crate::paths;
use crate::request_options::RequestOptions;

/// One file to download.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    pub(crate) new: NewDownload,
    /// Other URLs of the same file, tried in turn when the first one fails.
    pub(crate) mirrors: Vec<String>,
}

/// The requested downloads, and what of the request cannot be done.
#[derive(Debug)]
pub(crate) struct NewDownloads {
    pub(crate) wanted: Vec<Wanted>,
    /// Messages for the user: something requested is not done.
    pub(crate) mistakes: Vec<String>,
    /// Messages for the user that change nothing.
    pub(crate) hints: Vec<String>,
}

/// Reads the list, and creates the folders for the files; a stream has none.
pub(crate) fn new_downloads(get: &GetArgs, to_stream: bool) -> Result<NewDownloads, RunError> {
    let mut list = link_list::LinkList::default();
    let mut mistakes = Vec::new();
    if let Some(path) = &get.list {
        let bytes = read(path);
        let bytes = bytes
            .map_err(|error| format!("{}: {error}; nothing was downloaded", path.display()))?;
        list = link_list::parse(&bytes);
        let named = |what: String| format!("{}: {what}", path.display());
        mistakes.extend(list.mistakes.drain(..).map(named));
        if list.entries.is_empty() {
            mistakes.push(format!("{}: no links found", path.display()));
        }
    }
    let (folder, name) = match &get.output {
        // Nothing is written into any folder.
        _ if to_stream => (PathBuf::new(), None),
        Some(OutputPath::File { folder, name }) => {
            let folder = folder_for(get.dir.clone(), folder, Some(name))?;
            (folder, Some(name.clone()))
        }
        Some(OutputPath::Stdout) | None => (folder_for(get.dir.clone(), "".as_ref(), None)?, None),
    };
    let manner = RequestOptions::read(get)?;
    let base = |url: &str| NewDownload {
        headers: manner.headers(),
        credentials: manner.credentials(url),
        url: url.to_owned(),
        folder: folder.clone(),
        name: name.clone(),
        checksum: get.digest().cloned(),
        connections: get.connections,
        ..NewDownload::default()
    };
    let plain = |url: &String| Wanted {
        new: base(url),
        mirrors: Vec::new(),
    };
    let mut wanted: Vec<Wanted> = get.urls.iter().map(plain).collect();
    let mut unknown = BTreeSet::new();
    for entry in list.entries {
        let at = entry.line;
        match from_list(get, entry, &manner, &base, &mut unknown) {
            Ok(one) => wanted.push(one),
            Err(RunError::Usage(reason) | RunError::Failed(reason)) => {
                let list = get.list.as_deref().unwrap_or(Path::new("-")).display();
                mistakes.push(format!("{list}: line {at}: {reason}"));
            }
        }
    }
    let hint = |name| format!("{name}= is not supported and was ignored");
    let reserved =
        |name| format!("the header {name} is not sent as given: Millrace sets it itself");
    let reserved = get.reserved_headers().map(reserved);
    Ok(NewDownloads {
        wanted,
        mistakes,
        hints: unknown.into_iter().map(hint).chain(reserved).collect(),
    })
}

fn from_list(
    get: &GetArgs,
    entry: ListEntry,
    manner: &RequestOptions,
    base: &impl Fn(&str) -> NewDownload,
    unknown: &mut BTreeSet<String>,
) -> Result<Wanted, RunError> {
    let mut options = EntryOptions::parse(&entry)?;
    let mut new = base(&entry.url);
    unknown.extend(options.unknown.drain(..));
    if options.dir.is_some() || options.out.is_some() {
        let (below, name) = options.out.take().unzip();
        let dir = options.dir.take().or_else(|| get.dir.clone());
        new.folder = folder_for(dir, &below.unwrap_or_default(), name.as_deref())?;
        new.name = name;
    }
    options.apply(&mut new);
    Ok(Wanted {
        new,
        mirrors: entry
            .mirrors
            .into_iter()
            .map(|link| manner.mirror(link))
            .collect(),
    })
}

/// The folder for a file, created if missing: `below` within the requested folder, unless it is absolute.
fn folder_for(dir: Option<PathBuf>, below: &Path, name: Option<&str>) -> Result<PathBuf, RunError> {
    let folder = if below.is_absolute() {
        paths::download_dir(Some(below.to_owned()))?
    } else {
        let folder = paths::download_dir(dir)?;
        if below.as_os_str().is_empty() {
            folder
        } else {
            paths::download_dir(Some(folder.join(below)))?
        }
    };
    if let Some(name) = name {
        check_target(&folder.join(name)).map_err(RunError::Usage)?;
    }
    Ok(folder)
}

fn read(list: &Path) -> std::io::Result<Vec<u8>> {
    if list == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut std::io::stdin(), &mut bytes)?;
        Ok(bytes)
    } else {
        std::fs::read(list)
    }
}
