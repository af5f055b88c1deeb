//! The table of all commands, by name. The build script of the app crate reads this file too: it names nothing else.

/// A command that a page may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Command {
    pub name: &'static str,
    pub body: Body,
}

/// Where the body of a command is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body {
    /// Here: it works for every page, wherever that is.
    Backend,
    /// In the app crate: it needs this machine's window, dialogs or phone.
    App,
}

const fn backend(name: &'static str) -> Command {
    let body = Body::Backend;
    Command { name, body }
}

const fn app(name: &'static str) -> Command {
    let body = Body::App;
    Command { name, body }
}

/// In the order of their names.
pub const COMMANDS: &[Command] = &[
    backend("ack"),
    backend("app_log"),
    app("ask_for_notices"),
    backend("attach"),
    app("battery_settings"),
    backend("cancel_verification"),
    backend("change_folder"),
    backend("change_link"),
    backend("change_settings"),
    backend("clear_history"),
    app("clipboard"),
    backend("default_folder"),
    backend("detach"),
    backend("download"),
    backend("download_again"),
    backend("download_many"),
    app("drag_out"),
    backend("export_list"),
    backend("file_digest"),
    backend("find_checksum"),
    backend("free_in_folder"),
    backend("free_space"),
    backend("history"),
    backend("import_list"),
    backend("links"),
    app("locate"),
    backend("look"),
    backend("missing_files"),
    backend("move_file"),
    backend("move_to"),
    app("notices_consent"),
    app("open_file"),
    app("open_link"),
    app("open_with"),
    backend("options"),
    backend("page"),
    backend("paths"),
    backend("pause"),
    backend("pause_all"),
    app("pick_folder"),
    backend("platform"),
    backend("preview"),
    backend("read_list"),
    backend("recent_folders"),
    backend("remove"),
    backend("remove_many"),
    backend("rename_file"),
    backend("replace"),
    backend("report"),
    backend("restore_history"),
    backend("resume"),
    backend("resume_all"),
    backend("retry"),
    app("reveal"),
    app("reveal_log"),
    backend("rules"),
    backend("same"),
    backend("save_list"),
    backend("segments"),
    backend("set_connections"),
    backend("set_limit"),
    backend("set_options"),
    backend("set_priority"),
    backend("set_rules"),
    backend("set_tags"),
    backend("set_unmetered_only"),
    backend("settings"),
    backend("speed_history"),
    backend("thumbnail"),
    backend("traffic"),
    backend("undo_options"),
    backend("undo_remove"),
    backend("unwatch"),
    backend("verify_file"),
    backend("view"),
    backend("watch"),
    backend("work_ended"),
];
