//! Settings in a real folder: what is rejected, what is kept, and what a broken file costs.

use std::path::Path;

use tempfile::TempDir;

use super::*;
use crate::category::Category;
use crate::folder_grants::{Folder, FolderError};

struct Place {
    home: AppPaths,
    _folder: TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let home = AppPaths {
            state: folder.path().to_path_buf(),
            downloads: folder.path().join("files"),
            fixed_downloads: false,
            private_downloads: false,
        };
        Self {
            home,
            _folder: folder,
        }
    }

    fn open(&self) -> (SettingsStore, Option<ReplacedFile>) {
        let folders = Arc::new(FolderGrants::open(&self.home));
        SettingsStore::open(&self.home, folders)
    }

    /// Opens the settings, which must be readable.
    fn store(&self) -> SettingsStore {
        let (store, set_aside) = self.open();
        assert_eq!(set_aside, None);
        store
    }
}

fn custom(url: &str) -> Proxy {
    Proxy::Custom { url: url.into() }
}

fn set(store: &SettingsStore, new: Settings) -> Result<Settings, SettingsError> {
    store.change(Some("main"), |settings| *settings = new)
}

fn refused(store: &SettingsStore, edit: impl FnOnce(&mut Settings)) -> SettingsError {
    let mut settings = store.now().redacted();
    edit(&mut settings);
    let before = store.now();
    let failure = set(store, settings).unwrap_err();
    assert_eq!(store.now(), before, "nothing has changed");
    failure
}

#[test]
fn what_is_set_holds_at_once_and_after_a_restart() {
    let place = Place::new();
    let store = place.store();
    let mut heard = store.subscribe();
    let mut settings = store.now();
    settings.limit = Some(1_000);
    settings.close_to_tray = true;
    let now = set(&store, settings.clone()).unwrap();
    assert_eq!(now, settings);
    assert!(heard.has_changed().unwrap());
    let told = heard.borrow_and_update().clone();
    assert_eq!(told.settings, settings);
    assert_eq!(told.by.as_deref(), Some("main"));
    set(&store, settings.clone()).unwrap();
    assert!(!heard.has_changed().unwrap(), "the same again is no change");
    assert_eq!(place.store().now(), settings);
    let slow = store.change(None, |settings| settings.slow = true).unwrap();
    assert!(slow.slow && store.now().slow);
}

#[test]
fn an_impossible_value_is_refused_by_its_name() {
    let place = Place::new();
    let store = place.store();
    type Edit = fn(&mut Settings);
    let cases: [(&str, Edit); 8] = [
        ("parallel", |settings| settings.parallel = 0),
        ("perHost", |settings| settings.per_host = Some(33)),
        ("connections", |settings| settings.connections = 17),
        ("limit", |settings| settings.limit = Some(0)),
        ("slowLimit", |settings| settings.slow_limit = 0),
        ("proxy", |settings| settings.proxy = custom("ftp://host")),
        ("proxy", |settings| settings.proxy = custom("none")),
        ("categories", |settings| {
            let own = CategoryFolder {
                category: Category::Audio,
                folder: settings.folder.clone(),
            };
            settings.categories = vec![own.clone(), own];
        }),
    ];
    for (name, edit) in cases {
        let failure = refused(&store, edit);
        assert!(
            matches!(failure, SettingsError::Invalid { name: told, .. } if told == name),
            "{failure:?}"
        );
        let message = failure.to_string();
        assert!(message.starts_with(name), "{message}");
    }
    let failure = refused(&store, |settings| settings.folder.id = "/etc".into());
    assert!(matches!(
        failure,
        SettingsError::Folder(FolderError::Unknown)
    ));
    assert!(!place.home.settings().exists(), "nothing was stored");
}

#[test]
fn a_label_from_the_page_is_never_believed() {
    let store = Place::new().store();
    let mut settings = store.now();
    settings.folder.label = "elsewhere".into();
    let now = set(&store, settings).unwrap();
    assert_ne!(now.folder.label, "elsewhere");
}

#[test]
fn the_proxys_password_stays_here_and_is_kept_until_another_is_given() {
    let place = Place::new();
    let store = place.store();
    let mut settings = store.now();
    settings.proxy = custom("http://ada:secret@proxy:3128");
    let shown = set(&store, settings).unwrap().redacted();
    assert_eq!(shown.proxy, custom("http://ada:***@proxy:3128/"));
    assert!(!format!("{:?}", store.now()).contains("secret"));

    let mut settings = shown;
    settings.parallel = 2;
    set(&store, settings).unwrap();
    let whole = custom("http://ada:secret@proxy:3128/");
    assert_eq!(place.store().now().proxy, whole);
    for elsewhere in [
        "http://ada:***@other:3128/",
        "http://eve:***@proxy:3128/",
        "socks5://ada:***@proxy:3128",
    ] {
        let failure = refused(&store, |settings| settings.proxy = custom(elsewhere));
        assert!(
            matches!(failure, SettingsError::Invalid { name: "proxy", .. }),
            "{elsewhere}"
        );
    }
    let other = custom("http://ada:new@other:3128/");
    store
        .change(None, |settings| settings.proxy = other.clone())
        .unwrap();
    assert_eq!(store.now().proxy, other);
}

#[cfg(unix)]
#[test]
fn the_file_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    place
        .store()
        .change(None, |settings| settings.slow = true)
        .unwrap();
    let mode = std::fs::metadata(place.home.settings())
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn folders_of_categories_are_found_again_by_this_file_alone() {
    let place = Place::new();
    let folders = Arc::new(FolderGrants::open(&place.home));
    let (music, _) = folders.grant("music".into());
    let (store, _) = SettingsStore::open(&place.home, Arc::clone(&folders));
    let own = |folder: Folder| CategoryFolder {
        category: Category::Audio,
        folder,
    };
    store
        .change(None, |settings| settings.categories.push(own(music)))
        .unwrap();
    std::fs::remove_file(place.home.folders()).unwrap();

    let folders = Arc::new(FolderGrants::open(&place.home));
    let (store, _) = SettingsStore::open(&place.home, Arc::clone(&folders));
    let settings = store.now();
    let found = settings.folder_for("a.flac", "");
    assert_eq!(folders.resolve(&found.id).unwrap(), Path::new("music"));
}

#[test]
fn a_broken_file_is_set_aside_and_the_defaults_hold() {
    let place = Place::new();
    let file = place.home.settings();
    let cases = [
        "{\"version\":1,\"settings\":{\"parallel\":",
        "{\"version\":2,\"settings\":{},\"folders\":{}}",
        "{\"version\":1,\"settings\":{\"parallel\":0},\"folders\":{}}",
        "[]",
        "",
    ];
    for (number, broken) in (1..).zip(cases) {
        std::fs::write(&file, broken).unwrap();
        let (store, set_aside) = place.open();
        let ReplacedFile(kept) = set_aside.unwrap_or_else(|| panic!("{broken:?} was taken"));
        assert_eq!(store.now().parallel, 4);
        assert!(
            kept.ends_with(format!("settings.json.broken-{number}")),
            "{kept:?}"
        );
        assert_eq!(std::fs::read_to_string(kept).unwrap(), broken);
        assert!(!file.exists());
    }
}

#[test]
fn what_a_file_does_not_mention_has_its_default_and_what_it_says_more_is_ignored() {
    let place = Place::new();
    let text = r#"{"version":1,"settings":{"parallel":7,"later":true},"folders":{}}"#;
    std::fs::write(place.home.settings(), text).unwrap();
    let settings = place.store().now();
    assert_eq!(settings.parallel, 7);
    assert_eq!(settings.connections, 16);
    assert!(
        settings.welcomed,
        "there were settings: it is not the first start"
    );
}

#[test]
fn a_new_profile_is_not_welcomed_yet_and_then_stays_so() {
    let place = Place::new();
    let store = place.store();
    assert!(!store.now().welcomed);
    store
        .change(None, |settings| settings.theme = Theme::Dark)
        .unwrap();
    assert!(!place.store().now().welcomed);
    let store = place.store();
    store
        .change(None, |settings| settings.welcomed = true)
        .unwrap();
    assert!(place.store().now().welcomed);
}

#[test]
fn a_folder_named_by_the_environment_is_the_default_at_the_start() {
    let mut place = Place::new();
    let folders = Arc::new(FolderGrants::open(&place.home));
    let (music, _) = folders.grant("music".into());
    let (store, _) = SettingsStore::open(&place.home, folders);
    assert_eq!(
        store.now().folder,
        music,
        "as chosen before there were settings"
    );
    place.home.fixed_downloads = true;
    assert_eq!(place.store().now().folder.id, "downloads");
}

#[test]
fn settings_that_cannot_be_stored_do_not_hold() {
    let place = Place::new();
    let store = place.store();
    std::fs::create_dir(place.home.settings()).unwrap();
    let failure = refused(&store, |settings| settings.slow = true);
    assert!(matches!(failure, SettingsError::NotStored(_)));
}
