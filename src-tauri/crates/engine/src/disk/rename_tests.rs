//! File systems without some operations or with failing ones, over real files.

use std::cell::Cell;

use super::*;

/// A file system without some operations, on which a removal may fail, and on which another program creates a file at
/// the worst moment.
#[derive(Default)]
struct Poor {
    links: bool,
    /// Suffix of names whose removal fails, and how many more times.
    refused: Cell<Option<(&'static str, u32)>>,
    rename_refused: Cell<bool>,
    stranger: Cell<bool>,
}

impl Steps for Poor {
    fn rename_exclusively(&self, _from: &Path, to: &Path) -> io::Result<()> {
        if self.stranger.take() && !self.links {
            std::fs::write(to, b"theirs")?;
        }
        Err(ErrorKind::Unsupported.into())
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        if self.links {
            Native.link(from, to)
        } else {
            Err(ErrorKind::PermissionDenied.into())
        }
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        if let Some((ending, times)) = self.refused.get()
            && times > 0
            && path.to_string_lossy().ends_with(ending)
        {
            self.refused.set(Some((ending, times - 1)));
            return Err(ErrorKind::ResourceBusy.into());
        }
        Native.remove(path)
    }

    fn create(&self, path: &Path) -> io::Result<()> {
        Native.create(path)
    }

    fn rename_over(&self, from: &Path, to: &Path) -> io::Result<()> {
        if self.rename_refused.get() {
            return Err(ErrorKind::ResourceBusy.into());
        }
        Native.rename_over(from, to)
    }

    fn is_same(&self, one: &Path, other: &Path) -> bool {
        Native.is_same(one, other)
    }
}

struct Stage(tempfile::TempDir);

impl Stage {
    fn new() -> Self {
        let stage = Self(tempfile::tempdir().expect("a folder"));
        std::fs::write(stage.path("a.part"), b"ours").expect("room");
        stage
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.0.path().join(name)
    }

    fn rename(&self, steps: &impl Steps) -> io::Result<()> {
        rename_by(steps, &self.path("a.part"), &self.path("a"))
    }

    fn files(&self) -> Vec<(String, Vec<u8>)> {
        let entries = std::fs::read_dir(self.0.path()).expect("it is there");
        let mut files: Vec<_> = entries
            .map(|entry| {
                let path = entry.expect("an entry").path();
                let name = path.file_name().expect("a name").to_string_lossy();
                (name.into_owned(), std::fs::read(&path).expect("a file"))
            })
            .collect();
        files.sort();
        files
    }

    fn holds(&self, files: &[(&str, &str)]) {
        let files: Vec<_> = files
            .iter()
            .map(|(name, bytes)| ((*name).to_owned(), bytes.as_bytes().to_vec()))
            .collect();
        assert_eq!(self.files(), files);
    }
}

#[test]
fn a_file_gets_its_name_whatever_the_file_system_lacks() {
    for links in [true, false] {
        let stage = Stage::new();
        let poor = Poor {
            links,
            ..Poor::default()
        };
        stage.rename(&poor).expect("it is free");
        stage.holds(&[("a", "ours")]);
    }
}

#[test]
fn a_removal_that_is_refused_after_the_link_leaves_one_name() {
    let stage = Stage::new();
    let poor = Poor {
        links: true,
        refused: Cell::new(Some((".part", 1))),
        ..Poor::default()
    };
    let error = stage.rename(&poor).expect_err("it is held");
    assert_eq!(error.kind(), ErrorKind::ResourceBusy);
    stage.holds(&[("a.part", "ours")]);
    stage.rename(&poor).expect("nobody holds it now");
    stage.holds(&[("a", "ours")]);
}

#[test]
fn two_names_that_an_earlier_try_left_become_one_and_not_three() {
    let stage = Stage::new();
    Native
        .link(&stage.path("a.part"), &stage.path("a"))
        .expect("a file system with links");
    let poor = Poor {
        links: true,
        ..Poor::default()
    };
    stage.rename(&poor).expect("both are the same file");
    stage.holds(&[("a", "ours")]);
}

#[test]
fn a_file_that_appears_in_between_is_never_replaced() {
    for links in [true, false] {
        let stage = Stage::new();
        let poor = Poor {
            links,
            stranger: Cell::new(true),
            ..Poor::default()
        };
        if links {
            std::fs::write(stage.path("a"), b"theirs").expect("room");
        }
        let error = stage.rename(&poor).expect_err("it is taken");
        assert_eq!(error.kind(), ErrorKind::AlreadyExists);
        stage.holds(&[("a", "theirs"), ("a.part", "ours")]);
    }
}

#[test]
fn a_rename_that_is_refused_leaves_no_empty_file() {
    let stage = Stage::new();
    let poor = Poor::default();
    poor.rename_refused.set(true);
    let error = stage.rename(&poor).expect_err("it is held");
    assert_eq!(error.kind(), ErrorKind::ResourceBusy);
    stage.holds(&[("a.part", "ours")]);
    poor.rename_refused.set(false);
    stage.rename(&poor).expect("nobody holds it now");
    stage.holds(&[("a", "ours")]);
}
