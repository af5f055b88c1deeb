//! Where the file of `-o` goes: exactly to that path, or a reason why not. Does not depend on downloads; reads the disk
//! only to see whether something else exists at that path.

use std::path::{Path, PathBuf, is_separator};

use millrace_engine::check_file_name;

/// The value of `-o`, or of `out=` in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum OutputPath {
    /// `-`.
    Stdout,
    File {
        /// Relative to the folder of `-d`; empty if a bare name was given.
        folder: PathBuf,
        name: String,
    },
}

/// Parses a path that names a file; whether it can be written is checked later.
pub(crate) fn parse(text: &str) -> Result<OutputPath, String> {
    if text == "-" {
        return Ok(OutputPath::Stdout);
    }
    let (folder, name) = match text.rfind(is_separator) {
        Some(at) => text.split_at(at + 1),
        None => ("", text),
    };
    if name.is_empty() && !folder.is_empty() {
        return Err("this is a folder; use -d for the folder and -o for the file".into());
    }
    check_file_name(name).map_err(|error| error.to_string())?;
    Ok(OutputPath::File {
        folder: folder.into(),
        name: name.to_owned(),
    })
}

/// Whether the path is written like standard output: a device, a pipe.
pub(crate) fn is_stream(path: &Path) -> bool {
    let found = path.metadata();
    found.is_ok_and(|found| !found.is_dir() && !found.is_file())
}

/// Rejects a folder, and a device or a pipe of several downloads: these can neither be created nor left alone.
pub(crate) fn check_target(path: &Path) -> Result<(), String> {
    match path.metadata() {
        Ok(found) if found.is_dir() => Err(format!(
            "-o {}: this is a folder; use -d for the folder and -o for the file",
            path.display()
        )),
        Ok(_) if is_stream(path) => Err(format!(
            "-o {}: this is a device or a pipe, which takes a single link only",
            path.display()
        )),
        Ok(_) | Err(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_folder_and_a_name() {
        for (text, folder, name) in [
            ("a.bin", "", "a.bin"),
            ("sub/a.bin", "sub/", "a.bin"),
            ("../a", "../", "a"),
            ("/tmp/x/.env", "/tmp/x/", ".env"),
            ("/a", "/", "a"),
            ("./-", "./", "-"),
            ("name.part", "", "name.part"),
        ] {
            let expected = OutputPath::File {
                folder: folder.into(),
                name: name.into(),
            };
            assert_eq!(parse(text), Ok(expected), "{text}");
        }
        assert_eq!(parse("-"), Ok(OutputPath::Stdout));
        for text in ["", ".", "..", "a/", "a/.", "a/..", "/", "../"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
