//! Tests whether a folder supports what the engine needs: writing at any position, opening twice, truncating, renaming.
//! Uses a file of its own under unused names; existing files are never touched.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};

use super::{Provider, ProviderFile};

/// Number of names tried until two unused ones are found.
const TRIES: u32 = 100;

/// Removes its file in any case.
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

/// What is written through one handle must be readable through another: this is how a part file is recognized later.
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
