//! The mark of files from the internet.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};

use millrace_engine::{
    DownloadId, FileInfo, FileSystem, NativeFileSystem, NewDownload, OpenMode, Origin,
};

use crate::rig::{Rig, bytes};
use crate::server::{Server, Site};

/// The marks that were set, and the content of the folder at that time.
#[derive(Debug, Default)]
struct Marks(Mutex<Vec<(Origin, Vec<String>)>>);

struct Marking {
    marks: Arc<Marks>,
    refuses: bool,
}

impl FileSystem for Marking {
    fn open(&self, path: &Path, how: OpenMode) -> io::Result<File> {
        NativeFileSystem.open(path, how)
    }

    fn quarantine(&self, _file: &File, path: &Path, origin: &Origin) -> io::Result<()> {
        let folder = path.parent().expect("it is in a folder");
        let names = std::fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name()));
        let names: io::Result<Vec<_>> = names.collect();
        let names = names?.into_iter().map(|name| name.to_string_lossy().into());
        let mut marks = self.marks.0.lock().expect("no panic with it held");
        marks.push((origin.clone(), names.collect()));
        if self.refuses {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        Ok(())
    }

    fn trash(&self, path: &Path, seen: &FileInfo) -> io::Result<()> {
        NativeFileSystem.trash(path, seen)
    }
}

/// A download of a URL with secrets, from a page with secrets.
async fn add(rig: &Rig, server: &Server) -> DownloadId {
    let url = server.url("/file.bin?token=s3cret#there");
    let referer = (
        "Referer".to_owned(),
        "https://page/of?session=1#x".to_owned(),
    );
    rig.add_as(NewDownload {
        headers: vec![referer],
        ..rig.wish(url.replace("http://", "http://ada:pass@"))
    })
    .await
}

fn origin(server: &Server) -> Origin {
    Origin {
        url: server.url("/file.bin"),
        referrer: Some("https://page/of".into()),
    }
}

#[tokio::test]
async fn a_file_is_marked_before_it_has_its_name_and_no_secret_is_in_the_mark() {
    let body = bytes(300_000);
    let server = Server::start(Site::of(&body)).await;
    for refuses in [false, true] {
        let marks = Arc::new(Marks::default());
        let files = Arc::new(Marking {
            marks: Arc::clone(&marks),
            refuses,
        });
        let rig = Rig::with(|config| config.file_system = files);
        let id = add(&rig, &server).await;
        rig.delivers(id, &body).await;
        let marks = marks.0.lock().expect("no panic with it held");
        let expected = (origin(&server), vec!["file.bin.part".to_owned()]);
        assert_eq!(*marks, [expected], "a refusal changes nothing");
    }
}

#[tokio::test]
async fn nothing_is_marked_where_that_is_not_wanted() {
    let body = bytes(300_000);
    let server = Server::start(Site::of(&body)).await;
    let marks = Arc::new(Marks::default());
    let files = Arc::new(Marking {
        marks: Arc::clone(&marks),
        refuses: false,
    });
    let rig = Rig::with(|config| {
        config.file_system = files;
        config.quarantine = false;
    });
    let id = add(&rig, &server).await;
    rig.done(id).await;
    assert!(marks.0.lock().expect("no panic with it held").is_empty());
    rig.handle().set_quarantine(true).await.expect("it runs");
    let id = add(&rig, &server).await;
    rig.done(id).await;
    assert_eq!(marks.0.lock().expect("no panic with it held").len(), 1);
    rig.close(&["file (1).bin", "file.bin"]).await;
}

/// Both for files on the small-file path and on the usual one.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn where_a_file_is_from_is_in_its_attributes() {
    use millrace_engine::StoreMode;
    use rustix::fs::getxattr;
    for (length, adopt) in [
        (300_000, StoreMode::Exclusive),
        (1000, StoreMode::Exclusive),
        (1000, StoreMode::Shared),
    ] {
        let body = bytes(length);
        let server = Server::start(Site::of(&body)).await;
        let rig = Rig::with(|config| config.store_mode = adopt);
        let id = add(&rig, &server).await;
        rig.done(id).await;
        let read = |name: &str| {
            let mut value = vec![0; 1000];
            let length = getxattr(rig.folder().join("file.bin"), name, &mut value);
            value.truncate(length.expect("the file system keeps attributes"));
            String::from_utf8(value).expect("a link is text")
        };
        let origin = origin(&server);
        assert_eq!(read("user.xdg.origin.url"), origin.url);
        assert_eq!(Some(read("user.xdg.referrer.url")), origin.referrer);
        rig.delivers(id, &body).await;
    }
}
