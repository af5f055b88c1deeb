//! The functions of all commands, and their TypeScript bindings `gen/bindings.ts`. The table of their names is in
//! `millrace_backend::commands`.
//!
//! The test below compares that file with the code; `npm run gen` (it sets `MILLRACE_GEN=1`) writes it.

use tauri::Runtime;
use tauri_specta::{Builder, ErrorHandlingMode, collect_commands};

use crate::commands;

/// All commands that the window may call.
pub(crate) fn all<R: Runtime>() -> Builder<R> {
    Builder::new()
        .commands(collect_commands![
            commands::list::attach,
            commands::list::page,
            commands::list::links,
            commands::list::ack,
            commands::list::view,
            commands::list::detach,
            commands::subscribe::download,
            commands::subscribe::replace,
            commands::subscribe::watch,
            commands::subscribe::unwatch,
            commands::add::look,
            commands::add::free_in_folder,
            commands::add::download_many,
            commands::add::same,
            commands::add::clipboard,
            commands::control::pause,
            commands::control::resume,
            commands::control::retry,
            commands::control::remove,
            commands::control::remove_many,
            commands::control::undo_remove,
            commands::control::change_link,
            commands::control::change_folder,
            commands::control::set_limit,
            commands::control::set_connections,
            commands::control::set_unmetered_only,
            commands::control::set_tags,
            commands::control::set_priority,
            commands::control::move_to,
            commands::options::options,
            commands::options::set_options,
            commands::options::undo_options,
            commands::control::segments,
            commands::control::speed_history,
            commands::control::pause_all,
            commands::control::resume_all,
            commands::files::rename_file,
            commands::files::move_file,
            commands::files::download_again,
            commands::files::locate,
            commands::files::open_with,
            commands::files::missing_files,
            commands::files::paths,
            commands::files::file_digest,
            commands::files::verify_file,
            commands::files::find_checksum,
            commands::files::cancel_verification,
            commands::preview::thumbnail,
            commands::preview::preview,
            commands::desktop::open_file,
            commands::desktop::open_link,
            commands::desktop::reveal,
            commands::desktop::drag_out,
            commands::desktop::reveal_log,
            commands::desktop::default_folder,
            commands::desktop::recent_folders,
            commands::desktop::free_space,
            commands::desktop::pick_folder,
            commands::mobile::notices_consent,
            commands::mobile::ask_for_notices,
            commands::mobile::work_ended,
            commands::mobile::battery_settings,
            commands::history::history,
            commands::history::traffic,
            commands::history::clear_history,
            commands::history::restore_history,
            commands::list_file::read_list,
            commands::list_file::import_list,
            commands::list_file::export_list,
            commands::list_file::save_list,
            commands::settings::settings,
            commands::settings::change_settings,
            commands::settings::rules,
            commands::settings::set_rules,
            commands::settings::platform,
            commands::settings::report,
            commands::settings::app_log,
        ])
        .error_handling(ErrorHandlingMode::Throw)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};

    use millrace_backend::commands::COMMANDS;
    use specta_typescript::{Typescript, semantic};

    const HEADER: &str = "// Generated from src-tauri/src by `npm run gen`; not edited by hand.\n";

    fn repository() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
    }

    fn exported() -> String {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("bindings.ts");
        super::all::<tauri::Wry>()
            // sizes, times and ids stay below 2^53, and no float is sent: all are plain numbers
            .dangerously_cast_bigints_to_number()
            .semantic_types(semantic::Configuration::empty().enable_lossless_floats())
            .disable_serde_phases()
            .export(Typescript::default().header(HEADER), &file)
            .unwrap();
        std::fs::read_to_string(file).unwrap()
    }

    #[test]
    fn bindings_are_fresh() {
        let file = repository().join("gen").join("bindings.ts");
        let exported = exported();
        if std::env::var_os("MILLRACE_GEN").is_some_and(|set| set == "1") {
            std::fs::write(&file, &exported).unwrap();
        }
        let committed = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(
            committed.replace("\r\n", "\n") == exported,
            "gen/bindings.ts is not what the code says: run `npm run gen`"
        );
    }

    #[test]
    fn every_command_of_the_table_is_handled_and_granted_to_the_window_and_no_other() {
        let table: Vec<&str> = COMMANDS.iter().map(|command| command.name).collect();
        let exported = exported();
        let mut called: Vec<&str> = exported
            .split(">(\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .collect();
        called.sort_unstable();
        assert_eq!(called, table);
        let capability = include_str!("../capabilities/main.json");
        let capability: serde_json::Value = serde_json::from_str(capability).unwrap();
        let granted: Vec<String> =
            serde_json::from_value(capability["permissions"].clone()).unwrap();
        let allowed = table.iter().map(|name| name.replace('_', "-"));
        let allowed: Vec<String> = allowed.map(|name| format!("allow-{name}")).collect();
        assert_eq!(granted, allowed);
    }

    #[test]
    fn only_commands_name_what_commands_take_return_and_fail_with() {
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut open = vec![sources.clone()];
        let mut importers = BTreeSet::new();
        while let Some(folder) = open.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path);
                } else if std::fs::read_to_string(&path)
                    .unwrap()
                    .contains(concat!("millrace_backend", "::ipc"))
                {
                    let part = path.strip_prefix(&sources).unwrap().iter().next();
                    importers.insert(part.unwrap().to_owned());
                }
            }
        }
        assert_eq!(importers, BTreeSet::from(["commands".into()]));
    }
}
