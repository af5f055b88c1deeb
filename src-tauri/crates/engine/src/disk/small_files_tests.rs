use std::sync::mpsc::{Receiver, channel};

use super::*;
use crate::disk::{NativeFileSystem, PlacedFile, PublishOptions};

type Told = Receiver<(String, std::io::Result<Option<PlacedFile>>)>;

fn wish(name: &str, told: &std::sync::mpsc::Sender<(String, Result)>) -> SmallFile {
    let (told, own) = (told.clone(), name.to_owned());
    SmallFile {
        name: name.into(),
        pieces: vec![name.as_bytes().to_vec().into()],
        options: PublishOptions::default(),
        done: Box::new(move |placed| told.send((own, placed)).expect("the test still listens")),
    }
}

type Result = std::io::Result<Option<PlacedFile>>;

#[test]
fn files_that_wait_for_a_fast_folder_are_written_by_the_thread_that_is_there() {
    let (queue, folder) = (SmallFileQueue::default(), tempfile::tempdir().unwrap());
    let (tell, told): (_, Told) = channel();
    assert!(queue.push(folder.path(), wish("a", &tell)));
    // The disk has not been measured yet: several threads share its latency.
    assert!(queue.push(folder.path(), wish("b", &tell)));
    queue.folders().get_mut(folder.path()).unwrap().is_slow = false;
    for name in ["c", "d"] {
        assert!(!queue.push(folder.path(), wish(name, &tell)));
    }
    queue.write(&NativeFileSystem, folder.path());
    queue.write(&NativeFileSystem, folder.path());
    let names: Vec<_> = told.try_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["a", "b", "c", "d"]);
    for name in names {
        assert_eq!(
            std::fs::read(folder.path().join(&name)).unwrap(),
            name.as_bytes()
        );
    }
    // The threads have ended: the next file needs a new one.
    assert!(queue.push(folder.path(), wish("e", &tell)));
}

#[test]
fn a_slow_folder_gets_a_thread_for_each_file_that_waits_up_to_a_number() {
    let (queue, folder) = (SmallFileQueue::default(), tempfile::tempdir().unwrap());
    let (tell, _told): (_, Told) = channel();
    let lent = (0..MAX_THREADS + 3)
        .map(|n| queue.push(folder.path(), wish(&n.to_string(), &tell)))
        .filter(|lent| *lent)
        .count();
    assert_eq!(lent, MAX_THREADS);
    assert_eq!(queue.take(folder.path()).unwrap().len(), 1);
}

#[test]
fn of_a_batch_a_file_that_cannot_be_named_takes_no_other_with_it() {
    let (queue, folder) = (SmallFileQueue::default(), tempfile::tempdir().unwrap());
    let (tell, told): (_, Told) = channel();
    let long = "x".repeat(300);
    for name in ["a", &long, "a"] {
        let _lend = queue.push(folder.path(), wish(name, &tell));
    }
    queue.folders().get_mut(folder.path()).unwrap().is_slow = false;
    assert_eq!(queue.folders()[folder.path()].waiting.len(), 3);
    queue.write(&NativeFileSystem, folder.path());
    let placed: Vec<_> = told
        .try_iter()
        .map(|(_, placed)| placed.ok().flatten().map(|placed| placed.name))
        .collect();
    assert_eq!(placed, [Some("a".into()), None, Some("a (1)".into())]);
}
