//! Whether files can be kept in a folder as the engine keeps them: written anywhere, opened twice, cut, named anew. Tried
//! with a file of our own, under names that are free; what is there already is never touched.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};

use super::{Provider, ProviderFile};

/// Names that are tried until two are free.
const TRIES: u32 = 100;

/// Leaves nothing behind, whatever comes of it.
pub(crate) fn self_test(provider: &impl Provider, folder: &str) -> io::Result<()> {
    let (part, whole) = free_names(provider, folder)?;
    let made = provider.create(folder, &part)?;
    let mut last = made.clone();
    let tried = named(&made, &part).and_then(|()| {
        write(provider, folder, &made)?;
        last = provider.rename(folder, &made, &whole)?;
        named(&last, &whole)
    });
    provider.remove(folder, &last)?;
    tried
}

fn free_names(provider: &impl Provider, folder: &str) -> io::Result<(String, String)> {
    for n in 0..TRIES {
        let whole = format!("millrace-probe-{n}");
        let part = format!("{whole}.part");
        if provider.find(folder, &part)?.is_none() && provider.find(folder, &whole)?.is_none() {
            return Ok((part, whole));
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

/// What is written through one opening has to be read through another: so an unfinished file is known again.
fn write(provider: &impl Provider, folder: &str, made: &ProviderFile) -> io::Result<()> {
    let mut file = provider.open(folder, made)?;
    file.seek(SeekFrom::Start(4096))?;
    file.write_all(b"x")?;
    file.set_len(4000)?;
    file.seek(SeekFrom::Start(3999))?;
    file.write_all(b"y")?;
    file.sync_all()?;
    let mut again: File = provider.open(folder, made)?;
    let mut bytes = Vec::new();
    again.read_to_end(&mut bytes)?;
    if bytes.len() == 4000 && bytes.ends_with(b"y") {
        Ok(())
    } else {
        Err(ErrorKind::Unsupported.into())
    }
}

fn named(entry: &ProviderFile, name: &str) -> io::Result<()> {
    if entry.name == name {
        Ok(())
    } else {
        Err(ErrorKind::Unsupported.into())
    }
}
