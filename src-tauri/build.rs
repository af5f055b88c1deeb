//! Names the commands that the window may call: Tauri refuses every other one, and each needs a permission in
//! `capabilities/`. The same list, with types, is in `src/bindings.rs`; a test there compares the two.

const COMMANDS: &[&str] = &[
    "ack",
    "ask_for_notices",
    "attach",
    "battery_settings",
    "change_folder",
    "change_link",
    "change_settings",
    "clipboard",
    "default_folder",
    "detach",
    "download",
    "download_many",
    "links",
    "look",
    "move_to",
    "notices_consent",
    "open_file",
    "page",
    "pause",
    "pause_all",
    "pick_folder",
    "platform",
    "recent_folders",
    "remove",
    "remove_many",
    "report",
    "resume",
    "resume_all",
    "retry",
    "reveal",
    "same",
    "segments",
    "set_connections",
    "set_limit",
    "set_priority",
    "set_unmetered_only",
    "settings",
    "undo_remove",
    "unwatch",
    "view",
    "watch",
    "work_ended",
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // checks and tests need no page, but Tauri wants its folder
    std::fs::create_dir_all("../dist")?;
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("android") {
        // newer phones have pages of 16 KiB, and kits before r28 lay libraries out for smaller ones
        println!("cargo:rustc-cdylib-link-arg=-Wl,-z,max-page-size=16384");
    }
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest))?;
    Ok(())
}
